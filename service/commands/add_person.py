"""Give people log-ins and workflows keys, at the machine itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from data.schemas.vocabulary import Role, Scope
from service.api.passwords import Passwords
from service.clock import SystemClock, SystemIds, random_token
from service.commands.opened import opened, opened_for_reading
from service.domain.account import Account, ApiKey
from service.domain.errors import NotFoundError
from service.ports.stores import UnitOfWork
from service.settings import Settings
from service.usecases.people.change_access import change_access, is_admin
from service.usecases.people.invite_person import invite_person
from service.usecases.people.log_in import hash_of, normal
from service.usecases.people.make_key import make_key
from service.usecases.people.reset_password import reset_password

SHELL = "command-line"
"""The actor of what is done at the machine itself."""
FIRST_ADMIN = "admin"


def add_person(
    settings: Settings, *, login: str, name: str, password: str, roles: Collection[Role]
) -> None:
    """Give a person a log-in, or change name, password and roles of one.

    Raises WeakPasswordError.
    """
    password_hash = Passwords().hash(password, login=normal(login), name=name)
    with opened(settings) as work, work() as uow:
        known = uow.accounts.by_login(normal(login)) or _new(login)
        wished = replace(
            known.with_own_password(password_hash),
            name=name,
            roles=frozenset(roles),
            is_active=True,
        )
        _put(wished, uow)


def add_person_once(settings: Settings, *, login: str, name: str, roles: Collection[Role]) -> str:
    """Do the same with a one-time password, and give it; the person chooses their own."""
    password, password_hash = Passwords().one_time()
    with opened(settings) as work, work() as uow:
        known = uow.accounts.by_login(normal(login)) or _new(login)
        wished = known.with_one_time_password(password_hash)
        _put(replace(wished, name=name, roles=frozenset(roles), is_active=True), uow)
    return password


def reset_person(settings: Settings, *, login: str) -> str:
    """Give a person a one-time password; their sessions end. Raises NotFoundError."""
    password, password_hash = Passwords().one_time()
    with opened(settings) as work, work() as uow:
        account = uow.accounts.by_login(normal(login))
        if account is None:
            raise NotFoundError("person", login)
        reset_password(
            account.person_id,
            password_hash=password_hash,
            actor_id=SHELL,
            uow=uow,
            now=SystemClock().now(),
        )
    return password


def people(settings: Settings) -> list[Account]:
    """Give everybody who may log in, or once could, by name."""
    with opened_for_reading(settings) as read, read() as uow:
        return uow.accounts.everybody()


def first_admin(settings: Settings) -> str | None:
    """Make somebody who can let others in, where nobody can; gives their one-time password.

    Where people come in by the company's own log-in, its directory says who that is.
    """
    if settings.oidc_issuer or any(is_admin(one) for one in people(settings)):
        return None
    return add_person_once(
        settings, login=FIRST_ADMIN, name="Administrator", roles=frozenset({Role.ADMIN})
    )


def add_key(settings: Settings, *, name: str, scopes: Collection[Scope]) -> str:
    """Give a workflow a key; it is shown once and stored as a hash."""
    secret, now = f"csk_{random_token()}", SystemClock().now()
    key = ApiKey(
        id=SystemIds().new("key"),
        name=name,
        key_sha256=hash_of(secret),
        scopes=frozenset(scopes),
        created_at=now,
    )
    with opened(settings) as work, work() as uow:
        make_key(key, actor_id=SHELL, uow=uow, now=now)
    return secret


def _new(login: str) -> Account:
    return Account(
        person_id=f"person-{normal(login)}",
        login=normal(login),
        name=login,
        password_hash="",
        roles=frozenset(),
    )


def _put(account: Account, uow: UnitOfWork) -> None:
    now = SystemClock().now()
    if uow.accounts.by_person(account.person_id) is None:
        invite_person(account, actor_id=SHELL, uow=uow, now=now)
    else:
        change_access(account, actor_id=SHELL, uow=uow, now=now)
