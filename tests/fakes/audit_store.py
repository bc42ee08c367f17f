"""The audit tables in memory, with transactions that can be lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from service.audit.log import Leaf, Pending


class LostTransactionError(Exception):
    """The commit failed."""


class InMemoryAuditStore:
    """A PendingStore; `transaction` undoes everything when its block raises."""

    def __init__(self) -> None:
        self.bodies: dict[int, bytes] = {}
        self.pending: list[int] = []
        self.leaves: list[Leaf] = []

    def insert(self, *new_bodies: bytes) -> None:
        for body in new_bodies:
            entry_id = len(self.bodies) + 1
            self.bodies[entry_id] = body
            self.pending.append(entry_id)

    @contextmanager
    def transaction(self) -> Iterator[InMemoryAuditStore]:
        before = dict(self.bodies), list(self.pending), list(self.leaves)
        try:
            yield self
        except BaseException:
            self.bodies, self.pending, self.leaves = before
            raise

    def take_pending(self, limit: int, /) -> Sequence[Pending]:
        taken, self.pending = self.pending[:limit], self.pending[limit:]
        return [(entry_id, self.bodies[entry_id]) for entry_id in taken]

    def append_leaves(self, leaves: list[Leaf], /) -> None:
        known = {entry_id for _, entry_id, _ in self.leaves}
        for index, entry_id, leaf in leaves:
            if index != len(self.leaves) or entry_id in known:
                raise ValueError(f"leaf {index} of entry {entry_id} breaks a unique constraint")
            self.leaves.append((index, entry_id, leaf))

    def tree_size(self) -> int:
        return len(self.leaves)

    def leaf_hashes(self, *, start: int, stop: int) -> Sequence[bytes]:
        return [leaf for _, _, leaf in self.leaves[start:stop]]
