"""Puts audit entries in order beside the writer, and signs what was ordered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, Engine

from service.audit.checkpoint import parse_and_verify, sign
from service.audit.checkpoint_file import keep_checkpoint, latest_checkpoint
from service.audit.key_files import load_signing_key
from service.audit.log import Sequencer
from service.home import AUDIT_ORIGIN
from service.ports.clock import Clock
from service.settings import Settings
from service.store.audit_trail import SqlPendingStore, has_pending

CHECKPOINT_SECONDS = 1.0


class Sequencing:
    """Orders audit entries on the writer's tick, and each second signs what it ordered."""

    def __init__(self, settings: Settings, clock: Clock, *, read: Engine) -> None:
        self._key = load_signing_key(settings.secrets_folder)
        self._folder = settings.checkpoints_folder
        self._clock = clock
        self._read = read
        kept = latest_checkpoint(self._folder)
        newest = None if kept is None else parse_and_verify(kept, public_key=self._key.public)
        self._sequencer = Sequencer(origin=AUDIT_ORIGIN, newest_kept=newest)
        self._last_signed: datetime | None = None

    def is_due(self) -> bool:
        """Say whether there is anything to order or to sign."""
        if self._sequencer.is_behind:
            return True
        with self._read.connect() as connection:
            return has_pending(connection)

    def order(self, connection: Connection) -> Callable[[], None]:
        """Order what is pending; what it gives back is called after the commit."""
        self._sequencer.sequence_once(SqlPendingStore(connection))
        return self._after_commit

    def _after_commit(self) -> None:
        self._sequencer.commit_succeeded()
        now, last = self._clock.now(), self._last_signed
        if last is not None and (now - last).total_seconds() < CHECKPOINT_SECONDS:
            return
        due = self._sequencer.due_checkpoint(at=now)
        if due is not None:
            keep_checkpoint(sign(due, key=self._key), directory=self._folder)
            self._sequencer.checkpoint_kept(due)
            self._last_signed = now
