"""Keep what a person chose for their own screens."""

from __future__ import annotations

from dataclasses import replace

from pydantic import ValidationError

from service.domain.account import Account
from service.domain.errors import NotFoundError
from service.ports.stores import UnitOfWork
from service.wire.preferences import Preferences


def save_preferences(person_id: str, preferences: Preferences, *, uow: UnitOfWork) -> None:
    """Store a person's preferences; they are no right, so the trail does not have them.

    Raises NotFoundError.
    """
    account = uow.accounts.by_person(person_id)
    if account is None:
        raise NotFoundError("person", person_id)
    uow.accounts.save(replace(account, preferences=preferences.model_dump_json()))


def preferences_of(account: Account) -> Preferences:
    """Give what the person chose; what no longer fits our shapes is as if nothing were chosen."""
    try:
        return Preferences.model_validate_json(account.preferences)
    except ValidationError:
        return Preferences()
