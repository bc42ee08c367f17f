"""Who worked at which rate: T5 to T9."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from data.firm.facts import Facts, Worked
from data.firm.proof import Proof
from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import (
    Escalation,
    KeyPersonnel,
    LaborQualifications,
    Qualification,
    RateSchedule,
    StaffingPlan,
)
from data.schemas.contracts import RateCardRow
from data.schemas.people import Assignment, Person


def off_the_rate_card(facts: Facts) -> Iterator[Proof]:
    """T5: the billed rate is not the card's."""
    for row, _ in facts.governed(RateSchedule):
        card = _card(facts, row)
        if card is None or not row.is_billable:
            continue
        if card.hourly_rate_minor != row.entry.hourly_rate_minor:
            right_minor = _at(row, card)
            yield row.refuse(
                ExceptionCode.RATE_MISMATCH, amount_minor=row.amount_minor - right_minor
            )


def unescalated(facts: Facts) -> Iterator[Proof]:
    """T7: the rate is that of the version before. What is owed is already counted by T5."""
    for row, _ in facts.governed(Escalation):
        card = _card(facts, row)
        if card is None or not row.is_billable:
            continue
        if card.hourly_rate_minor == row.entry.hourly_rate_minor:
            continue
        prior = _prior(facts, card, contract_id=row.contract_id)
        if prior is not None and row.entry.hourly_rate_minor == prior.hourly_rate_minor:
            yield row.prove(
                ExceptionCode.RATE_ESCALATION_MISSED,
                exposure_minor=row.amount_minor - _at(row, card),
            )


def _prior(facts: Facts, card: RateCardRow, *, contract_id: str) -> RateCardRow | None:
    """The version of a row of the rate card that was in force on the day before it."""
    place = (card.line_id, card.labor_category, card.location)
    day_before = card.valid_from - timedelta(days=1)
    for one in facts.reference.contracts[contract_id].rate_card:
        is_same = (one.line_id, one.labor_category, one.location) == place
        if is_same and one.valid_from <= day_before <= (one.valid_to or date.max):
            return one
    return None


def unqualified(facts: Facts) -> Iterator[Proof]:
    """T6: billed in a category whose degree, years or certificates the person lacks."""
    for row, terms in facts.governed(LaborQualifications):
        if not row.is_billable:
            continue
        asked = {one.labor_category: one for one in terms.categories}
        person = facts.reference.people.get(row.person_id)
        own = asked.get(row.entry.labor_category)
        if own is None or _has(person, own, day=row.entry.work_date):
            continue
        best = _best_rate(facts, row, asked=asked, person=person)
        paid = 0 if best is None else row.price_at(best)
        yield row.refuse(
            ExceptionCode.LABOR_CATEGORY_UNQUALIFIED, amount_minor=max(0, row.amount_minor - paid)
        )


def _best_rate(
    facts: Facts, row: Worked, *, asked: dict[str, Qualification], person: Person | None
) -> int | None:
    """The highest rate among the other categories that the person meets."""
    contract = facts.reference.contracts[row.contract_id]
    on_card = {one.labor_category for one in contract.rate_card if one.line_id == row.line_id}
    rates = []
    for category in sorted({*asked, *on_card} - {row.entry.labor_category}):
        if category in asked and not _has(person, asked[category], day=row.entry.work_date):
            continue
        card = _card(facts, row, category=category)
        if card is not None:
            rates.append(card.hourly_rate_minor)
    return max(rates, default=None)


def _has(person: Person | None, asked: Qualification, *, day: date) -> bool:
    if person is None or person.degree.rank < asked.min_degree.rank:
        return False
    if _full_years(person.professional_since, day=day) < asked.min_years:
        return False
    held = {
        one.name.casefold()
        for one in person.certificates
        if (one.earned_on or date.min) <= day <= (one.expires_on or date.max)
    }
    return all(name.casefold() in held for name in asked.certificates)


def _full_years(since: date | None, *, day: date) -> int:
    if since is None:
        return 0
    is_before_the_day = (day.month, day.day) < (since.month, since.day)
    return max(0, day.year - since.year - is_before_the_day)


def substituted(facts: Facts) -> Iterator[Proof]:
    """T8: somebody whom the client did not approve for the day."""
    for row, terms in facts.governed(KeyPersonnel):
        day = row.entry.work_date
        if row.is_billable and not any(
            one.person_id == row.person_id and one.start <= day <= (one.end or date.max)
            for one in terms.approved
        ):
            yield row.refuse(
                ExceptionCode.KEY_PERSONNEL_SUBSTITUTION, amount_minor=row.amount_minor
            )


def unassigned(facts: Facts) -> Iterator[Proof]:
    """T9: nobody planned the person for the project on the day."""
    stays: dict[tuple[str, str], list[Assignment]] = defaultdict(list)
    for stay in facts.reference.assignments:
        stays[stay.person_id, stay.project_id].append(stay)
    for row, _ in facts.governed(StaffingPlan):
        entry = row.entry
        if row.is_billable and not any(
            stay.start <= entry.work_date <= stay.end and stay.task_id in {None, entry.task_id}
            for stay in stays[row.person_id, entry.project_id]
        ):
            yield row.refuse(ExceptionCode.UNASSIGNED_RESOURCE, amount_minor=row.amount_minor)


def _card(facts: Facts, row: Worked, *, category: str | None = None) -> RateCardRow | None:
    return facts.agreed.card_row(
        row.contract_id,
        line_id=row.line_id,
        category=category or row.entry.labor_category,
        location=row.entry.location,
        day=row.entry.work_date,
    )


def _at(row: Worked, card: RateCardRow) -> int:
    return row.price_at(card.hourly_rate_minor)


SWEEPS = (off_the_rate_card, unqualified, unescalated, substituted, unassigned)
