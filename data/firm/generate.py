"""A whole professional-services firm from a seed: start reading here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from data.firm.approvals import SignedSheet, open_office, sign_sheets
from data.firm.billing import bill_early, list_billable, write_invoices
from data.firm.chance import Chance
from data.firm.delays import draw_delays
from data.firm.faults import plant_faults
from data.firm.habits import draw_habits, show_habits
from data.firm.hidden import draw_hidden
from data.firm.milestones import DeliveredMilestone, deliver_milestones
from data.firm.numbering import number_sheets
from data.firm.proofs import prove_faults
from data.firm.records import Firm, FirmSize, Submission
from data.firm.staffing import Spell, staff_lines
from data.firm.terms import sign_contracts
from data.firm.truth import correct_rows, prove_milestones, tell_truth
from data.firm.verdicts import review_everything
from data.firm.work import work_weeks
from data.firm.world import World, build_world
from data.schemas.contracts import Contract
from data.schemas.items import Timesheet
from data.schemas.reference import Reference

__all__ = ["Firm", "FirmSize", "describe", "generate_firm"]


def generate_firm(size: FirmSize) -> Firm:
    """Generate a firm; the same size gives the same firm, byte for byte.

    1. Draw the world and who works where. 2. Let people work, with their habits and faults.
    3. Sign contracts round that work. 4. Collect signatures. 5. Work out what is true.
    6. Bill, pay and review.
    """

    def chance(part: str) -> Chance:
        return Chance(part, seed=size.seed)

    # 1.
    world = build_world(size, chance=chance("world"))
    spells = staff_lines(world, chance=chance("staffing"))
    # 2.
    habits_chance = chance("habits")
    habits = draw_habits(world, chance=habits_chance)
    honest = work_weeks(world, spells=spells, chance=chance("work"))
    shown = show_habits(honest, world=world, habits=habits, chance=habits_chance)
    drafts = number_sheets(plant_faults(shown, world=world, chance=chance("planting")))
    # 3.
    milestones = deliver_milestones(world, chance=chance("milestones"))
    contracts = sign_contracts(world, sheets=drafts, milestones=milestones, chance=chance("terms"))
    # 4.
    approvals_chance = chance("approvals")
    office = open_office(world, chance=approvals_chance)
    sheets = sign_sheets(drafts, office=office, chance=approvals_chance)
    # 5.
    billing_chance = chance("billing")
    early = bill_early(sheets, chance=billing_chance)
    assignments = [spell.assignment for spell in spells]
    proofs = (
        *prove_faults(sheets, contracts=contracts, assignments=assignments),
        *prove_milestones(milestones),
        *early.proofs,
    )
    hidden = draw_hidden(sheets, habits=habits, chance=chance("hidden"))
    delays = draw_delays(sheets, milestones=milestones, chance=chance("delays"))
    truth = tell_truth(sheets, milestones=milestones, proofs=proofs, hidden=hidden, delays=delays)
    # 6.
    billables = list_billable(
        sheets,
        milestones=milestones,
        delays=delays,
        corrections_minor=correct_rows(proofs, hidden=hidden),
    )
    invoices, payments = write_invoices(
        world, billables=billables, early=early.bills, chance=billing_chance
    )
    submissions = _submissions(sheets, milestones=milestones)
    return Firm(
        reference=_reference(world, contracts=contracts, spells=spells),
        submissions=submissions,
        truth=truth,
        invoices=invoices,
        payments=payments,
        verdicts=review_everything(submissions, truth=truth, chance=chance("verdicts")),
    )


def describe(firm: Firm) -> dict[str, int]:
    """The size of a firm and how many items bear each fault."""
    sheets = [one.item for one in firm.submissions if isinstance(one.item, Timesheet)]
    faults = Counter(str(fault.code) for truth in firm.truth.values() for fault in truth.faults)
    return {
        "people": len(firm.reference.people),
        "clients": len(firm.reference.clients),
        "contracts": len(firm.reference.contracts),
        "items": len(firm.submissions),
        "timesheets": len(sheets),
        "milestones": len(firm.submissions) - len(sheets),
        "entries": sum(len(sheet.entries) for sheet in sheets),
        "invoices": len(firm.invoices),
        "payments": len(firm.payments),
        "violations": sum(truth.is_violation for truth in firm.truth.values()),
        "hidden_violations": sum(truth.hidden_violation for truth in firm.truth.values()),
        "delayed": sum(truth.is_delayed for truth in firm.truth.values()),
        **{f"fault_{code}": count for code, count in sorted(faults.items())},
    }


def _submissions(
    sheets: Iterable[SignedSheet], *, milestones: Iterable[DeliveredMilestone]
) -> tuple[Submission, ...]:
    submissions = [
        *(Submission(item=one.item, received_at=one.received_at) for one in sheets),
        *(Submission(item=one.item, received_at=one.received_at) for one in milestones),
    ]
    submissions.sort(key=lambda one: (one.item.submitted_at, one.item.item_id))
    return tuple(submissions)


def _reference(
    world: World, *, contracts: Sequence[Contract], spells: Sequence[Spell]
) -> Reference:
    return Reference(
        clients={client.id: client for client in world.clients},
        contracts={contract.id: contract for contract in contracts},
        people={person.id: person for person in world.people},
        projects={project.id: project for project in world.projects},
        assignments=tuple(spell.assignment for spell in spells),
    )
