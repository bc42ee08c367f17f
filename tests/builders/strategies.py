"""Items of a strict world as Hypothesis draws them, with now and then something wrong with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from data.schemas.billing import InvoiceLine
from data.schemas.clauses import OvertimePeriod, Rounding
from data.schemas.items import Timesheet, expenses_sha256
from data.schemas.vocabulary import AcceptanceKind, ApprovalStep, InvoiceStatus
from tests.builders.checking import invoice
from tests.builders.expenses import RECEIPT, expense, expense_report
from tests.builders.items import (
    MONDAY,
    acceptance,
    at,
    entry,
    milestone,
    signature,
    signatures,
    timesheet,
)
from tests.builders.strict_world import Strictness, strict_world

DECIDED_AT = datetime(2026, 6, 1, tzinfo=UTC)
"""After every day on which something falls due."""
people = st.sampled_from(["ada", "ada", "bob", "eve"])
contracts = st.sampled_from(["C-1", "C-1", "C-1", "C-2", "C-9"])
"""Of C-9 we hold no terms."""
lines = st.sampled_from(["L-1", "L-2"])
zones = st.sampled_from(["Europe/Vienna", "America/New_York"])
change_orders = st.sampled_from([None, None, None, "CO-1", "CO-2", "CO-3", "CO-404"])
flags = st.booleans()


def fixed_seed(max_examples: int) -> settings:
    """The same examples on every run and machine."""
    return settings(
        max_examples=max_examples,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def days(first: int, last: int) -> st.SearchStrategy:
    """Days counted from the default Monday."""
    return st.integers(first, last).map(lambda offset: MONDAY + timedelta(days=offset))


@st.composite
def worlds(draw):
    """Strict worlds that differ in their figures and their manner."""
    return strict_world(
        Strictness(
            limit_minor=draw(st.sampled_from([333_33, 1_000_00, 5_000_00])),
            overtime_period=draw(st.sampled_from(OvertimePeriod)),
            rounding=draw(st.sampled_from(Rounding)),
            has_increment=draw(flags),
            is_scope_listed=draw(flags),
            is_forfeit_when_late=draw(flags),
            is_deemed_after_window=draw(flags),
            is_client_asked=draw(flags),
            noticed_on=draw(st.none() | days(-5, 30)),
        )
    )


@st.composite
def entries(draw, *, name: str):
    """One entry: few values of each field, so that entries meet and repeat each other."""
    day = MONDAY + timedelta(days=draw(st.sampled_from([-1, 0, 1, 2, 2, 3, 3, 3, 7, 8, 9])))
    worked = draw(st.sampled_from([0, 15, 67, 240, 330, 360]))
    times = {}
    if draw(flags):
        began = at(day, hour=draw(st.sampled_from([9, 9, 9, 22])))
        times = {"started_at": began, "ended_at": began + timedelta(minutes=max(worked, 1))}
    return entry(
        id=name,
        work_date=day,
        minutes_worked=worked,
        minutes_billable=max(0, worked + draw(st.sampled_from([0, 0, 0, 5, 8, -7]))),
        hourly_rate_minor=draw(st.sampled_from([12_000, 12_000, 11_000, 12_500, 1])),
        task_id=draw(st.sampled_from(["T-1", "T-1", "T-2", "T-9"])),
        labor_category=draw(st.sampled_from(["engineer", "engineer", "junior"])),
        narrative=draw(st.sampled_from(["", "Built it", "Built it", "Did various tasks"])),
        activity=draw(st.sampled_from([None, None, "design", "training"])),
        location=draw(st.sampled_from([None, None, "onsite", "elsewhere"])),
        change_order_id=draw(change_orders),
        adjustment_reason=draw(st.sampled_from(["", "", "agreed with the client"])),
        **times,
    )


@st.composite
def timesheets(draw, *, name: str, most_entries: int = 4, persons=people):
    """A sheet of a few entries; its signatures are missing, its own, or in order."""
    count = draw(st.integers(1, most_entries))
    rows = tuple(draw(entries(name=f"{name}-{place}")) for place in range(count))
    submitted_at = at(MONDAY + timedelta(days=draw(st.sampled_from([6, 7, 7, 8, 12, 20, 40]))))
    person_id = draw(persons)
    whose = draw(st.sampled_from(["nobody", "own", "manager", "client"]))
    signed = {
        "nobody": (),
        "own": (signature(actor_id=person_id),),
        "manager": signatures(rows, submitted_at=submitted_at, person_id=person_id),
        "client": (signature(), signature(step=ApprovalStep.CLIENT, actor_id="carol")),
    }
    return timesheet(
        external_id=name,
        person_id=person_id,
        contract_id=draw(contracts),
        line_id=draw(lines),
        entries=rows,
        submitted_at=submitted_at,
        zone=draw(zones),
        approvals=signed[whose],
    )


@st.composite
def expenses(draw, *, name: str):
    """One expense out of few possible ones."""
    return expense(
        id=name,
        incurred_on=MONDAY + timedelta(days=draw(st.sampled_from([-1, 0, 0, 1, 2]))),
        category=draw(st.sampled_from(["train", "per_diem", "per_diem", "alcohol"])),
        merchant=draw(st.sampled_from(["OEBB", "oebb.", "Taxi"])),
        amount_minor=draw(st.sampled_from([40_00, 80_00])),
        cost_minor=draw(st.sampled_from([40_00, 80_00, 250_00])),
        billable_minor=draw(st.sampled_from([0, 40_00, 88_00, 275_01])),
        receipt_sha256=draw(st.sampled_from([None, RECEIPT])),
        trip_id=draw(st.sampled_from([None, "TR-1", "TR-1", "TR-404"])),
        preapproval_id=draw(st.sampled_from([None, "PA-1", "PA-404"])),
        change_order_id=draw(change_orders),
    )


@st.composite
def expense_reports(draw, *, name: str, persons=people):
    """A report of a few expenses, signed as it is, as it was, or not at all."""
    rows = tuple(draw(expenses(name=f"{name}-{place}")) for place in range(draw(st.integers(1, 3))))
    signed = draw(st.sampled_from([expenses_sha256(rows), "0" * 64, None]))
    return expense_report(
        *rows,
        external_id=name,
        person_id=draw(persons),
        contract_id=draw(contracts),
        line_id=draw(lines),
        submitted_at=at(draw(days(5, 9))),
        zone=draw(zones),
        approvals=(signature(entries_sha256=signed),) if draw(flags) else (),
    )


@st.composite
def milestones(draw, *, name: str):
    """A milestone somewhere on its way to acceptance."""
    kinds = draw(st.lists(st.sampled_from(AcceptanceKind), max_size=3))
    return milestone(
        external_id=name,
        contract_id=draw(contracts),
        line_id=draw(lines),
        amount_minor=draw(st.sampled_from([0, 8_000_00, 13_500_00, 15_000_00])),
        due_on=draw(days(0, 5)),
        submitted_at=at(draw(days(0, 9))),
        zone=draw(zones),
        acceptance=tuple(
            acceptance(kind, MONDAY + timedelta(days=place)) for place, kind in enumerate(kinds)
        ),
        is_ready_to_bill=draw(flags),
        evidence_provided=draw(st.sampled_from([(), ("design document", "test report")])),
        open_predecessors=draw(st.sampled_from([(), ("kick-off",)])),
        change_order_id=draw(change_orders),
    )


@st.composite
def batches(draw, *, size: int = 5, persons=people):
    """Sheets, at least one, with reports and milestones among them, in any order."""
    count = st.integers(0, max(1, size // 2))
    items = [
        draw(timesheets(name=f"TS-{place}", persons=persons))
        for place in range(draw(st.integers(1, size)))
    ]
    items += [
        draw(expense_reports(name=f"EX-{place}", persons=persons)) for place in range(draw(count))
    ]
    items += [draw(milestones(name=f"MS-{place}")) for place in range(draw(count))]
    return draw(st.permutations(items))


def in_order_of_arrival(items):
    """Items as they are handed in."""
    return sorted(items, key=lambda one: (one.submitted_at, one.item_id))


@st.composite
def invoices(draw, *, size: int = 3):
    """Bills of rows that are handed in later, and of some that never are."""
    rows = ["TS-0-0", "TS-1-1", "EX-0-0", "test:MS-0", "E-404"]
    return [
        invoice(
            id=f"INV-{row}",
            contract_id=draw(st.sampled_from(["C-1", "C-2"])),
            status=draw(st.sampled_from([InvoiceStatus.POSTED, InvoiceStatus.DRAFT])),
            lines=(_invoice_line(row, draw(st.sampled_from([1, 480_00, 960_00])), draw(lines)),),
        )
        for row in draw(st.lists(st.sampled_from(rows), unique=True, max_size=size))
    ]


def _invoice_line(row: str, amount_minor: int, line_id: str) -> InvoiceLine:
    named = {"EX": "expense_id", "te": "milestone_id"}.get(row[:2], "entry_id")
    return InvoiceLine(id=row, amount_minor=amount_minor, line_id=line_id, **{named: row})


def row_amounts_minor(item) -> dict[str, int]:
    """What each row of an item asks for; a milestone has no rows."""
    if isinstance(item, Timesheet):
        return {one.id: one.amount_minor for one in item.entries}
    return {one.id: one.billable_minor for one in getattr(item, "expenses", ())}
