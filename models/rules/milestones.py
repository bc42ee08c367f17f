"""Is a milestone accepted, complete, and billed in time?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from data.schemas.clauses import Acceptance
from data.schemas.items import AcceptanceEvent, Milestone
from data.schemas.vocabulary import AcceptanceKind, ClauseKind
from models.codes import UNKNOWN
from models.local_days import local_day
from models.rules.amounts import price_of_waiting_minor
from models.rules.facts import Facts
from models.rules.hits import Hit, Hits, item_hits
from models.rules.words import day, days


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a milestone stands with the client, in local days; None for what has not happened."""

    accepted_day: int | None
    deemed_day: int | None
    """When silence makes, or would make, it accepted."""
    last: AcceptanceEvent | None


def milestone_acceptance_missing(facts: Facts) -> Hits:
    """M1: ready to bill, and the client has neither accepted nor been silent past the window.

    Without a contract in our hands acceptance is due as well; the finding then cites no clause.
    """
    return item_hits(facts, _unaccepted(facts), summary="Ready to bill without acceptance")


def milestone_unbilled_after_acceptance(facts: Facts) -> Hits:
    """M2: accepted, not billed, and the agreed days to bill it have passed by the local calendar.

    The leak is the price of the days since acceptance, or all of it where the right lapses.
    """
    return item_hits(facts, _unbilled(facts), summary="Accepted but not billed in time")


def milestone_evidence_incomplete(facts: Facts) -> Hits:
    """M3: ready to bill while required evidence is missing or a predecessor is open."""
    return item_hits(facts, _incomplete(facts), summary="Ready to bill with open deliverables")


def standing(milestone: Milestone, *, terms: Acceptance | None, today: int) -> Standing:
    """Read the client's events in order of time.

    The last answer counts. Silence counts from the last submission, if no answer but acceptance
    came within the window; a conditional acceptance is an answer, and not yet an acceptance.
    """
    submitted: int | None = None
    accepted: int | None = None
    events = sorted(milestone.acceptance, key=lambda one: one.at)
    for event in events:
        on = local_day(event.at, zone=milestone.zone)
        if event.kind is AcceptanceKind.SUBMITTED:
            submitted = on
        elif event.kind is AcceptanceKind.ACCEPTED:
            accepted = on if accepted is None else accepted
        else:
            submitted = accepted = None
    deemed = None
    if terms is not None and terms.is_deemed_after_window and submitted is not None:
        deemed = submitted + terms.window_days + 1
    is_silent = deemed is not None and deemed <= today
    known = [on for on in (accepted, deemed if is_silent else None) if on is not None]
    return Standing(
        accepted_day=min(known, default=None),
        deemed_day=deemed,
        last=events[-1] if events else None,
    )


def _unaccepted(facts: Facts) -> Iterator[Hit]:
    for item, milestone, clause in _under(facts, ClauseKind.ACCEPTANCE):
        state = standing(
            milestone, terms=_acceptance(facts, clause), today=_today(facts, milestone)
        )
        if not milestone.is_ready_to_bill or state.accepted_day is not None:
            continue
        deemed = f", or silence until {day(state.deemed_day)}" if state.deemed_day else ""
        yield Hit(
            item=item,
            clause=clause,
            field="acceptance",
            actual=_last_word(milestone, state.last),
            expected=f"acceptance by the client{deemed}",
            exposure_minor=milestone.amount_minor,
        )


def _unbilled(facts: Facts) -> Iterator[Hit]:
    for item, milestone, clause in _under(facts, ClauseKind.ACCEPTANCE):
        terms, today = _acceptance(facts, clause), _today(facts, milestone)
        accepted = standing(milestone, terms=terms, today=today).accepted_day
        if terms is None or accepted is None or milestone.item_id in facts.past.billed_by:
            continue
        waited = today - accepted
        if waited > terms.bill_within_days:
            yield Hit(
                item=item,
                clause=clause,
                field="acceptance",
                actual=f"accepted on {day(accepted)}, {days(waited)} ago, and not billed",
                expected=f"billed within {days(terms.bill_within_days)}",
                exposure_minor=-_unbilled_leak_minor(milestone, terms=terms, days_waited=waited),
            )


def _incomplete(facts: Facts) -> Iterator[Hit]:
    for item, milestone, clause in _under(facts, ClauseKind.DELIVERABLES):
        if not milestone.is_ready_to_bill:
            continue
        provided = set(milestone.evidence_provided)
        missing = [one for one in milestone.evidence_required if one not in provided]
        gaps = [("evidence_provided", f"{one} is missing", f"{one} is provided") for one in missing]
        gaps += [
            ("open_predecessors", f"{one} is open", f"{one} is complete")
            for one in milestone.open_predecessors
        ]
        for place, (field, actual, expected) in enumerate(gaps):
            yield Hit(
                item=item,
                clause=clause,
                field=field,
                actual=actual,
                expected=expected,
                exposure_minor=milestone.amount_minor if place == 0 else 0,
            )


def _under(facts: Facts, kind: ClauseKind) -> Iterator[tuple[int, Milestone, int]]:
    """The milestones a kind of clause governs, and those of contracts we do not hold."""
    clauses = facts.item_clause(kind)
    is_known = facts.terms.is_known(facts.batch.line)
    for item, milestone in facts.milestones():
        if clauses[item] != UNKNOWN or not is_known[item]:
            yield item, milestone, int(clauses[item])


def _acceptance(facts: Facts, clause: int) -> Acceptance | None:
    found = facts.clause(clause)
    return found.terms if found is not None and isinstance(found.terms, Acceptance) else None


def _today(facts: Facts, milestone: Milestone) -> int:
    return local_day(facts.decided_at, zone=milestone.zone)


def _last_word(milestone: Milestone, event: AcceptanceEvent | None) -> str:
    if event is None:
        return "nothing heard of the client"
    return f"{event.kind.value} on {day(local_day(event.at, zone=milestone.zone))}"


def _unbilled_leak_minor(milestone: Milestone, *, terms: Acceptance, days_waited: int) -> int:
    if terms.is_lapsed_when_unbilled:
        return milestone.amount_minor
    return price_of_waiting_minor(
        milestone.amount_minor,
        annual_cost_of_capital=terms.annual_cost_of_capital,
        days=days_waited,
    )
