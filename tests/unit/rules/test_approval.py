"""T24: signatures under timesheets and expense reports."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import ApprovalTerms
from data.schemas.items import entries_sha256, expenses_sha256
from data.schemas.vocabulary import ApprovalStep, ApprovalVerdict, ClauseKind, Severity
from tests.builders.checking import finding_of, findings, found_codes, rows_of
from tests.builders.contracts import (
    change_order,
    clause,
    clauses,
    contract,
    manager,
    person,
    reference,
)
from tests.builders.expenses import expense, expense_report
from tests.builders.items import MONDAY, at, entry, milestone, signature, timesheet, week

T24 = ExceptionCode.APPROVAL_VIOLATION
ENTRIES = week()
SIGNED = entries_sha256(ENTRIES)
SATURDAY, SUNDAY = at(MONDAY + timedelta(days=5)), at(MONDAY + timedelta(days=6))
BY_MIA = signature(entries_sha256=SIGNED)
BY_CLIENT = signature(step=ApprovalStep.CLIENT, actor_id="acme-pm", authority_limit_minor=None)
WITH_CLIENT = reference(contract(clauses=clauses(ApprovalTerms(is_client_sign_off_required=True))))


def _actuals(*approvals, under=None) -> list[str]:
    found = finding_of(T24, timesheet(entries=ENTRIES, approvals=approvals), under=under)
    return [row.actual for row in found.evidence] if found else []


@pytest.mark.parametrize(
    ("approvals", "actuals"),
    [
        ([BY_MIA], []),
        ([signature()], []),  # a signature without a hash: nothing to compare
        ([], ["no standing approval of the manager"]),
        ([signature(step=ApprovalStep.FINANCE)], ["no standing approval of the manager"]),
        ([signature(step=ApprovalStep.SUBMIT)], ["no standing approval of the manager"]),
        ([signature(actor_id="ada")], ["ada approved their own time"]),
        # 5 x 960.00 = 4,800.00: the limit exactly met, and one cent short of it.
        ([signature(authority_limit_minor=4_800_00)], []),
        ([signature(authority_limit_minor=4_799_99)], ["mia approved 4,800.00 EUR"]),
        # No limit on the event: the person's holds. Mia may sign 50,000.00, Bob is unknown.
        ([signature(authority_limit_minor=None)], []),
        ([signature(authority_limit_minor=None, actor_id="bob")], ["bob approved 4,800.00 EUR"]),
        ([signature(entries_sha256="0" * 64)], ["entries changed after the approval of mia"]),
        # One valid signature is enough, whichever came first.
        ([signature(actor_id="ada"), BY_MIA], []),
        ([BY_MIA, signature(actor_id="ada", at=SUNDAY)], []),
    ],
)
def test_manager_other_than_the_submitter_signs_within_authority(approvals, actuals):
    assert _actuals(*approvals) == actuals


@pytest.mark.parametrize("verdict", [ApprovalVerdict.REJECT, ApprovalVerdict.RECALL])
def test_rejection_or_recall_voids_what_was_signed_before(verdict):
    void = signature(verdict=verdict, at=SUNDAY)
    again = signature(at=SUNDAY + timedelta(hours=1))
    assert _actuals(BY_MIA, void) == ["no standing approval of the manager"]
    assert _actuals(void, BY_MIA) == ["no standing approval of the manager"]  # time decides
    assert _actuals(BY_MIA, void, again) == []


def test_edit_after_the_approval_voids_it():
    sheet = timesheet(entries=ENTRIES)
    longer = ENTRIES[0].model_copy(update={"minutes_worked": 500, "minutes_billable": 500})
    edited = sheet.model_copy(update={"entries": (longer, *ENTRIES[1:])})
    found = finding_of(T24, edited)
    # 8 h 20 min x 120.00 + 4 x 960.00
    assert rows_of(found) == {"test:TS-1": 4_840_00}
    assert found.severity is Severity.CRITICAL
    assert found.evidence[0].field == "approvals.entries_sha256"


def test_every_flaw_is_named_and_the_amount_stands_once():
    bad = signature(actor_id="ada", authority_limit_minor=0, entries_sha256="0" * 64)
    found = finding_of(T24, timesheet(entries=ENTRIES, approvals=(bad,)))
    assert [(row.field, row.exposure_minor) for row in found.evidence] == [
        ("approvals.actor_id", 4_800_00),
        ("approvals.entries_sha256", 0),
        ("approvals.authority_limit_minor", 0),
    ]
    assert found.exposure_minor == 4_800_00


@pytest.mark.parametrize(
    ("approvals", "actuals"),
    [
        ([BY_MIA, BY_CLIENT], []),
        ([BY_MIA], ["no standing approval of the client"]),
        ([BY_CLIENT], ["no standing approval of the manager"]),
        ([], ["no standing approval of the manager", "no standing approval of the client"]),
        (
            [BY_MIA, BY_CLIENT.model_copy(update={"entries_sha256": "0" * 64})],
            ["entries changed after the approval of acme-pm"],
        ),
    ],
)
def test_client_signs_where_the_clause_says_so(approvals, actuals):
    assert _actuals(*approvals, under=WITH_CLIENT) == actuals


def test_contract_without_an_approval_clause_needs_no_signature():
    terms = contract(clauses=clauses(without=[ClauseKind.APPROVAL]))
    assert found_codes(timesheet(approvals=()), under=reference(terms)) == []


def test_authority_of_the_person_holds_where_the_event_names_none():
    poor = reference(people=[person(), manager(authority_limit_minor=4_799_99)])
    own_limit = signature(authority_limit_minor=None)
    assert _actuals(own_limit, under=poor) == ["mia approved 4,800.00 EUR"]


def test_clause_of_the_first_work_day_that_has_one_governs_the_sheet():
    sheet = timesheet(
        entries=(entry(work_date=MONDAY - timedelta(days=120)), entry(id="E-2")), approvals=()
    )
    assert T24 in found_codes(sheet)


def test_clause_is_that_of_the_entry_that_counts_first_wherever_it_stands():
    tuesday = MONDAY + timedelta(days=1)
    stricter = clause(ApprovalTerms(is_client_sign_off_required=True), id="CL-stricter")
    order = change_order(effective_on=tuesday, clauses=(stricter,))
    under = reference(contract(change_orders=(order,)))
    days = (entry(), entry(id="E-2", work_date=tuesday))
    for entries in (days, days[::-1]):
        sheet = timesheet(entries=entries, approvals=(signature(),))
        assert T24 not in found_codes(sheet, under=under)


TICKET = expense()
UNDER_TICKET = signature(entries_sha256=expenses_sha256((TICKET,)))


@pytest.mark.parametrize(
    ("approval", "actual"),
    [
        (UNDER_TICKET, None),
        (None, "no standing approval of the manager"),
        (signature(actor_id="ada"), "ada approved their own expenses"),
        (signature(authority_limit_minor=80_00), None),  # exactly the ticket of 80.00
        (signature(authority_limit_minor=79_99), "mia approved 80.00 EUR"),
        (signature(entries_sha256="0" * 64), "expenses changed after the approval of mia"),
    ],
)
def test_expense_report_is_signed_like_a_timesheet(approval, actual):
    report = expense_report(TICKET, approvals=(approval,) if approval else ())
    found = finding_of(T24, report)
    assert (found.evidence[0].actual if found else None) == actual
    assert rows_of(found) == ({"test:EX-1": 80_00} if actual else {})


def test_edit_of_an_expense_after_the_approval_voids_it():
    report = expense_report(TICKET, approvals=(UNDER_TICKET,))
    dearer = TICKET.model_copy(update={"billable_minor": 81_00})
    found = finding_of(T24, report.model_copy(update={"expenses": (dearer,)}))
    assert found.evidence[0].field == "approvals.entries_sha256"
    assert found.evidence[0].expected == "expenses as they were approved"


def test_client_signs_expense_reports_too_where_the_clause_says_so():
    found = finding_of(T24, expense_report(TICKET, approvals=(UNDER_TICKET,)), under=WITH_CLIENT)
    assert found.evidence[0].actual == "no standing approval of the client"


def test_milestone_needs_no_signature():
    assert T24 not in found_codes(milestone(approvals=()))
    assert T24 not in found_codes(milestone(approvals=(signature(actor_id="mia"),)))


def test_signatures_of_many_items_are_not_mixed_up():
    good = timesheet(external_id="TS-1")
    unsigned = timesheet(external_id="TS-2", person_id="bob", approvals=())
    own = timesheet(external_id="TS-3", person_id="eve", approvals=(signature(actor_id="eve"),))
    report = expense_report(TICKET, approvals=(UNDER_TICKET,))
    found = findings(unsigned, report, own, milestone(), good)
    told = {
        name: [row.actual for one in each if one.code is T24 for row in one.evidence]
        for name, each in found.items()
    }
    assert told == {
        "test:TS-1": [],
        "test:TS-2": ["no standing approval of the manager"],
        "test:TS-3": ["eve approved their own time"],
        "test:EX-1": [],
        "test:MS-1": [],
    }
