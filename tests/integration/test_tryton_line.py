"""The straight line on a live Tryton: pulled, reviewed at the desk, billed there exactly once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, sync_playwright

from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import AuditEvent, CaseStatus, PostingStatus, Route
from tests.browser.chromium import CHROMIUM, FLAGS
from tests.browser.real_desk import SETTLED
from tests.builders.tryton_line import PASSWORD, Line, tryton_line, until
from tests.integration.tryton_fixture import tryton_server

__all__ = ["tryton_server"]

pytestmark = [
    pytest.mark.live,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.enable_socket,
    pytest.mark.timeout(600),  # the first run ever installs Tryton and lays out its database
]

WAIT_MS = 30_000
DWELL_MS = 600
"""The desk takes no key for a case nobody could have read yet."""
HELD_BACK = frozenset({CaseStatus.HELD, CaseStatus.OPEN})
"""One in so many that are held is drawn at random for an early look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """The running installation, and what its first two reads of Tryton said."""

    line: Line
    first: dict[str, int]
    second: dict[str, int]


@pytest.fixture(scope="module")
def synced(tryton_server, tmp_path_factory) -> Iterator[Synced]:
    with tryton_line(tryton_server, home=tmp_path_factory.mktemp("line")) as line:
        first, second = line.sync(), line.sync()
        with line.serving():
            yield Synced(line=line, first=first, second=second)


@pytest.fixture(scope="module")
def line(synced: Synced) -> Line:
    return synced.line


@pytest.fixture
def page() -> Iterator[Page]:
    if not CHROMIUM:
        pytest.skip("needs Chromium on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(WAIT_MS)
        yield page
        browser.close()


def test_the_first_read_accounts_for_every_row_and_a_second_changes_nothing(synced):
    first, second = synced.first, synced.second
    for counts in (first, second):
        assert counts["rows_received"] == (
            counts["rows_accepted"] + counts["rows_ignored"] + counts["rows_rejected"]
        )
    assert first["rows_received"] == 35  # 30 lines of time on 5 tasks
    assert first["rows_ignored"] == 15  # 12 lines on the two fixed-price tasks, 3 other tasks
    assert first["milestones_not_reached"] == 2
    assert first["rows_rejected"] == first["items_rejected"] == 0
    assert first["items"] == first["assessed"] == first["cases"] > 5
    assert second["assessed"] == second["cases"] == 0


def test_a_decision_at_the_desk_becomes_one_draft_invoice_over_the_decided_amount(line, page):
    log_in(page, line)
    case_id = until(lambda: page.locator(".cs-card").get_attribute("data-case"))
    submitted = line.detail(case_id)
    page.wait_for_timeout(DWELL_MS)

    page.keyboard.press("d")
    field = page.locator(".st-key-adjust_form input").first
    field.fill("60")
    field.press("Enter")
    page.get_by_text("charged.").first.wait_for()
    field.press("Escape")
    page.locator(SETTLED).wait_for(state="attached")
    page.wait_for_timeout(DWELL_MS)
    page.keyboard.press("2")
    page.locator(f"[data-case='{case_id}']").wait_for(state="detached")

    posting = line.settled(case_id)
    decision = line.detail(case_id).decisions[0]
    (invoice,) = line.invoices(posting.token)
    assert posting.status is PostingStatus.DONE
    assert decision.actor_name == "Ana Ruiz"
    assert 0 < decision.approved_minor < submitted.case.amount_minor
    assert invoice["reference"] == f"CS-{posting.token}"
    assert (invoice["type"], invoice["state"]) == ("out", "draft")
    assert invoice["untaxed_amount"] * 100 == decision.approved_minor == posting.total_minor
    assert str(invoice["id"]) == posting.document_id


def test_a_worker_killed_before_it_hears_tryton_s_answer_bills_once(line):
    before = line.worker_pid()
    line.proxy.cut_next_post("/account.invoice", once_done=line.kill_worker)
    case = line.approve_one().case

    posting = line.settled(case.id)
    assert line.proxy.kept_answers == [200]
    assert line.worker_pid() not in {before, None}
    assert posting.status is PostingStatus.DONE
    assert posting.attempts == 2
    (invoice,) = line.invoices(posting.token)
    assert str(invoice["id"]) == posting.document_id
    assert invoice["untaxed_amount"] * 100 == case.amount_minor


def test_a_line_edited_after_its_bill_is_held_as_already_invoiced(line):
    billed = line.approve_one()
    line.settled(billed.case.id)
    line_id = int(billed.item.entries[0].id.removeprefix("tryton-line-"))
    line.rest.update("timesheet.line", line_id, {"description": "told anew"}, fields=["id"])

    counts = line.sync()
    newest, *_ = line.cases_of(billed.case.item_id)
    assert counts["assessed"] == 1
    assert newest.case.id != billed.case.id
    assert newest.case.route is Route.AUTO_HOLD
    assert newest.case.status in HELD_BACK
    assert ExceptionCode.ALREADY_INVOICED in newest.case.codes


def test_a_refused_bill_of_a_milestone_is_mended_and_tried_again(line):
    task_id = set_progress(line, "M1 design accepted", 1.0)
    rename_party(line, "Bluewater Bank", "Bluewater plc")
    assert line.sync()["milestones_not_reached"] == 1
    reached = line.approve_one(item_id=f"tryton:task-{task_id}")

    refused = line.settled(reached.case.id)
    assert refused.status is PostingStatus.REFUSED
    assert refused.owner_id == "integration-owner"
    assert "Bluewater Bank" in (refused.error or "")
    assert line.invoices(refused.token) == []

    rename_party(line, "Bluewater plc", "Bluewater Bank")
    assert line.run("posting", "retry", refused.id).stdout.split() == [refused.id]
    done = line.settled(reached.case.id)
    (invoice,) = line.invoices(refused.token)
    assert (done.status, done.token) == (PostingStatus.DONE, refused.token)
    assert invoice["untaxed_amount"] * 100 == reached.case.amount_minor == 1_500_000


def test_a_milestone_set_back_while_it_waits_is_shown_as_it_stands_now(line):
    item_id = f"tryton:task-{set_progress(line, 'M2 go-live', 1.0)}"
    assert line.sync()["milestones_not_reached"] == 0
    (before,) = line.cases_of(item_id)
    assert before.item.is_ready_to_bill

    set_progress(line, "M2 go-live", 0.5)
    assert line.sync()["assessed"] == 1
    (after,) = line.cases_of(item_id)
    assert after.case.id == before.case.id
    assert after.case.status in HELD_BACK
    assert not after.item.is_ready_to_bill


def test_the_last_milestone_billed_sets_the_people_allocated_to_the_project_free(line):
    assert line.audit(AuditEvent.CAPACITY_RELEASED) == []  # the first is billed, one is ahead
    item_id = f"tryton:task-{set_progress(line, 'M2 go-live', 1.0)}"
    assert line.sync()["assessed"] == 1
    last = line.approve_one(item_id=item_id)

    assert line.settled(last.case.id).status is PostingStatus.DONE
    (released,) = line.audit(AuditEvent.CAPACITY_RELEASED)
    assert released["subject"] == last.item.project_id
    employees = line.rest.search(
        "project.allocation", fields=["employee.id"], limit=10
    )  # fmt: skip
    assert {one["person"] for one in released["facts"]["freed"]} == {
        f"tryton-employee-{one['employee']['id']}" for one in employees
    }


def test_a_week_deleted_in_tryton_is_withdrawn_and_nobody_is_asked_to_decide_it(line):
    known = line.rest.search(
        "timesheet.line", fields=["employee.id", "work.id", "company.id"],
        domain=[["work.origin.parent.name", "=", "Acme T&M rollout", "project.work"]], limit=1,
    )[0]  # fmt: skip
    today = datetime.now(UTC).date()
    booked = line.rest.create(
        "timesheet.line",
        {
            "employee": known["employee"]["id"], "work": known["work"]["id"],
            "company": known["company"]["id"], "date": today, "duration": timedelta(hours=6),
            "description": "booked by mistake",
        },
        fields=["id"],
        context={"company": known["company"]["id"]},
    )  # fmt: skip
    assert line.sync()["assessed"] == 1
    line.rest.delete("timesheet.line", booked["id"])

    counts = line.sync()
    assert (counts["items_emptied"], counts["assessed"]) == (1, 0)
    year, week, _ = today.isocalendar()
    name = f"tryton:employee-{known['employee']['id']}.{year}-W{week:02d}.acme-rollout-work"
    assert all(one.case.status is CaseStatus.CLOSED for one in line.cases_of(name))
    assert line.sync()["items_emptied"] == 0


def set_progress(line: Line, task: str, progress: float) -> int:
    (found,) = line.rest.search(
        "project.work", fields=["id"], domain=[["name", "=", task]], limit=2
    )  # fmt: skip
    line.rest.update("project.work", found["id"], {"progress": progress}, fields=["id"])
    task_id: int = found["id"]
    return task_id


def rename_party(line: Line, name: str, new_name: str) -> None:
    (found,) = line.rest.search("party.party", fields=["id"], domain=[["name", "=", name]], limit=2)
    line.rest.update("party.party", found["id"], {"name": new_name}, fields=["id"])


def log_in(page: Page, line: Line) -> None:
    page.goto(line.settings.review_url)
    page.get_by_role("button", name="Log in").click()
    page.get_by_label("Name").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".cs-card").wait_for()
