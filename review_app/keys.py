"""What a reviewer can do with a case, and the key that does it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from data.schemas.vocabulary import ReasonCode, Verdict


class Step(StrEnum):
    """Things to do with a case that are no verdict."""

    SKIP = "skip"
    UNDO = "undo"
    NOTE = "note"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One action: its key, its word on the button and what it means."""

    shortcut: str
    label: str
    help: str


# C and R belong to Streamlit, Space and Enter to the control that has the focus.
KEYS: dict[Verdict | Step, Key] = {
    Verdict.APPROVE: Key(shortcut="A", label="Approve", help="Bill the item as it stands"),
    Verdict.ADJUST: Key(shortcut="D", label="Adjust", help="Bill less than was charged"),
    Verdict.REJECT: Key(shortcut="X", label="Reject", help="Send the item back to who charged it"),
    Verdict.WRITE_OFF: Key(shortcut="W", label="Write off", help="Never bill this work"),
    Verdict.REQUEST_INFORMATION: Key(
        shortcut="I", label="Ask", help="Ask for information; the case waits for the answer"
    ),
    Verdict.ESCALATE: Key(shortcut="E", label="Escalate", help="Pass the case to an approver"),
    Step.SKIP: Key(shortcut="J", label="Skip", help="Give the case back to the queue"),
    Step.NOTE: Key(shortcut="N", label="Note", help="Write a note that goes with the decision"),
    Step.UNDO: Key(shortcut="U", label="Undo", help="Take the last decision back"),
    Step.CANCEL: Key(shortcut="Escape", label="Back", help="Back to the verdicts"),
}
"""Every action of the decision bar; no two share a key."""


def reason_shortcut(index: int) -> str:
    """Give the digit of a reason in its strip, counted from zero."""
    return str(index + 1)


QUESTIONS: dict[Verdict, str] = {
    Verdict.APPROVE: "A rule proved a fault here. Why is it right to bill?",
    Verdict.ADJUST: "Bill how much, and why less?",
    Verdict.REJECT: "Why does it go back?",
    Verdict.WRITE_OFF: "Why is it never billed?",
    Verdict.REQUEST_INFORMATION: "What is missing?",
    Verdict.ESCALATE: "Why does an approver decide?",
}
"""What the reason strip asks."""

USUAL_APPROVAL = ReasonCode.CLAUSE_SATISFIED
"""The reason behind a plain approval, when no rule had proved a fault."""
