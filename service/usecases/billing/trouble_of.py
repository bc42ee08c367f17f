"""Put what went wrong with a posting into words: its kind, its reason, and the way out."""

from __future__ import annotations

from data.schemas.vocabulary import FailureKind
from service.domain.failure import Trouble, reason_of
from service.domain.invoice_gates import BillStoppedError
from service.ports.outside_errors import OutsideError

LONGEST_TOLD = 1_000
REMEDIES = {
    FailureKind.TRANSIENT: (
        "Look whether the ledger runs and answers, and try the bill again. If it cannot wait, "
        "take the bill's file to the ledger by hand and mark it posted with the document's number."
    ),
    FailureKind.AMBIGUOUS: (
        "Look in the ledger whether a document carries this bill's token. If so, mark the bill "
        "posted with its number; if not, try it again."
    ),
    FailureKind.CONFLICT: (
        "Look at the document in the ledger. Mend it there and try the bill again, or discard the "
        "bill if the document was cancelled on purpose."
    ),
    FailureKind.PERMANENT: "Mend what the ledger names, there or in the bill, and try it again.",
    FailureKind.UNEXPECTED: (
        "Try the bill again once; if it fails the same way, send the worker's log to whoever "
        "runs this installation."
    ),
}


def trouble_of(error: Exception) -> Trouble:
    """Class an error of a try; what nobody foresaw is a class of its own."""
    if isinstance(error, BillStoppedError):
        return Trouble(
            kind=FailureKind.STOPPED,
            reason=error.failures[0].gate.value,
            told=str(error)[:LONGEST_TOLD],
            remedy=" ".join(_sentence(one.remedy) for one in error.failures),
        )
    if isinstance(error, OutsideError):
        return told_trouble(
            str(error),
            kind=FailureKind(error.failure_class.value),
            retry_after_seconds=getattr(error, "retry_after_seconds", None),
        )
    told = f"unexpected {type(error).__name__}: {error}"
    return told_trouble(told, kind=FailureKind.UNEXPECTED)


def told_trouble(
    told: str, *, kind: FailureKind, retry_after_seconds: float | None = None
) -> Trouble:
    """Give the trouble that a ledger's words tell of."""
    return Trouble(
        kind=kind,
        reason=reason_of(kind, told),
        told=told[:LONGEST_TOLD],
        remedy=REMEDIES[kind],
        retry_after_seconds=retry_after_seconds,
    )


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
