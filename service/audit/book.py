"""The log of a running service: checked in steps that stay short, and proved entry by entry."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from service.audit import offline_check
from service.audit.checkpoint import Checkpoint, parse_and_verify
from service.audit.errors import ForgedNoteError, UnreadableNoteError
from service.audit.merkle import inclusion_proofs
from service.audit.problems import ProblemKind, ProblemList
from service.audit.signed_note import PublicKey
from service.audit.verify import LogWalk, StoredRow
from service.ports.audit_book import SignedProofs
from service.wire.audit import AuditProblem, AuditVerification

ROWS_PER_CHECK = 100_000
"""About a second of work: whoever asks waits no longer, and asks again for the rest."""


class LogRows(Protocol):
    """The log as the storage holds it."""

    def rows(self, *, start: int, stop: int) -> Iterator[StoredRow]:
        """Give the stored rows of an index range, by index."""
        ...

    def leaf_hashes(self, *, stop: int) -> Sequence[bytes]:
        """Give the stored leaf hashes below an index, by index."""
        ...

    def waiting(self, *, signed: int) -> int:
        """Count the entries that no head of this size covers."""
        ...


@dataclass(slots=True)
class _Round:
    """One pass over the log up to the head that was the newest when it began."""

    head: Checkpoint | None
    problems: ProblemList
    walk: LogWalk
    rows_read: int = 0
    is_complete: bool = False

    @property
    def size(self) -> int:
        return 0 if self.head is None else self.head.size


class RunningAuditBook:
    """Checks the log against its newest signed head, and proves entries under that head.

    A check begun is gone on with by the next call, until it reaches the head; then a new round
    begins from the first entry. Safe to share between threads.
    """

    def __init__(
        self, *, public_key: PublicKey, newest_note: Callable[[], str | None], rows: LogRows
    ) -> None:
        self._public_key = public_key
        self._newest_note = newest_note
        self._rows = rows
        self._lock = threading.Lock()
        self._round: _Round | None = None
        self._last_complete_at: datetime | None = None

    def check(self, *, now: datetime) -> AuditVerification:
        """Check up to ROWS_PER_CHECK further entries; the newest head is looked at each time."""
        began = time.perf_counter()
        with self._lock:
            under_way = self._round
            if under_way is None or under_way.is_complete:
                under_way = self._round = self._new_round()
            self._go_on(under_way)
            if under_way.is_complete:
                self._last_complete_at = now
            return self._told(under_way, seconds=time.perf_counter() - began)

    def prove(self, indexes: Sequence[int]) -> SignedProofs:
        """Prove the entries among these that the newest signed head vouches for."""
        note = self._newest_note() or ""
        size = parse_and_verify(note, public_key=self._public_key).size if note else 0
        covered = [index for index in indexes if index < size]
        hashes = self._rows.leaf_hashes(stop=size) if covered else ()
        return SignedProofs(
            checkpoint=note,
            public_key=self._public_key.text,
            size=size,
            proofs=inclusion_proofs(hashes, indexes=covered) if covered else {},
            check_program=Path(offline_check.__file__).read_text(encoding="utf-8"),
        )

    def _new_round(self) -> _Round:
        problems = ProblemList()
        head = self._head(problems)
        checkpoints = [] if head is None else [head]
        return _Round(
            head=head,
            problems=problems,
            walk=LogWalk(checkpoints, body_type=str, problems=problems),
        )

    def _head(self, problems: ProblemList) -> Checkpoint | None:
        note = self._newest_note()
        if note is None:
            return None
        try:
            return parse_and_verify(note, public_key=self._public_key)
        except UnreadableNoteError as error:
            problems.add(ProblemKind.CHECKPOINT_UNREADABLE, rows=None, why=str(error))
        except ForgedNoteError as error:
            problems.add(ProblemKind.CHECKPOINT_FORGED, rows=None, why=str(error))
        return None

    def _go_on(self, under_way: _Round) -> None:
        start = under_way.rows_read
        stop = min(under_way.size, start + ROWS_PER_CHECK)
        for row in self._rows.rows(start=start, stop=stop):
            under_way.walk.take(*row)
        under_way.rows_read = stop
        if stop == under_way.size:
            under_way.walk.finish()
            under_way.is_complete = True

    def _told(self, under_way: _Round, *, seconds: float) -> AuditVerification:
        head = under_way.head
        problems = under_way.problems.found()
        return AuditVerification(
            is_whole=not problems,
            is_complete=under_way.is_complete,
            entries_signed=under_way.size,
            entries_checked=under_way.walk.entries,
            entries_waiting=self._rows.waiting(signed=under_way.size),
            signed_at=None if head is None else head.at,
            root="" if head is None else base64.b64encode(head.root).decode(),
            last_complete_at=self._last_complete_at,
            seconds=round(seconds, 3),
            problems=tuple(
                AuditProblem(
                    kind=one.kind, what=one.what, why=one.why, remedy=one.remedy, count=one.count
                )
                for one in problems
            ),
        )
