"""Say which cases of a bulk can be decided together, and why the others cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from data.schemas.people import Person
from data.schemas.review_policy import ReviewPolicy
from data.schemas.values import minor_per_major
from data.schemas.vocabulary import CaseStatus, Verdict
from service.domain.actor import Actor
from service.domain.case import Case
from service.domain.errors import InvalidRequestError
from service.domain.queue import has_effect
from service.ports.engine import DecisionContext
from service.ports.stores import UnitOfWork
from service.usecases.deciding.weigh_verdict import check_reasons, weigh_verdict
from service.usecases.deciding.write_decision import second_needed
from service.wire.deciding import BulkCase, BulkPreview, BulkRequest, BulkRow
from service.wire.verdicts import SpokenVerdict

TOGETHER = frozenset({CaseStatus.OPEN, CaseStatus.CLAIMED, CaseStatus.HELD})
"""Statuses from which a case may be decided with others; whatever else waits, waits for an answer
of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """One case of a bulk as it was found; None where there is none to see."""

    case: Case | None
    row: BulkRow


def preview_bulk(request: BulkRequest, *, actor: Actor, context: DecisionContext) -> BulkPreview:
    """Give what a bulk would do, without doing it."""
    rows = tuple(one.row for one in sort_out_bulk(request, actor=actor, context=context))
    return BulkPreview(
        rows=rows,
        included=sum(row.is_included for row in rows),
        total_minor=total_minor(rows),
    )


def sort_out_bulk(
    request: BulkRequest, *, actor: Actor, context: DecisionContext
) -> tuple[Sorted, ...]:
    """Look at each case of a bulk in turn; the limits of the policy count those before it.

    Raises InvalidRequestError for a verdict or a reason that fits no case at all.
    """
    spoken = spoken_verdict(request)
    return tuple(_sorted_out(request, spoken, actor=actor, context=context))


def spoken_verdict(request: BulkRequest) -> SpokenVerdict:
    """Give what is said of every case of a bulk."""
    if request.verdict is Verdict.ADJUST:
        raise InvalidRequestError(
            "verdict", request.verdict.value,
            "says which rows change, and each case has its own; adjust them one by one",
        )  # fmt: skip
    spoken = SpokenVerdict(
        verdict=request.verdict, reason_codes=request.reason_codes, note=request.note
    )
    check_reasons(spoken)
    return spoken


def total_minor(rows: tuple[BulkRow, ...]) -> dict[str, int]:
    """Add up the money of the cases that take part, by currency."""
    total = Counter[str]()
    for row in rows:
        if row.is_included:
            total[row.currency] += row.amount_minor
    return dict(sorted(total.items()))


def _sorted_out(
    request: BulkRequest, spoken: SpokenVerdict, *, actor: Actor, context: DecisionContext
) -> Iterator[Sorted]:
    policy = context.uow.policies.in_force()
    taken: list[Case] = []
    named: set[str] = set()
    for one in request.cases:
        case = context.uow.cases.get(one.case_id)
        if case is None or not _is_seen(case, actor, context=context):
            yield _unseen(one)
            continue
        why_not = (
            "It is named twice." if one.case_id in named
            else _why_not(case, one, spoken, actor=actor, context=context)
            or _over_limit(case, taken, policy=policy)
        )  # fmt: skip
        named.add(one.case_id)
        if why_not is None:
            taken.append(case)
        yield Sorted(case=case, row=_row(case, why_not=why_not, uow=context.uow))


def _why_not(
    case: Case,
    shown: BulkCase,
    spoken: SpokenVerdict,
    *,
    actor: Actor,
    context: DecisionContext,
) -> str | None:
    """The first reason against one case; None where nothing speaks against it."""
    hindrance = next(_hindrances(case, shown, actor=actor, context=context), None)
    if hindrance is not None:
        return hindrance
    stored = context.uow.items.version(case.item_seq)
    try:
        money = weigh_verdict(spoken, stored, actor=actor, uow=context.uow)
    except InvalidRequestError as error:
        return f"This verdict does not fit it: {error.reason}."
    exposure = context.uow.exposures.find(case, actor_id=actor.id)
    rule = second_needed(case, spoken.verdict, money, actor=actor, context=context)
    if rule is not None:
        # The rule may rest on how sure a model is: whoever is not told that is not told the rule.
        is_told = exposure is not None and exposure.is_score_shown
        return f"It needs a second person: {rule}." if is_told else "It needs a second person."
    if exposure is not None and exposure.must_call_first:
        return "It asks for your own call first; open it and decide it by itself."
    return None


def _hindrances(
    case: Case, shown: BulkCase, *, actor: Actor, context: DecisionContext
) -> Iterator[str]:
    """What keeps a person from deciding a case now, whatever they would say."""
    if case.status not in TOGETHER:
        yield f"It is {case.status.value.replace('_', ' ')}; open it to see what it waits for."
    if case.is_leased(now=context.now) and case.lease and case.lease.owner_id != actor.id:
        yield "A colleague is working on it."
    if case.kept_from_id == actor.id or case.reserved_for_id not in {None, actor.id}:
        yield "It is kept for a colleague."
    if case.version != shown.version:
        yield "It has changed since this list was shown; load the list again."
    if context.uow.exposures.find(case, actor_id=actor.id) is None:
        yield "You have not opened it yet; nothing is decided unseen."


def _over_limit(case: Case, taken: list[Case], *, policy: ReviewPolicy) -> str | None:
    if len(taken) >= policy.bulk_most_cases:
        return f"At most {policy.bulk_most_cases} cases are decided together."
    before = sum(one.amount_minor for one in taken if one.currency == case.currency)
    limit = policy.bulk_most_major * minor_per_major(case.currency)
    if before + case.amount_minor > limit:
        return (
            f"With it the bulk comes to more than {policy.bulk_most_major:,} {case.currency}, "
            "the most that is decided together."
        )
    return None


def _is_seen(case: Case, actor: Actor, *, context: DecisionContext) -> bool:
    """A blind repeat is there for whoever holds it alone: the queue hands it out, nobody asks."""
    is_mine = case.lease is not None and case.lease.owner_id == actor.id
    is_theirs = has_effect(case) or (is_mine and case.is_leased(now=context.now))
    return is_theirs and actor.sees(client_id=case.client_id, business_unit=case.business_unit)


def _unseen(one: BulkCase) -> Sorted:
    row = BulkRow(
        case_id=one.case_id,
        title=one.case_id,
        amount_minor=0,
        currency="",
        is_included=False,
        why_not="There is no such case that you may see.",
    )
    return Sorted(case=None, row=row)


def _row(case: Case, *, why_not: str | None, uow: UnitOfWork) -> BulkRow:
    return BulkRow(
        case_id=case.id,
        title=_title(case, uow),
        amount_minor=case.amount_minor,
        currency=case.currency,
        is_included=why_not is None,
        why_not=why_not,
    )


def _title(case: Case, uow: UnitOfWork) -> str:
    """The title with the person's name in the place of their id."""
    body = None if case.person_id is None else uow.references.get("people", case.person_id)
    if body is None or case.person_id is None:
        return case.title
    return case.title.replace(case.person_id, Person.model_validate_json(body).name, 1)
