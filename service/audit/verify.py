"""Proves offline that the log is whole and unaltered, from its rows, checkpoints and public key."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from service.audit.checkpoint import Checkpoint, parse_and_verify
from service.audit.errors import ForgedNoteError, UnreadableNoteError
from service.audit.merkle import LEAF_PREFIX, CompactRange
from service.audit.problems import ProblemKind, ProblemList, Verification
from service.audit.signed_note import PublicKey

StoredRow = tuple[object, object, object]
"""Index, body and leaf hash exactly as the storage gave them, whatever their types."""
_ROWS_PER_STEP = 4_096
"""Leaves are added to the tree in steps of this many rows; it bounds memory, not the result."""


def verify_log(
    rows: Iterable[StoredRow],
    *,
    kept: Iterable[str],
    public_key: PublicKey,
    body_type: type[str | bytes] = str,
) -> Verification:
    """Check every row (by index, from 0) and every kept checkpoint; nothing is trusted but the key.

    1. Each kept checkpoint must be signed by `public_key`; bad ones are problems and vouch for
       nothing.
    2. Each row must be in its place, of its stored type (`body_type` for bodies), and hash to its
       stored leaf hash.
    3. The tree rebuilt from the bodies must give the root of EVERY checkpoint at its size: each
       is then a prefix of the log, and all are consistent with each other.
    4. The log must reach its newest checkpoint, and there must be one.
    """
    problems = ProblemList()
    checkpoints = _opened(kept, public_key=public_key, problems=problems)
    walk = LogWalk(checkpoints, body_type=body_type, problems=problems)
    for row in rows:
        walk.take(*row)
    walk.finish()
    return Verification(
        entries=walk.entries,
        checkpoints=len(checkpoints),
        entries_vouched=walk.vouched,
        problems=problems.found(),
    )


def _opened(
    kept: Iterable[str], *, public_key: PublicKey, problems: ProblemList
) -> list[Checkpoint]:
    """The valid checkpoints, smallest first."""
    checkpoints = []
    for number, note in enumerate(kept, start=1):
        try:
            checkpoints.append(parse_and_verify(note, public_key=public_key))
        except (UnreadableNoteError, ForgedNoteError) as error:
            kind = (
                ProblemKind.CHECKPOINT_FORGED
                if isinstance(error, ForgedNoteError)
                else ProblemKind.CHECKPOINT_UNREADABLE
            )
            problems.add(kind, rows=None, why=f"Kept checkpoint {number}: {error}.")
    return sorted(checkpoints, key=lambda one: one.size)


class LogWalk:
    """One pass over the rows, with the tree up to the current row; it may pause between rows.

    `checkpoints` are valid ones, smallest first; what is wrong is added to `problems`.
    """

    def __init__(
        self,
        checkpoints: list[Checkpoint],
        *,
        body_type: type[str | bytes],
        problems: ProblemList,
    ) -> None:
        self.entries = 0
        self.vouched = 0
        self._problems = problems
        self._body_type = body_type
        self._ahead = checkpoints[::-1]
        self._newest_size = checkpoints[-1].size if checkpoints else None
        self._next_index = 0
        self._tree = CompactRange()
        self._leaves: list[bytes] = []
        self._is_rebuildable = True
        self._pause_at = 0
        self._compare_checkpoints()

    def take(self, index: object, body: object, stored_hash: object) -> None:
        """Check the next row and add it to the tree."""
        self.entries += 1
        is_in_place = type(index) is int and index == self._next_index
        row = self._next_index if is_in_place else self._misplaced(index)
        leaf = self._leaf(body, row=row)
        if leaf is not None and leaf != stored_hash:
            self._altered(stored_hash, row=row)
        self._next_index = max(self._next_index, row + 1)
        if leaf is None or not self._is_rebuildable:
            self._is_rebuildable = False
            return
        self._leaves.append(leaf)
        if self._next_index == self._pause_at:
            self._compare_checkpoints()

    def finish(self) -> None:
        """Check that the log reaches its newest checkpoint."""
        if self._newest_size is None:
            self._problems.add(
                ProblemKind.NO_CHECKPOINT, rows=None, why=f"It has {self.entries} rows."
            )
        elif self._next_index < self._newest_size:
            # Cutting the tail and deleting earlier rows with renumbering look the same from here:
            # certain is only that everything before the last matching checkpoint is in place.
            self._problems.add(
                ProblemKind.LOG_CUT,
                rows=(self.vouched, self._next_index),
                why=f"{self._newest_size} rows were signed for, {self._next_index} are there; "
                f"the missing ones begin at row {self.vouched} at the earliest and row "
                f"{self._next_index} at the latest.",
            )

    def _leaf(self, body: object, *, row: int) -> bytes | None:
        """The hash of a body, or None when there is nothing to hash."""
        if type(body) is not self._body_type:
            self._wrong_type("body", value=body, expected=self._body_type, row=row)
        if isinstance(body, str):
            # A lone surrogate cannot have been stored; its hash will differ and name the row.
            body = body.encode(errors="replace")
        return sha256(LEAF_PREFIX + body).digest() if isinstance(body, bytes) else None

    def _compare_checkpoints(self) -> None:
        """Bring the tree up to the current row and hold it against checkpoints of this size."""
        self._tree = self._tree.extended(self._leaves)
        self._leaves.clear()
        while self._ahead and self._ahead[-1].size == self._tree.size:
            self._compare(self._ahead.pop())
        self._pause_at = self._tree.size + _ROWS_PER_STEP
        if self._ahead:
            self._pause_at = min(self._pause_at, self._ahead[-1].size)

    def _compare(self, checkpoint: Checkpoint) -> None:
        if checkpoint.root == self._tree.root:
            self.vouched = checkpoint.size
            return
        rows = (self.vouched, checkpoint.size - 1)
        self._problems.add(
            ProblemKind.HISTORY_REWRITTEN,
            rows=rows if checkpoint.size else None,
            why=f"The checkpoint of size {checkpoint.size} disproves rows {rows[0]} to {rows[1]}.",
        )

    def _misplaced(self, index: object) -> int:
        """Report a wrong index and give the row to name; from here the tree cannot be rebuilt."""
        self._is_rebuildable = False
        expected = self._next_index
        if type(index) is not int:
            self._wrong_type("index", value=index, expected=int, row=expected)
            return expected
        is_gap = index > expected
        self._problems.add(
            ProblemKind.ROW_MISSING if is_gap else ProblemKind.ROW_OUT_OF_PLACE,
            rows=(expected, index - 1) if is_gap else (max(index, 0), expected),
            why=f"Index {index} stands where {expected} belongs.",
        )
        return index

    def _altered(self, stored_hash: object, *, row: int) -> None:
        if type(stored_hash) is not bytes:
            self._wrong_type("leaf hash", value=stored_hash, expected=bytes, row=row)
            return
        self._problems.add(
            ProblemKind.ROW_ALTERED, rows=(row, row), why=f"It is the row with index {row}."
        )

    def _wrong_type(self, column: str, *, value: object, expected: type, row: int) -> None:
        found = type(value).__name__
        self._problems.add(
            ProblemKind.STORAGE_TYPE,
            rows=(row, row),
            why=f"In row {row} the {column} is {found} instead of {expected.__name__}.",
        )
