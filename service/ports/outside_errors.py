"""How a call to a system outside can fail, told apart by what may be done next."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class FailureClass(StrEnum):
    """What may be done after a failed call."""

    TRANSIENT = "transient"
    """The same call may pass later."""
    AMBIGUOUS = "ambiguous"
    """The answer to a write is lost: look whether it was kept, then the call may be repeated."""
    CONFLICT = "conflict"
    """The record changed meanwhile: read it anew and decide again."""
    PERMANENT = "permanent"
    """Repeating it changes nothing: a person must mend the cause."""


class OutsideError(Exception):
    """A call to a system outside failed; the text names what was asked, the answer, the remedy.

    Texts carry no key, no request body and no trace of the other system's code.
    """

    failure_class: ClassVar[FailureClass]


class OutsideTransientError(OutsideError):
    """The system could not answer now; the same call may pass later.

    `retry_after_seconds` is set where the system said how long to wait: never come back sooner.
    """

    failure_class = FailureClass.TRANSIENT

    def __init__(self, message: str = "", *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class OutsideAmbiguousError(OutsideTransientError):
    """A write was sent and its answer is lost: it may have been kept.

    Every call of a port may be repeated, as the port itself looks first; whoever speaks to the
    system below the port has to look before repeating.
    """

    failure_class = FailureClass.AMBIGUOUS


class OutsideRefusedError(OutsideError):
    """The system says no to this content; repeating it changes nothing."""

    failure_class = FailureClass.PERMANENT


class OutsideConflictError(OutsideRefusedError):
    """The record is no longer as it was read; repeating the same call would undo somebody's work.

    Read the record anew and decide again.
    """

    failure_class = FailureClass.CONFLICT


class OutsideMissingError(OutsideRefusedError):
    """The system has no such record, or no longer."""
