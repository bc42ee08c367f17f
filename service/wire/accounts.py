"""Shapes of people and access: accounts, passwords, sessions and keys."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from data.schemas.values import Record, Text
from data.schemas.vocabulary import Role, Scope

MAX_WALL = 1_000
MAX_TOKEN = 20_000
LogIn = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._@+-]{0,99}$")]
"""Small letters and digits; what people type is read without regard to case."""
FullName = Annotated[Text, Field(min_length=1, max_length=200)]
Email = Annotated[Text, Field(max_length=200, pattern=r"^([^@\s]+@[^@\s]+)?$")]
Subject = Annotated[Text, Field(max_length=200)]
Password = Annotated[str, Field(min_length=1, max_length=1_000, repr=False)]
Names = tuple[Annotated[Text, Field(min_length=1, max_length=200)], ...]
Roles = Annotated[tuple[Role, ...], Field(max_length=len(Role))]


class WallView(Record):
    """What somebody sees; None stands for everything, an empty list for nothing."""

    client_ids: Annotated[Names, Field(max_length=MAX_WALL)] | None = None
    business_units: Annotated[Names, Field(max_length=MAX_WALL)] | None = None


class AccountView(Record):
    """A person who may log in, or once could."""

    person_id: str
    login: str
    name: str
    email: str
    roles: tuple[Role, ...]
    is_active: bool
    is_trainee: bool
    wall: WallView
    must_change_password: bool
    """A one-time password waits to be used."""
    locked_until: datetime | None
    sessions: int
    """On how many devices the person is logged in now."""
    last_seen_at: datetime | None
    """When one of those was last used."""
    absent_until: datetime | None
    subject: str | None
    """The person's name at the company's own log-in."""


class AccountPage(Record):
    """Everybody, by name."""

    accounts: tuple[AccountView, ...]
    has_outside_log_in: bool
    """People come in by the company's own log-in; passwords of ours do not count."""
    has_outside_roles: bool
    """The company's directory gives roles, anew at each log-in."""
    next_cursor: str | None = None


class ClientSide(Record):
    """A client that a wall may stand around."""

    id: str
    name: str


class SidesView(Record):
    """What walls can be built of."""

    clients: tuple[ClientSide, ...]
    business_units: tuple[str, ...]


class AccountChange(Record):
    """An account as it shall be from now on; whatever rights change end its sessions."""

    name: FullName
    email: Email = ""
    roles: Roles
    is_active: bool = True
    is_trainee: bool = False
    wall: WallView = WallView()
    subject: Subject | None = None


class InvitationRequest(AccountChange):
    """A person who may log in from now on."""

    login: LogIn


class Invitation(Record):
    """The account, with what the person logs in with the first time."""

    account: AccountView
    one_time_password: str | None = Field(repr=False)
    """Shown this once; None where people come in by the company's own log-in."""


class OneTimePassword(Record):
    """Opens the way to an own password; shown this once."""

    one_time_password: str = Field(repr=False)


class PasswordChange(Record):
    """A person's own password, old and new."""

    current_password: Password
    new_password: Password


class SessionView(Record):
    """One device a person is logged in on."""

    id: str
    """Part of the hash of its token: good to tell sessions apart, and for nothing else."""
    device: str
    opened_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    is_current: bool


class SessionPage(Record):
    """A person's live sessions, newest first."""

    sessions: tuple[SessionView, ...]


class SessionRequest(Record):
    """The identity token of the company's own log-in, to be exchanged once."""

    identity_token: Annotated[str, Field(min_length=1, max_length=MAX_TOKEN, repr=False)]
    device: Annotated[str, Field(max_length=1_000)] = ""


class SessionAnswer(Record):
    """A session of ours."""

    token: str = Field(repr=False)
    expires_at: datetime


class KeyView(Record):
    """A workflow's key, without the key."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    wall: WallView
    is_revoked: bool
    created_at: datetime | None


class KeyPage(Record):
    """Every key there ever was, newest first."""

    keys: tuple[KeyView, ...]
    next_cursor: str | None = None


class KeyRequest(Record):
    """What a workflow needs a key for, and what it may do."""

    name: Annotated[Text, Field(min_length=1, max_length=200)]
    scopes: Annotated[tuple[Scope, ...], Field(min_length=1, max_length=len(Scope))]
    wall: WallView = WallView()


class NewKey(Record):
    """The key itself, shown this once; only its hash is stored."""

    key: KeyView
    secret: str = Field(repr=False)
