"""Work delivered in Redmine, decided by a person, billed in Tryton: both systems live."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from data.schemas.vocabulary import AuditEvent, CaseStatus, PostingStatus
from service.connectors.redmine_rest import RedmineRest
from tests.builders.tryton_line import ROOT, Line, tryton_line
from tests.integration.redmine_fixture import redmine_server
from tests.integration.tryton_fixture import tryton_server

__all__ = ["redmine_server", "tryton_server"]

pytestmark = [
    pytest.mark.live,
    pytest.mark.slow,
    pytest.mark.enable_socket,
    pytest.mark.timeout(900),  # the first run ever installs both servers
]

TERMS = ROOT / "data" / "samples" / "redmine_terms.yaml"


class Delivery:
    """People at work in Redmine."""

    def __init__(self, server) -> None:
        self.server = server
        self.rest = RedmineRest(base_url=server.base_url, api_key=server.api_key)
        today = datetime.now(UTC).date()
        self.monday = today - timedelta(days=today.weekday() + 7)

    def book(self, who: str, *, hours: str, day: date, issue: str = "Build") -> int:
        """Book time on an issue and give the id of the entry."""
        values = {
            "issue_id": self.server.issues[issue], "user_id": self.server.users[who],
            "spent_on": day.isoformat(), "hours": hours, "comments": f"{issue} on {day}",
            "activity_id": self.server.activity_id,
        }  # fmt: skip
        entry_id: int = self.rest.create("time_entries.json", values, name="time_entry")["id"]
        return entry_id

    def item_id(self, who: str) -> str:
        """The timesheet of somebody's week on the rollout."""
        year, week, _ = self.monday.isocalendar()
        user = self.server.users[who]
        return f"redmine:user-{user}.{year}-W{week:02d}.acme-rollout-work"

    def close_version(self, name: str) -> str:
        """Have the client accept a milestone; give the id of its item."""
        version = self.server.versions[name]
        self.rest.update(f"versions/{version}.json", {"status": "closed"}, name="version")
        return f"redmine:version-{version}"


@pytest.fixture(scope="module")
def delivery(redmine_server) -> Iterator[Delivery]:
    delivery = Delivery(redmine_server)
    yield delivery
    delivery.rest.close()


@pytest.fixture(scope="module")
def line(delivery, tryton_server, tmp_path_factory) -> Iterator[Line]:
    for day in range(2):
        for who in ("Ana Diaz", "Bo Lindqvist"):
            delivery.book(who, hours="7.25", day=delivery.monday + timedelta(days=day))
    delivery.book("Chen Wei", hours="2", day=delivery.monday, issue="Coffee round")
    home = tmp_path_factory.mktemp("line")
    with tryton_line(tryton_server, home=home, terms=TERMS, redmine=delivery.server) as line:
        first, second = line.sync("redmine"), line.sync("redmine")
        assert (first["rows_received"], first["rows_rejected"], first["items"]) == (7, 0, 2)
        assert (first["rows_accepted"], first["rows_ignored"]) == (6, 1)
        assert first["milestones_not_reached"] == 2
        assert (second["assessed"], second["cases"]) == (0, 0)
        with line.serving():
            yield line


def test_time_booked_in_redmine_and_approved_becomes_one_draft_invoice_in_tryton(line, delivery):
    case = line.approve_one(item_id=delivery.item_id("Ana Diaz")).case

    posting = line.settled(case.id)
    (invoice,) = line.invoices(posting.token)
    assert posting.status is PostingStatus.DONE
    assert (invoice["state"], invoice["party"]["name"]) == ("draft", "Acme Manufacturing")
    # 14.5 hours at 180.00
    assert invoice["untaxed_amount"] * 100 == case.amount_minor == 261_000
    assert line.sync("redmine")["assessed"] == 0


def test_an_entry_deleted_in_redmine_leaves_the_timesheet_that_waits(line, delivery):
    extra = delivery.book("Bo Lindqvist", hours="1.5", day=delivery.monday + timedelta(days=2))
    item_id = delivery.item_id("Bo Lindqvist")
    assert line.sync("redmine")["assessed"] == 1
    (before,) = line.cases_of(item_id)
    delivery.rest.delete(f"time_entries/{extra}.json")

    assert line.sync("redmine")["assessed"] == 1
    (after,) = line.cases_of(item_id)
    assert after.case.id == before.case.id
    assert before.case.amount_minor - after.case.amount_minor == 27_000


def test_a_week_deleted_in_redmine_is_withdrawn_and_nobody_is_asked_to_decide_it(line, delivery):
    entry = delivery.book("Chen Wei", hours="6", day=delivery.monday)
    assert line.sync("redmine")["cases"] == 1
    delivery.rest.delete(f"time_entries/{entry}.json")

    counts = line.sync("redmine")
    assert (counts["items_emptied"], counts["assessed"]) == (1, 0)
    (case,) = line.cases_of(delivery.item_id("Chen Wei"))
    assert case.case.status is CaseStatus.CLOSED
    assert line.sync("redmine")["items_emptied"] == 0


def test_milestones_closed_in_redmine_are_released_for_billing_and_the_last_frees_its_staff(
    line, delivery
):
    for name, is_last in (("M1 design accepted", False), ("M2 go-live", True)):
        item_id = delivery.close_version(name)
        assert line.sync("redmine")["cases"] == 1
        case = line.approve_one(item_id=item_id).case
        posting = line.settled(case.id)
        (invoice,) = line.invoices(posting.token)
        assert (posting.status, invoice["state"]) == (PostingStatus.DONE, "draft")
        assert invoice["party"]["name"] == "Bluewater Bank"
        assert invoice["untaxed_amount"] * 100 == 1_500_000
        freed = [one["facts"]["freed"] for one in line.audit(AuditEvent.CAPACITY_RELEASED)]
        assert len(freed) == is_last
    bo, chen = (
        f"redmine-user-{delivery.server.users[who]}" for who in ("Bo Lindqvist", "Chen Wei")
    )
    assert {one["person"] for one in freed[0]} == {bo, chen}
