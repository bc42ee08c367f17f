"""Hand something that is in trouble to a person, and tell them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from data.schemas.vocabulary import NotificationKind
from service.domain.actor import Actor
from service.domain.errors import InvalidRequestError
from service.domain.wall import Wall
from service.ports.stores import UnitOfWork
from service.usecases.telling.notify import notify


def hand_over(
    what: str,
    *,
    person_id: str,
    may_see: Callable[[Wall], bool],
    unseen: str,
    kind: NotificationKind,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    """Tell a person that `what` is theirs now; who takes it over themselves is not told.

    Raises InvalidRequestError for somebody who does not log in here, and, in the words `unseen`,
    for somebody whose wall is in the way.
    """
    account = uow.accounts.by_person(person_id)
    if account is None or not account.is_active:
        raise InvalidRequestError("person_id", person_id, "is nobody who can log in here")
    if not may_see(account.wall):
        raise InvalidRequestError("person_id", person_id, unseen)
    if person_id != actor.id:
        text = f"{actor.name} gave you {what}."
        notify(person_id, kind=kind, text=text, uow=uow, now=now)
