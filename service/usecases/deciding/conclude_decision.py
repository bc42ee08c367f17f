"""Make a decision final once its undo window is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from data.schemas.decision import Decision
from data.schemas.vocabulary import Lane, PostingStatus
from service.domain.actor import POLICY
from service.domain.queue import has_effect
from service.ports.stores import Fact, FactKind, UnitOfWork
from service.ports.watcher import Watcher
from service.usecases.deciding.move_time import open_transfers
from service.usecases.learning.follow_checks import follow_checks
from service.usecases.queue.look_twice import compare_double, draw_double


def conclude_decision(
    decision_id: str,
    *,
    uow: UnitOfWork,
    watcher: Watcher,
    coin: Callable[[str], float],
    now: datetime,
) -> str | None:
    """Let the verdict count in what the models know, and name the posting that may leave now.

    Where it answers a check of a cleared item, the promise of its segment is held against it, and
    the coin says whether somebody judges the item again without knowing. Such a blind repeat counts
    for nothing, and goes to a third person where it differs. An undone decision concludes to
    nothing. Safe to repeat.
    """
    decision = uow.decisions.get(decision_id)
    if decision is None or uow.decisions.is_undone(decision_id):
        return None
    case = uow.cases.get(decision.case_id)
    if case is None:
        return None
    if not has_effect(case):
        if case.lane is Lane.DOUBLE:
            compare_double(decision, case, uow=uow, now=now)
        return None
    # What policy let a model answer tells the models nothing.
    if decision.actor_id != POLICY.id:
        uow.facts.add([Fact(kind=FactKind.VERDICT, subject_id=decision_id, at=now)])
        segment = uow.checks.segment_of(decision.assessment_id)
        if segment is not None:
            follow_checks(segment, uow=uow, watcher=watcher, now=now)
        draw_double(decision, case, uow=uow, coin=coin, now=now)
    _cancel_refused(decision, uow=uow, now=now)
    open_transfers(decision, case, uow=uow, now=now)
    posting = uow.postings.of_decision(decision_id)
    return posting.id if posting else None


def _cancel_refused(decision: Decision, *, uow: UnitOfWork, now: datetime) -> None:
    """A bill in the exception queue goes with the decision that is corrected."""
    posting = uow.postings.of_decision(decision.supersedes_id) if decision.supersedes_id else None
    if posting is None or posting.status is not PostingStatus.REFUSED:
        return
    uow.postings.save(replace(posting, status=PostingStatus.CANCELLED, done_at=now))
    uow.facts.add([Fact(kind=FactKind.BILL_WITHDRAWN, subject_id=posting.id, at=now)])
