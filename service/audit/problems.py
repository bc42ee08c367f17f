"""What a verifier can find wrong with the log, in words an auditor can act on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ProblemKind(StrEnum):
    """One kind of damage."""

    ROW_MISSING = "row_missing"
    ROW_OUT_OF_PLACE = "row_out_of_place"
    STORAGE_TYPE = "storage_type"
    ROW_ALTERED = "row_altered"
    HISTORY_REWRITTEN = "history_rewritten"
    LOG_CUT = "log_cut"
    CHECKPOINT_UNREADABLE = "checkpoint_unreadable"
    CHECKPOINT_FORGED = "checkpoint_forged"
    NO_CHECKPOINT = "no_checkpoint"


_WHAT = {
    ProblemKind.ROW_MISSING: "Rows were deleted.",
    ProblemKind.ROW_OUT_OF_PLACE: "A row was inserted, repeated or moved.",
    ProblemKind.STORAGE_TYPE: "A value is stored with another type than it was written with.",
    ProblemKind.ROW_ALTERED: "A row's body and its stored hash do not fit together.",
    ProblemKind.HISTORY_REWRITTEN: "The log does not give the root of a signed checkpoint.",
    ProblemKind.LOG_CUT: "The log is shorter than its newest signed checkpoint.",
    ProblemKind.CHECKPOINT_UNREADABLE: "A kept checkpoint cannot be read.",
    ProblemKind.CHECKPOINT_FORGED: "A kept checkpoint is not signed by the log's key.",
    ProblemKind.NO_CHECKPOINT: "No valid checkpoint vouches for the log.",
}

_RESTORE = "Keep this copy as evidence, and compare with a backup or an export of that time."
_REMEDY = {
    ProblemKind.ROW_MISSING: _RESTORE,
    ProblemKind.ROW_OUT_OF_PLACE: _RESTORE,
    ProblemKind.STORAGE_TYPE: f"Check the disk and who can write to the table. {_RESTORE}",
    ProblemKind.ROW_ALTERED: (
        "Without a rewritten history beside it the body is proven and only the stored hash is "
        f"damaged; otherwise the body was edited. {_RESTORE}"
    ),
    ProblemKind.HISTORY_REWRITTEN: f"At least one row of the range was changed. {_RESTORE}",
    ProblemKind.LOG_CUT: f"Rows were cut off or an old backup was restored. {_RESTORE}",
    ProblemKind.CHECKPOINT_UNREADABLE: "Verify with the copy kept at the other site.",
    ProblemKind.CHECKPOINT_FORGED: (
        "Check that the public key is the one received when the log was set up; then verify with "
        "the copy kept at the other site."
    ),
    ProblemKind.NO_CHECKPOINT: (
        "Bring the checkpoints kept outside the database; without one, deleted or rewritten rows "
        "cannot be seen."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """The first occurrence of one kind of damage, and how often it occurs.

    The rows `first_index` to `last_index` hold the first bad one; equal when it is known exactly,
    None when the damage is not in a row.
    """

    kind: ProblemKind
    first_index: int | None
    last_index: int | None
    count: int
    what: str
    why: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what} {self.why} {self.remedy}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a verifier read, how much of it valid checkpoints vouch for, and what is wrong."""

    entries: int
    checkpoints: int
    entries_vouched: int
    problems: tuple[Problem, ...]

    @property
    def is_verified(self) -> bool:
        """Whether nothing at all is wrong."""
        return not self.problems


class ProblemList:
    """Collects problems: of each kind the first, and a count, so memory stays bounded."""

    def __init__(self) -> None:
        self._first: dict[ProblemKind, tuple[int | None, int | None, str]] = {}
        self._counts: dict[ProblemKind, int] = {}

    def add(self, kind: ProblemKind, *, rows: tuple[int, int] | None, why: str) -> None:
        """Note one occurrence; `rows` are the first and last row it may lie in."""
        self._counts[kind] = self._counts.get(kind, 0) + 1
        self._first.setdefault(kind, (*(rows or (None, None)), why))

    def found(self) -> tuple[Problem, ...]:
        """All kinds found: those of rows first, in the order in which the walk met them."""
        problems = [self._problem(kind) for kind in self._first]
        return tuple(sorted(problems, key=lambda problem: problem.first_index is None))

    def _problem(self, kind: ProblemKind) -> Problem:
        first_index, last_index, why = self._first[kind]
        return Problem(
            kind=kind,
            first_index=first_index,
            last_index=last_index,
            count=self._counts[kind],
            what=_WHAT[kind],
            why=why,
            remedy=_REMEDY[kind],
        )
