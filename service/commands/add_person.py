"""Give people log-ins and workflows keys."""

from __future__ import annotations

from collections.abc import Collection

from data.schemas.vocabulary import AuditEvent, Role, Scope
from service.api.passwords import Passwords
from service.clock import SystemClock, SystemIds, random_token
from service.commands.opened import opened
from service.domain.account import Account, ApiKey
from service.domain.audit_entry import AuditEntry
from service.settings import Settings
from service.usecases.log_in import hash_of, normal

SHELL = "command-line"
"""The actor of what is done at the machine itself."""


def add_person(
    settings: Settings, *, login: str, name: str, password: str, roles: Collection[Role]
) -> None:
    """Give a person a log-in, or change name, password and roles of one."""
    person_id = f"person-{normal(login)}"
    account = Account(
        person_id=person_id,
        login=normal(login),
        name=name,
        password_hash=Passwords().hash(password),
        roles=frozenset(roles),
    )
    facts = {"roles": sorted(roles)}
    with opened(settings) as work, work() as uow:
        uow.accounts.save(account)
        uow.audit.record(
            AuditEntry(
                event=AuditEvent.ACCESS_CHANGED,
                at=SystemClock().now(),
                actor_id=SHELL,
                subject=person_id,
                facts=facts,
            )
        )


def add_key(settings: Settings, *, name: str, scopes: Collection[Scope]) -> str:
    """Give a workflow a key; it is shown once and stored as a hash."""
    key = f"csk_{random_token()}"
    key_id = SystemIds().new("key")
    with opened(settings) as work, work() as uow:
        uow.accounts.save_key(
            ApiKey(id=key_id, name=name, key_sha256=hash_of(key), scopes=frozenset(scopes))
        )
        uow.audit.record(
            AuditEntry(
                event=AuditEvent.ACCESS_CHANGED,
                at=SystemClock().now(),
                actor_id=SHELL,
                subject=key_id,
                facts={"scopes": sorted(scopes)},
            )
        )
    return key
