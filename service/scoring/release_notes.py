"""Write down in the trail which bundle came into force, and what that thaws or freezes again."""

from __future__ import annotations

from datetime import datetime

from data.schemas.vocabulary import AuditEvent
from models.bundle import NO_BUNDLE, Bundle
from models.watched_promise import frozen_segments
from service.domain.actor import POLICY
from service.domain.audit_entry import AuditEntry
from service.ports.stores import UnitOfWork
from service.scoring.champion import Change

OLDER_BUNDLE = "the bundle put in force was certified before the alarm"


def note_champion(change: Change, *, bundle: Bundle | None, uow: UnitOfWork, now: datetime) -> None:
    """Write a change of champion down once, whichever process sees it first."""
    subject = change.bundle or NO_BUNDLE
    events = (AuditEvent.BUNDLE_PROMOTED, AuditEvent.BUNDLE_ROLLED_BACK)
    known = _last_subject(uow, *events)
    if known == subject:
        return
    is_rollback = change.is_rollback or change.bundle is None
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.BUNDLE_ROLLED_BACK if is_rollback else AuditEvent.BUNDLE_PROMOTED,
            at=now,
            actor_id=POLICY.id,
            subject=subject,
            facts={"before": change.before or known, "version": change.version},
        )
    )
    _note_segments(bundle, uow=uow, now=now)


def note_challenger(change: Change, *, uow: UnitOfWork, now: datetime) -> None:
    """Write down that another bundle, or none, is asked beside the champion."""
    subject = change.bundle or "none"
    if _last_subject(uow, AuditEvent.CHALLENGER_CHANGED) == subject:
        return
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.CHALLENGER_CHANGED,
            at=now,
            actor_id=POLICY.id,
            subject=subject,
            facts={"before": change.before, "version": change.version},
        )
    )


def _note_segments(bundle: Bundle | None, *, uow: UnitOfWork, now: datetime) -> None:
    """Tell which segments a new champion thaws, and which an older one freezes again."""
    alarms = uow.watches.newest_alarms()
    frozen = frozen_segments({name: one.at for name, one in alarms.items()}, bundle=bundle)
    was_frozen = {
        body["subject"]: body["event"] == AuditEvent.SEGMENT_FROZEN
        for body in uow.audit.entries(AuditEvent.SEGMENT_FROZEN, AuditEvent.SEGMENT_THAWED)
    }
    for segment in alarms:
        is_frozen = segment in frozen
        if is_frozen == was_frozen.get(segment, False):
            continue
        event = AuditEvent.SEGMENT_FROZEN if is_frozen else AuditEvent.SEGMENT_THAWED
        facts: dict[str, object] = {"bundle": bundle.id if bundle else NO_BUNDLE}
        if is_frozen:
            facts["why"] = OLDER_BUNDLE
        uow.audit.record(
            AuditEntry(event=event, at=now, actor_id=POLICY.id, subject=segment, facts=facts)
        )


def _last_subject(uow: UnitOfWork, *events: AuditEvent) -> str | None:
    last = None
    for body in uow.audit.entries(*events):
        last = body["subject"]
    return last
