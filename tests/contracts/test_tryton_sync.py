"""A whole incremental read of a live Tryton with the sample terms."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.schemas.batch import parse_items
from service.connectors.terms_file import read_terms
from service.connectors.tryton_rest import TrytonRest
from service.connectors.tryton_source import TrytonSource
from service.connectors.tryton_sync import pull_changes

pytestmark = pytest.mark.live

SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "tryton_terms.yaml"


@pytest.fixture
def rest(tryton_server):
    rest = TrytonRest(
        base_url=tryton_server.base_url,
        database=tryton_server.database,
        api_key=tryton_server.api_key,
    )
    yield rest
    rest.close()


@pytest.fixture
def source(rest):
    return TrytonSource(rest, page_rows=10)


@pytest.fixture(scope="module")
def terms():
    return read_terms(SAMPLE)


def test_the_first_read_gives_every_row_as_items_the_api_takes(source, terms):
    changes = pull_changes(source, terms=terms, cursor=None)
    batch = parse_items(changes.items)
    assert batch.rejected == ()
    assert changes.received == changes.accepted + changes.ignored + len(changes.rejections)
    assert {item.kind for _, item in batch.accepted} == {"timesheet", "milestone"}
    assert {one.id for one in changes.reference.projects} == {"rollout", "launch", "retainer"}


def test_the_next_read_gives_the_whole_week_of_a_changed_line(rest, source, terms):
    first = pull_changes(source, terms=terms, cursor=None)
    sheets = [item for item in first.items if item["kind"] == "timesheet"]
    whole = max(sheets, key=lambda item: len(item["entries"]))
    line_id = int(whole["entries"][0]["id"].removeprefix("tryton-line-"))
    rest.update("timesheet.line", line_id, {"description": "told anew"}, fields=["id"])
    changed = [
        item
        for item in pull_changes(source, terms=terms, cursor=first.cursor).items
        if item["kind"] == "timesheet"
    ]
    assert [item["external_id"] for item in changed] == [whole["external_id"]]
    assert len(changed[0]["entries"]) == len(whole["entries"]) > 1
    assert "told anew" in {entry["narrative"] for entry in changed[0]["entries"]}


def test_a_milestone_reached_in_tryton_is_ready_and_accepted(rest, source, terms):
    (task,) = rest.search(
        "project.work",
        fields=["id"],
        domain=[["name", "=", "M1 design accepted"]],
        limit=2,
    )
    rest.update("project.work", task["id"], {"progress": 1.0}, fields=["id"])
    items = pull_changes(source, terms=terms, cursor=None).items
    reached = next(item for item in items if item["external_id"] == f"task-{task['id']}")
    assert reached["is_ready_to_bill"]
    assert [event["kind"] for event in reached["acceptance"]] == ["accepted"]
    assert reached["amount_minor"] == 1_500_000
