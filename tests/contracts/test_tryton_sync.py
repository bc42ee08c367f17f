"""A whole incremental read of a live Tryton with the sample terms."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from data.schemas.batch import parse_items
from service.connectors.terms_file import read_terms
from service.connectors.tryton_rest import TrytonRest
from service.connectors.tryton_source import TrytonSource
from service.connectors.tryton_sync import pull_changes

pytestmark = pytest.mark.live

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
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
    changes = pull_changes(source, terms=terms, cursor=None, now=NOW)
    batch = parse_items(changes.items)
    assert batch.rejected == ()
    assert changes.received == changes.accepted + changes.ignored + len(changes.rejections)
    assert {item.kind for _, item in batch.accepted} == {"timesheet", "milestone"}
    assert {one.id for one in changes.reference.projects} == {"rollout", "launch", "retainer"}


def test_the_next_read_gives_the_whole_week_of_a_changed_line(rest, source, terms):
    first = pull_changes(source, terms=terms, cursor=None, now=NOW)
    sheets = [item for item in first.items if item["kind"] == "timesheet"]
    whole = max(sheets, key=lambda item: len(item["entries"]))
    line_id = int(whole["entries"][0]["id"].removeprefix("tryton-line-"))
    rest.update("timesheet.line", line_id, {"description": "told anew"}, fields=["id"])
    changed = [
        item
        for item in pull_changes(source, terms=terms, cursor=first.cursor, now=NOW).items
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
    items = pull_changes(source, terms=terms, cursor=None, now=NOW).items
    reached = next(item for item in items if item["external_id"] == f"task-{task['id']}")
    assert reached["is_ready_to_bill"]
    assert [event["kind"] for event in reached["acceptance"]] == ["accepted"]
    assert reached["amount_minor"] == 1_500_000


def test_a_line_moved_to_another_week_or_deleted_leaves_its_old_week_a_new_version(rest, terms):
    day = date(2026, 11, 3)
    source = TrytonSource(rest, watched_since=lambda: date(2026, 9, 27))
    known = rest.search(
        "timesheet.line", fields=["employee.id", "work.id", "company.id"],
        domain=[["work.origin.parent.name", "=", "Acme T&M rollout", "project.work"]], limit=1,
    )[0]  # fmt: skip
    values = {name: known[name]["id"] for name in ("employee", "work", "company")}
    stays, moves = (
        rest.create(
            "timesheet.line",
            {**values, "date": day, "duration": timedelta(hours=hours), "description": "x"},
            fields=["id"],
            context={"company": values["company"]},
        )["id"]
        for hours in (2, 3)
    )
    first = pull_changes(source, terms=terms, cursor=None, now=NOW)
    rest.update("timesheet.line", moves, {"date": day + timedelta(days=7)}, fields=["id"])

    after = pull_changes(source, terms=terms, cursor=first.cursor, now=NOW)
    sheets = {item["period_start"]: item for item in after.items if item["kind"] == "timesheet"}
    assert [len(sheets[monday]["entries"]) for monday in ("2026-11-02", "2026-11-09")] == [1, 1]
    assert sheets["2026-11-02"]["submitted_at"] == NOW.isoformat()
    assert after.emptied == ()

    for line_id in (stays, moves):
        rest.delete("timesheet.line", line_id)
    last = pull_changes(source, terms=terms, cursor=after.cursor, now=NOW)
    assert {name.split(".")[1] for name in last.emptied} == {"2026-W45", "2026-W46"}
    assert not [item for item in last.items if item["kind"] == "timesheet"]
