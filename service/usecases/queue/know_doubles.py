"""Two people who agreed blindly, or a third who ruled, make an answer known."""

from __future__ import annotations

from data.schemas.decision import Decision
from data.schemas.vocabulary import FINAL_VERDICTS, Verdict
from service.domain.actor import POLICY
from service.domain.case import Case
from service.domain.known_answer import AnswerSource, KnownAnswer
from service.domain.second_looks import is_for_one_person, is_same_answer
from service.ports.engine import DecisionContext
from service.ports.stores import UnitOfWork
from service.usecases.queue.look_twice import first_decision

MOST_KNOWN = 200
"""Known answers kept in force: enough that nobody meets one twice, few enough to look after."""


def know_doubles(*, context: DecisionContext, limit: int) -> int:
    """Make the settled blind second reviews known answers; gives how many. Safe to repeat."""
    uow = context.uow
    room = MOST_KNOWN - len(uow.known_answers.in_force())
    if room <= 0:
        return 0
    policy = uow.policies.in_force()
    known = 0
    for double in uow.cases.decided_doubles(limit=min(limit, room)):
        answer = _answer(double, context=context)
        if answer is not None and is_for_one_person(double, policy):
            known += uow.known_answers.add(answer)
    return known


def _answer(double: Case, *, context: DecisionContext) -> KnownAnswer | None:
    uow = context.uow
    first, second = first_decision(double, uow=uow), uow.decisions.last_of_case(double.id)
    if first is None or second is None or not {first.verdict, second.verdict} <= FINAL_VERDICTS:
        return None
    if context.now < second.decided_at + context.undo_window:
        return None
    settled = _settled(first, second, uow=uow)
    if settled is None:
        return None
    verdict, source, why = settled
    return KnownAnswer(
        id=context.ids.new("known"),
        item_id=double.item_id,
        item_seq=double.item_seq,
        assessment_id=double.assessment_id,
        is_faulty=verdict is not Verdict.APPROVE,
        source=source,
        why=why,
        named_by_id=POLICY.id,
        at=context.now,
    )


def _settled(
    first: Decision, second: Decision, *, uow: UnitOfWork
) -> tuple[Verdict, AnswerSource, str] | None:
    stands = uow.decisions.ruling_on(second.id)
    if stands is not None:
        verdict = first.verdict if stands == first.id else second.verdict
        return verdict, AnswerSource.ADJUDICATED, "A third person ruled on it."
    if is_same_answer(first.verdict, second.verdict):
        return first.verdict, AnswerSource.AGREED, "Two people came to it independently."
    return None
