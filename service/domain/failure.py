"""A posting in trouble: what failed, how often, and when it is tried again or must be mended."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from data.schemas.vocabulary import FailureKind

LONGEST_REASON_WORDS = 8
KIND_NAMES = {
    FailureKind.TRANSIENT: "No answer",
    FailureKind.AMBIGUOUS: "Answer lost",
    FailureKind.CONFLICT: "Changed in the ledger",
    FailureKind.PERMANENT: "Refused by the ledger",
    FailureKind.STOPPED: "Stopped before it left",
    FailureKind.UNEXPECTED: "Unforeseen",
}
"""What people call each kind."""
DEFINITE = frozenset({FailureKind.PERMANENT, FailureKind.STOPPED})
"""Failures after which nothing of the posting stands in the ledger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What one try came to: its kind, its reason as a short code, and the words for people."""

    kind: FailureKind
    reason: str
    """The same for all that one remedy mends: a gate, or the ledger's words without numbers."""
    told: str
    remedy: str
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The last failure of a posting that is not done, and how it stands."""

    posting_id: str
    kind: FailureKind
    reason: str
    remedy: str
    tries: int
    """Failed tries since the posting began, or since a person had it tried again."""
    attempt: int
    """How often the ledger had been called when this failure was noted."""
    is_surely_unwritten: bool
    """Every try so far ended in a clear no: nothing of it can stand in the ledger."""
    since: datetime
    next_try_at: datetime | None = None
    """When it is tried again by itself; None in the exception queue."""
    due_at: datetime | None = None
    """When somebody must have acted; None while it is tried again by itself."""
    told_late_at: datetime | None = None


def failed(
    trouble: Trouble, *, posting_id: str, attempt: int, before: Failure | None, now: datetime
) -> Failure:
    """Give the failure of a try after the one before."""
    is_unbroken = attempt <= 1 if before is None else _follows(before, attempt=attempt)
    return Failure(
        posting_id=posting_id,
        kind=trouble.kind,
        reason=trouble.reason,
        remedy=trouble.remedy,
        tries=1 if before is None else before.tries + 1,
        attempt=attempt,
        is_surely_unwritten=trouble.kind in DEFINITE and is_unbroken,
        since=now if before is None or before.tries == 0 else before.since,
    )


def begun_anew(failure: Failure) -> Failure:
    """Give a failure whose tries are counted from nothing: a person mended the cause."""
    return replace(failure, tries=0, next_try_at=None, due_at=None, told_late_at=None)


def reason_of(kind: FailureKind, told: str) -> str:
    """Name what a ledger said by its first words, without the numbers and ids of one bill."""
    words = re.findall(r"[a-z]+", re.sub(r"\S*\d\S*|'[^']*'", " ", told.lower()))
    return "/".join([kind.value, "_".join(words[:LONGEST_REASON_WORDS]) or "no_words"])


def name_of(reason: str) -> str:
    """Give a reason in words: `transient/it_is_down` is told as "No answer: it is down"."""
    kind, _, words = reason.rpartition("/")
    told = words.replace("_", " ")
    if not kind:
        return f"{told[:1].upper()}{told[1:]}"
    return f"{KIND_NAMES[FailureKind(kind)]}: {told}"


def _follows(before: Failure, *, attempt: int) -> bool:
    """A try that neither ended well nor was noted died in between: nobody knows how it ended."""
    return before.is_surely_unwritten and attempt - before.attempt <= 1
