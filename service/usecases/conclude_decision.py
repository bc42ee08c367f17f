"""Make a decision final once its undo window is over."""

from __future__ import annotations

from datetime import datetime

from service.ports.stores import Fact, FactKind, UnitOfWork


def conclude_decision(decision_id: str, *, uow: UnitOfWork, now: datetime) -> str | None:
    """Let the verdict count in what the models know, and name the posting that may leave now.

    An undone decision concludes to nothing. Safe to repeat.
    """
    if uow.decisions.is_undone(decision_id):
        return None
    uow.facts.add([Fact(kind=FactKind.VERDICT, subject_id=decision_id, at=now)])
    posting = uow.postings.of_decision(decision_id)
    return posting.id if posting else None
