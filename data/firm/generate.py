"""A whole professional-services firm from a seed: start reading here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from data.firm.approvals import open_office
from data.firm.billables import list_billable
from data.firm.billing import bill_early, write_invoices
from data.firm.chance import Chance
from data.firm.clocks import clock_entries
from data.firm.delays import draw_delays
from data.firm.disputes import draw_disputes, record_disputes
from data.firm.expense_doubles import draw_doubles, show_doubles
from data.firm.expense_faults import number_reports, plant_expense_faults
from data.firm.expenses import travel
from data.firm.faults import plant_faults
from data.firm.habits import draw_habits, show_habits
from data.firm.hidden import draw_hidden
from data.firm.increments import bill_in_increments
from data.firm.milestones import deliver_milestones
from data.firm.numbering import number_sheets
from data.firm.orders import cite_orders
from data.firm.outcomes import circumstances_of
from data.firm.papers import file_papers
from data.firm.payments import collect_payments
from data.firm.pipeline import draw_pipeline
from data.firm.proofs import prove_faults
from data.firm.records import Firm, FirmSize, Submission
from data.firm.signatures import collect_signatures
from data.firm.staffing import staff_lines
from data.firm.terms import sign_contracts
from data.firm.truth import Draws, correct_rows, tell_truth
from data.firm.verdicts import review_everything
from data.firm.work import work_weeks
from data.firm.world import build_world
from data.firm.write_offs import draw_write_offs
from data.schemas.items import AnyItem, ExpenseReport, Milestone, Timesheet

__all__ = ["Firm", "FirmSize", "describe", "generate_firm"]


def generate_firm(size: FirmSize) -> Firm:
    """Generate a firm; the same size gives the same firm, byte for byte.

    1. Draw the world and who works where. 2. Let people work and travel, with their habits and
    faults. 3. Sign contracts and file papers round that work. 4. Collect signatures. 5. Work out
    what is true. 6. Bill, pay and review.
    """

    def chance(part: str) -> Chance:
        return Chance(part, seed=size.seed)

    # 1.
    world = build_world(size, chance=chance("world"))
    spells = staff_lines(world, chance=chance("staffing"))
    # 2.
    habits_chance = chance("habits")
    habits = draw_habits(world, chance=habits_chance, client_chance=chance("clients"))
    worked = work_weeks(world, spells=spells, chance=chance("work"))
    shown = show_habits(worked.sheets, world=world, habits=habits, chance=habits_chance)
    planted = plant_faults(shown, world=world, chance=chance("planting"))
    drafts = number_sheets(clock_entries(bill_in_increments(planted), world=world))
    travel_chance, doubles_chance = chance("expenses"), chance("doubles")
    claims = plant_expense_faults(travel(shown, chance=travel_chance), chance=travel_chance)
    claims = number_reports(show_doubles(claims, habits=habits, chance=doubles_chance))
    # 3.
    milestones = deliver_milestones(world, chance=chance("milestones"))
    contracts = sign_contracts(
        world, sheets=drafts, reports=claims, milestones=milestones, chance=chance("terms")
    )
    papers_chance = chance("papers")
    drafts = cite_orders(drafts, contracts=contracts, chance=papers_chance)
    reference = file_papers(
        world,
        spells=spells,
        sheets=drafts,
        days_off=worked.days_off,
        reports=claims,
        milestones=milestones,
        contracts=contracts,
        chance=papers_chance,
    )
    # 4.
    approvals_chance = chance("approvals")
    office = open_office(world, chance=approvals_chance)
    sheets, reports = collect_signatures(
        drafts, reports=claims, office=office, chance=approvals_chance
    )
    submissions = _submissions(sheets, reports, milestones)
    items = [one.item for one in submissions]
    # 5.
    billing_chance = chance("billing")
    early = bill_early(sheets, reports=reports, chance=billing_chance)
    proofs = (*prove_faults(submissions, reference=reference), *early.proofs)
    seen = circumstances_of(
        sheets, reports=reports, milestones=milestones, contracts=reference.contracts
    )
    disputes_chance = chance("disputes")
    draws = Draws(
        hidden={
            **draw_hidden(
                sheets,
                habits=habits,
                weekends_banned_from=world.drifts.new_fault_kind,
                chance=chance("hidden"),
            ),
            **draw_doubles(reports, habits=habits, chance=doubles_chance),
        },
        delays=draw_delays(sheets, reports=reports, milestones=milestones, chance=chance("delays")),
        write_offs=draw_write_offs(seen, habits=habits, chance=chance("write_offs")),
        disputes=draw_disputes(seen, habits=habits, chance=disputes_chance),
    )
    truth = tell_truth(items, proofs=proofs, draws=draws)
    # 6.
    billables = list_billable(
        sheets,
        reports=reports,
        milestones=milestones,
        delays=draws.delays,
        corrections_minor=correct_rows(proofs, hidden=draws.hidden),
        write_offs=draws.write_offs,
    )
    bills, write_offs = write_invoices(billables, early=early.bills, chance=billing_chance)
    disputes = record_disputes(
        bills, item_of_row=_items_by_row(items), draws=draws.disputes, chance=disputes_chance
    )
    invoices, payments = collect_payments(
        world, invoices=bills, disputes=disputes, chance=billing_chance
    )
    return Firm(
        reference=reference,
        submissions=submissions,
        truth=truth,
        invoices=invoices,
        payments=payments,
        verdicts=review_everything(
            submissions, truth=truth, practice=size.practice, chance=chance("verdicts")
        ),
        disputes=disputes,
        write_offs=write_offs,
        opportunities=draw_pipeline(world, chance=chance("pipeline")),
    )


def describe(firm: Firm) -> dict[str, int]:
    """The size of a firm and how many items bear each fault."""
    items = [one.item for one in firm.submissions]
    sheets = [item for item in items if isinstance(item, Timesheet)]
    faults = Counter(str(fault.code) for truth in firm.truth.values() for fault in truth.faults)
    return {
        "people": len(firm.reference.people),
        "clients": len(firm.reference.clients),
        "contracts": len(firm.reference.contracts),
        "items": len(firm.submissions),
        "timesheets": len(sheets),
        "milestones": sum(isinstance(item, Milestone) for item in items),
        "expense_reports": sum(isinstance(item, ExpenseReport) for item in items),
        "entries": sum(len(sheet.entries) for sheet in sheets),
        "invoices": len(firm.invoices),
        "payments": len(firm.payments),
        "disputes": len(firm.disputes),
        "write_offs": len(firm.write_offs),
        "violations": sum(truth.is_violation for truth in firm.truth.values()),
        "hidden_violations": sum(truth.hidden_violation for truth in firm.truth.values()),
        "delayed": sum(truth.is_delayed for truth in firm.truth.values()),
        **{f"fault_{code}": count for code, count in sorted(faults.items())},
    }


class _Handed(Protocol):
    """Something handed in, and when it was received."""

    @property
    def item(self) -> AnyItem:
        """The item."""

    @property
    def received_at(self) -> datetime:
        """After every fact that it carries."""


def _submissions(*kinds: Iterable[_Handed]) -> tuple[Submission, ...]:
    submissions = [
        Submission(item=one.item, received_at=one.received_at) for kind in kinds for one in kind
    ]
    submissions.sort(key=lambda one: (one.item.submitted_at, one.item.item_id))
    return tuple(submissions)


def _items_by_row(items: Iterable[AnyItem]) -> dict[str, str]:
    """The item of everything that a line of an invoice can bill."""
    owners: dict[str, str] = {}
    for item in items:
        if isinstance(item, Milestone):
            owners[item.item_id] = item.item_id
        else:
            rows = item.entries if isinstance(item, Timesheet) else item.expenses
            owners.update((row.id, item.item_id) for row in rows)
    return owners
