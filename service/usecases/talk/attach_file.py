"""Put a file beside a case: evidence that stays as it was given."""

from __future__ import annotations

from datetime import datetime

from data.schemas.vocabulary import AuditEvent, CaseStatus
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.domain.errors import InvalidRequestError, NotFoundError, WrongStateError
from service.domain.talk import Attachment
from service.ports.attachment_files import KeptFile
from service.ports.clock import Ids
from service.ports.stores import UnitOfWork
from service.usecases.queue.see_case import see_case
from service.usecases.talk.comment_on_case import TALKERS

ENDED = frozenset({CaseStatus.DECIDED, CaseStatus.CLOSED})
"""What a decision was based on is complete with it; what comes later is said in a comment."""
MOST_ATTACHMENTS = 50


def open_for_files(case_id: str, *, actor: Actor, uow: UnitOfWork) -> Case:
    """Give a case that the actor may put a file beside, before a file is taken at all.

    Raises NotFoundError, NotAllowedError, and WrongStateError for a case that has ended.
    """
    actor.require_role(*sorted(TALKERS))
    case = see_case(case_id, actor=actor, uow=uow)
    if case.status in ENDED:
        raise WrongStateError(case.id, status=case.status, step="given another file")
    if len(uow.talk.attachments(case.id)) >= MOST_ATTACHMENTS:
        reason = f"has {MOST_ATTACHMENTS} files already; put several into one"
        raise InvalidRequestError("case", case.id, reason)
    return case


def attach_file(
    case_id: str, *, file: KeptFile, actor: Actor, uow: UnitOfWork, now: datetime, ids: Ids
) -> Attachment:
    """Append a kept file to a case; the trail holds its hash.

    The same bytes under the same name are one attachment, however often they are sent.
    """
    case = open_for_files(case_id, actor=actor, uow=uow)
    for attached in uow.talk.attachments(case.id):
        if (attached.sha256, attached.name) == (file.sha256, file.name):
            return attached
    attachment = Attachment(
        id=ids.new("att"),
        case_id=case.id,
        name=file.name,
        media_type=file.media_type,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        by_id=actor.id,
        at=now,
    )
    uow.talk.add_attachment(attachment)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.FILE_ATTACHED,
            at=now,
            actor_id=actor.id,
            subject=case.id,
            facts={
                "attachment": attachment.id,
                "name": attachment.name,
                "sha256": attachment.sha256,
                "size_bytes": attachment.size_bytes,
            },
        )
    )
    return attachment


def see_attachment(attachment_id: str, *, actor: Actor, uow: UnitOfWork) -> Attachment:
    """Give an attachment of a case on the actor's side of the wall. Raises NotFoundError."""
    attachment = uow.talk.attachment(attachment_id)
    if attachment is not None:
        case = uow.cases.get(attachment.case_id)
        if case is not None and actor.sees(
            client_id=case.client_id, business_unit=case.business_unit
        ):
            return attachment
    raise NotFoundError("attachment", attachment_id)
