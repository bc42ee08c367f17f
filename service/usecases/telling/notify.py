"""Tell people what concerns them: in the app always, and outside by the ways they chose.

What is told names no client and no amount: it may leave the house, and the link shows the rest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime

from data.schemas.vocabulary import Channel, NotificationKind, Role
from service.domain.account import Account
from service.domain.case import Case
from service.domain.notification import Delivery, Notification
from service.ports.stores import UnitOfWork

DEPUTISED = frozenset({NotificationKind.APPROVAL_NEEDED, NotificationKind.CASE_LATE})
"""Kinds that somebody must act on: while a person is away their deputy is told as well."""
DEFAULT_CHANNELS = frozenset({Channel.IN_APP})


def notify(
    *person_ids: str,
    kind: NotificationKind,
    text: str,
    uow: UnitOfWork,
    now: datetime,
    case: Case | None = None,
) -> None:
    """Tell these people something, each once; who may not see the case is not told."""
    accounts = [uow.accounts.by_person(person_id) for person_id in dict.fromkeys(person_ids)]
    known = [account for account in accounts if account is not None]
    _tell(known, kind=kind, text=text, uow=uow, now=now, case=case)


def notify_role(
    role: Role,
    *,
    kind: NotificationKind,
    text: str,
    uow: UnitOfWork,
    now: datetime,
    case: Case | None = None,
    but_not: frozenset[str] = frozenset(),
) -> None:
    """Tell everybody of a role who may see the case, except the people named."""
    holders = [account for account in uow.accounts.everybody() if role in account.roles]
    told = [account for account in holders if account.person_id not in but_not]
    _tell(told, kind=kind, text=text, uow=uow, now=now, case=case, but_not=but_not)


def may_see(account: Account, case: Case | None) -> bool:
    """Say whether a person is there at all, and the case on their side of the wall."""
    if not account.is_active or not account.roles:
        return False
    return case is None or account.wall.admits(
        client_id=case.client_id, business_unit=case.business_unit
    )


def _tell(
    accounts: Iterable[Account],
    *,
    kind: NotificationKind,
    text: str,
    uow: UnitOfWork,
    now: datetime,
    case: Case | None,
    but_not: frozenset[str] = frozenset(),
) -> None:
    told = {account.person_id: account for account in accounts}
    if kind in DEPUTISED:
        away = [account for account in told.values() if account.is_absent(now=now)]
        for deputy_id in {account.deputy_id for account in away if account.deputy_id} - but_not:
            deputy = uow.accounts.by_person(deputy_id)
            if deputy is not None:
                told.setdefault(deputy_id, deputy)
    for account in told.values():
        if may_see(account, case):
            _write(account, kind=kind, text=text, uow=uow, now=now, case=case)


def _write(
    account: Account,
    *,
    kind: NotificationKind,
    text: str,
    uow: UnitOfWork,
    now: datetime,
    case: Case | None,
) -> None:
    case_id = case.id if case else None
    chosen = channels_of(account, kind)
    note = Notification(
        id=_name(account.person_id, kind, text, case_id, now=now),
        person_id=account.person_id,
        kind=kind,
        text=text,
        case_id=case_id,
        at=now,
        # Whoever wants it elsewhere only still finds it in the list, but is not counted there.
        read_at=None if Channel.IN_APP in chosen else now,
    )
    ways = sorted(chosen - {Channel.IN_APP})
    deliveries = [Delivery(notification_id=note.id, channel=way, due_at=now) for way in ways]
    uow.notifications.add(note, deliveries=deliveries)


def channels_of(account: Account, kind: NotificationKind) -> frozenset[Channel]:
    """Give the ways a person chose for a kind; without an address no e-mail is written."""
    chosen = json.loads(account.preferences).get("notify", {}).get(kind.value)
    ways = DEFAULT_CHANNELS if chosen is None else frozenset(Channel(way) for way in chosen)
    return ways if account.email else ways - {Channel.EMAIL}


def _name(
    person_id: str, kind: NotificationKind, text: str, case_id: str | None, *, now: datetime
) -> str:
    """Name a notification by what it says: the same told twice at one time is told once."""
    said = hashlib.sha256(json.dumps([person_id, kind, text, case_id]).encode()).hexdigest()
    return f"ntf-{int(now.timestamp() * 1_000_000):014x}{said[:16]}"
