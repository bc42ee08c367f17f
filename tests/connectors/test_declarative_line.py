"""A system nobody has seen before, connected by one file: read, decided on, billed there once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from data.schemas.reference import Reference
from service.commands.connections.sync import sync_connection
from service.connectors.rest_auth import SecretFiles
from service.settings import LedgerName, Settings
from service.wiring.worker import build_flows, build_workshop, training_process
from service.workflows.flows import launch, shut_down
from tests.builders.api import RunningApi, running_api
from tests.builders.tryton_line import until
from tests.fakes.rest_system import TOKEN, RestSystem, rest_system

FILE = Path(__file__).with_name("worklog.yaml")
MOST_LINES = 60
NOTHING_KNOWN = Reference(clients={}, contracts={}, people={}, projects={}, assignments=())
SETTLE_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One installation beside the system, whose only knowledge of it is a file."""

    system: RestSystem
    settings: Settings
    api: RunningApi

    def sync(self, **more: bool) -> dict[str, object]:
        """Pull what changed."""
        return sync_connection(
            self.settings, self.settings.ledger_connection, say=lambda _: None, **more
        )

    def approve(self, item_id: str) -> dict:
        """Have the open case of an item approved; give the decision's answer."""
        cases = self.api.call("read-key", "GET", "/v1/cases", params={"q": item_id}).json()["cases"]
        case_id = next(one["id"] for one in cases if one["item_id"] == item_id)
        claim = self.api.claim("rita", case_id=case_id).json()["claims"][0]
        decided = self.api.decide(claim)
        assert decided.status_code == 200, decided.text
        return decided.json()["decision"]

    def settled(self, item_id: str) -> dict:
        """Wait until the posting of an item is no longer pending."""

        def ended() -> dict | None:
            page = self.api.call("read-key", "GET", "/v1/postings", params={"limit": 50}).json()
            mine = [one for one in page["postings"] if one["item_id"] == item_id]
            return mine[0] if mine and mine[0]["status"] != "pending" else None

        return until(ended, seconds=SETTLE_SECONDS)


@pytest.fixture(scope="module")
def line(tmp_path_factory) -> Iterator[Line]:
    home = tmp_path_factory.mktemp("declared")
    with rest_system() as system:
        file = home / "worklog.yaml"
        file.write_text(FILE.read_text().replace("http://127.0.0.1:8080/api/v2/", system.address))
        chosen = {
            "undo_seconds": 0.2,
            "ledger": LedgerName.CONNECTION,
            "ledger_connection": str(file),
        }
        settings = Settings(home=home, **chosen)
        SecretFiles(settings.secrets_folder).keep("worklog_token", TOKEN)
        with running_api(home, reference=NOTHING_KNOWN, **chosen) as api:
            workshop = build_workshop(settings, training=training_process(settings))
            flows = build_flows(settings, workshop=workshop)
            launch(flows, database_url=settings.database, executor_id="test")
            yield Line(system=system, settings=settings, api=api)
            shut_down()


def test_the_file_that_connects_it_is_short():
    assert len(FILE.read_text().splitlines()) < MOST_LINES


def test_hours_booked_there_are_decided_here_and_billed_there_exactly_once(line):
    system = line.system
    for number, day in enumerate(("02", "03", "04", "05"), start=1):
        system.book(
            f"H-{number}", day=f"2026-03-{day}", spent="7.50", modified=f"2026-03-{day}T17:00:00Z"
        )

    # 1. Read: four rows over two pages become one week of one person.
    counts = line.sync()
    assert (counts["rows_changed"], counts["rows_accepted"], counts["rows_rejected"]) == (4, 4, 0)
    assert (counts["items"], counts["assessed"], counts["cases"]) == (1, 1, 1)
    assert len([one for one in system.asked if "page=2" in one]) == 1
    item_id = "worklog:P-ada.2026-W10.ENG-1-work"

    # 2. Decided by a person, then billed there although the answer to the create was lost.
    system.faults.add("lost_answer")
    decision = line.approve(item_id)
    assert decision["approved_minor"] == 4 * 7.5 * 180_00
    posting = line.settled(item_id)
    assert posting["status"] == "done", posting
    (draft,) = system.drafts.values()
    assert (draft["no"], draft["buyer"]) == (posting["document_id"], "BUYER-7")
    assert (draft["ref"], draft["net"], draft["stage"]) == (posting["id"], "5400.00", "open")
    assert [one["units"] for one in draft["lines"]] == ["7.50"] * 4

    # 3. Read once more: nothing changed, and nothing happens.
    again = line.sync()
    assert (again["rows_changed"], again["handed_on"], again["cases"]) == (0, 0, 0)
    assert len(system.drafts) == 1


def test_a_change_there_becomes_a_new_version_here_with_the_rows_that_did_not_change(line):
    line.system.book("H-9", day="2026-03-09", spent="4", modified="2026-03-09T17:00:00Z")
    line.system.book("H-10", day="2026-03-10", spent="4", modified="2026-03-10T17:00:00Z")
    line.sync()
    line.system.book("H-10", day="2026-03-10", spent="2.25", modified="2026-03-11T08:00:00Z")
    counts = line.sync()
    assert (counts["rows_changed"], counts["handed_on"], counts["assessed"]) == (1, 1, 1)
    item_id = "worklog:P-ada.2026-W11.ENG-1-work"
    cases = line.api.call("read-key", "GET", "/v1/cases", params={"q": item_id}).json()["cases"]
    detail = line.api.call("read-key", "GET", f"/v1/cases/{cases[0]['id']}").json()
    minutes = [one["minutes_worked"] for one in detail["item"]["entries"]]
    assert minutes == [240, 135]


def test_a_bill_refused_there_is_refused_with_its_words_and_not_its_insides(line):
    line.system.book(
        "H-20", day="2026-03-16", spent="1", modified="2026-03-16T19:00:00Z",
        engagement={"no": "ENG-2", "client": "unknown"},
    )  # fmt: skip
    line.sync()
    line.approve("worklog:P-ada.2026-W12.ENG-2-work")
    refused = line.settled("worklog:P-ada.2026-W12.ENG-2-work")
    assert refused["status"] == "refused"
    assert "add what it is called there" in refused["error"]
    assert "secret.py" not in json.dumps(refused)
