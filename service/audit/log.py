"""Gives committed audit entries their place in the tree: writers insert, one leader sequences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from service.audit.checkpoint import Checkpoint
from service.audit.errors import (
    LeavesMissingError,
    LogForkedError,
    LogShrankError,
    NothingStagedError,
)
from service.audit.merkle import CompactRange, leaf_hash

ENTRIES_PER_CALL = 5_000
"""Bounds one transaction to some tens of milliseconds (measured in the engine study)."""
HASHES_PER_READ = 100_000
"""Three megabytes a read while the tree is rebuilt."""

Pending = tuple[int, bytes]
"""Entry id and body as stored, not sequenced yet."""
Leaf = tuple[int, int, bytes]
"""Index in the log, entry id, leaf hash."""


class PendingStore(Protocol):
    """What the sequencer needs of storage, all within the caller's open transaction."""

    def take_pending(self, limit: int, /) -> Sequence[Pending]:
        """Remove and return at most `limit` pending entries, in insertion order."""

    def append_leaves(self, leaves: list[Leaf], /) -> None:
        """Store leaves; refuses an index or entry id that is already there."""

    def tree_size(self) -> int:
        """How many leaves are stored."""

    def leaf_hashes(self, *, start: int, stop: int) -> Sequence[bytes]:
        """The stored leaf hashes with `start` <= index < `stop`, by index."""


class Sequencer:
    """Extends the log, and states its size and root once they are durable.

    For one thread of one process at a time. In each round:

    1. in a transaction that holds the leader's lock, `sequence_once(store)`;
    2. after its commit `commit_succeeded()`; after a failure, or when the outcome is unknown,
       `discard()` (or nothing: the next round starts from what the store really holds);
    3. when `due_checkpoint(at=...)` gives one: sign it, keep it outside the database, then
       `checkpoint_kept(...)`.

    The store is the truth and this object a cache of its tree: memory advances only in
    `commit_succeeded()`, and what other leaders sequenced meanwhile is read in. A store that is
    shorter than what was committed or signed, or that has another history than the newest kept
    checkpoint, is never extended, so no two signed checkpoints can contradict each other.
    """

    def __init__(self, *, origin: str, newest_kept: Checkpoint | None) -> None:
        self._origin = origin
        self._newest_kept = newest_kept
        self._committed: CompactRange | None = None
        self._staged: CompactRange | None = None

    def sequence_once(self, store: PendingStore) -> int:
        """Sequence pending entries in the caller's transaction; returns how many.

        Raises LogShrankError, LogForkedError or LeavesMissingError when stored rows were lost or
        changed.
        """
        self.discard()
        tree = self._tree_of(store)
        pending = store.take_pending(ENTRIES_PER_CALL)
        leaves = [
            (index, entry_id, leaf_hash(body))
            for index, (entry_id, body) in enumerate(pending, start=tree.size)
        ]
        if leaves:
            store.append_leaves(leaves)
        self._staged = tree.extended(leaf for _, _, leaf in leaves)
        return len(leaves)

    def commit_succeeded(self) -> None:
        """Adopt the tree of the last `sequence_once`; raises NothingStagedError without one."""
        if self._staged is None:
            raise NothingStagedError
        self._committed, self._staged = self._staged, None

    def discard(self) -> None:
        """Forget the last `sequence_once`; harmless at any time."""
        self._staged = None

    @property
    def is_behind(self) -> bool:
        """Whether the store was not looked at yet, or has leaves that no kept checkpoint covers."""
        tree, kept = self._committed, self._newest_kept
        return tree is None or kept is None or kept.size < tree.size

    def due_checkpoint(self, *, at: datetime) -> Checkpoint | None:
        """The committed size and root, when no kept checkpoint covers them yet.

        A new log owes its first checkpoint while still empty: it shows that the log had a birth.
        """
        tree = self._committed
        if tree is None or not self.is_behind:
            return None
        return Checkpoint(origin=self._origin, size=tree.size, root=tree.root, at=at)

    def checkpoint_kept(self, checkpoint: Checkpoint) -> None:
        """Note that `checkpoint` is safe outside the database."""
        self._newest_kept = checkpoint

    def _tree_of(self, store: PendingStore) -> CompactRange:
        """The tree of all stored leaves, proven to continue what was committed and signed."""
        tree = self._committed or CompactRange()
        signed = self._newest_kept
        stored_size = store.tree_size()
        known_size = max(tree.size, signed.size if signed else 0)
        if stored_size < known_size:
            raise LogShrankError(known_size=known_size, stored_size=stored_size)
        if signed is not None and tree.size < signed.size:
            tree = _read_on(store, tree=tree, stop=signed.size)
            if tree.root != signed.root:
                raise LogForkedError(size=signed.size)
        return _read_on(store, tree=tree, stop=stored_size)


def _read_on(store: PendingStore, *, tree: CompactRange, stop: int) -> CompactRange:
    while tree.size < stop:
        page_stop = min(stop, tree.size + HASHES_PER_READ)
        hashes = store.leaf_hashes(start=tree.size, stop=page_stop)
        if len(hashes) != page_stop - tree.size:
            raise LeavesMissingError(start=tree.size, stop=page_stop, found=len(hashes))
        tree = tree.extended(hashes)
    return tree
