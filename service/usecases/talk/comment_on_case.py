"""Say something about a case, and tell those whom the text mentions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from data.schemas.vocabulary import AuditEvent, NotificationKind, Role
from service.domain.account import Account
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.domain.errors import InvalidRequestError
from service.domain.talk import MOST_MENTIONS, Comment, mentions_in
from service.ports.clock import Ids
from service.ports.stores import UnitOfWork
from service.usecases.queue.see_case import see_case
from service.usecases.telling.notify import may_see, notify

TALKERS = frozenset(Role) - {Role.AUDITOR}
"""Auditors read; what they would add could be taken for a part of what they judge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A stored comment, and those of the mentioned who will not read it soon."""

    comment: Comment
    away: tuple[Account, ...]


def comment_on_case(
    case_id: str, *, text: str, actor: Actor, uow: UnitOfWork, now: datetime, ids: Ids
) -> Said:
    """Append a comment and tell everybody it mentions.

    Raises NotFoundError for a case behind the actor's wall, NotAllowedError for keys and auditors,
    InvalidRequestError for a text without words, and for a mention of nobody who may see the case.
    """
    actor.require_role(*sorted(TALKERS))
    case = see_case(case_id, actor=actor, uow=uow)
    if not text.strip():
        raise InvalidRequestError("text", text, "says nothing; write a word")
    mentioned = _mentioned(text, case=case, uow=uow)
    comment = Comment(
        id=ids.new("cmt"),
        case_id=case.id,
        author_id=actor.id,
        text=text.strip(),
        mentioned_ids=tuple(account.person_id for account in mentioned),
        at=now,
    )
    uow.talk.add_comment(comment)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.COMMENT_ADDED,
            at=now,
            actor_id=actor.id,
            subject=case.id,
            facts={
                "comment": comment.id,
                "text_sha256": hashlib.sha256(comment.text.encode()).hexdigest(),
                "mentions": sorted(comment.mentioned_ids),
            },
        )
    )
    told = [person_id for person_id in comment.mentioned_ids if person_id != actor.id]
    notify(
        *told,
        kind=NotificationKind.MENTIONED,
        text=f"{actor.name} mentioned you on case {case.id}.",
        uow=uow,
        now=now,
        case=case,
    )
    away = tuple(account for account in mentioned if account.is_absent(now=now))
    return Said(comment=comment, away=away)


def _mentioned(text: str, *, case: Case, uow: UnitOfWork) -> list[Account]:
    names = mentions_in(text)
    if len(names) > MOST_MENTIONS:
        reason = f"mentions more than {MOST_MENTIONS} people; mention those who must act"
        raise InvalidRequestError("text", f"{len(names)} mentions", reason)
    found = []
    for name in names:
        account = uow.accounts.by_login(name)
        # One answer for nobody and for somebody behind a wall: it must not tell who is there.
        if account is None or not may_see(account, case):
            refused = InvalidRequestError(
                "text", f"@{name}", "nobody of this log-in name may see the case"
            )
            refused.remedy = "Choose from the colleagues listed, or write the name without @."
            raise refused
        found.append(account)
    return found
