"""What a reviewer can do with a case, and the key that does it; people may choose other letters."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from data.schemas.vocabulary import ReasonCode, Verdict


class Step(StrEnum):
    """Things to do with a case that are no verdict."""

    SKIP = "skip"
    NOTE = "note"
    SNOOZE = "snooze"
    RELATED = "related"
    RECENT = "recent"
    KEYS = "keys"
    UNDO = "undo"
    CANCEL = "cancel"


PANELS = frozenset({Step.SNOOZE, Step.RELATED, Step.RECENT})
"""Steps that open a panel over the card."""

Action = Verdict | Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One action: its key, its word on the button and what it means."""

    shortcut: str | None
    """None when the person has switched the keys off."""
    label: str
    help: str


# C and R belong to Streamlit, Space and Enter to the control that has the focus.
TAKEN_LETTERS = frozenset("CR")
KEYS: Mapping[Action, Key] = MappingProxyType(
    {
        Verdict.APPROVE: Key(shortcut="A", label="Approve", help="Bill the item as it stands"),
        Verdict.ADJUST: Key(shortcut="D", label="Adjust", help="Bill less than was charged"),
        Verdict.REJECT: Key(
            shortcut="X", label="Reject", help="Send the item back to who charged it"
        ),
        Verdict.WRITE_OFF: Key(shortcut="W", label="Write off", help="Never bill this work"),
        Verdict.REQUEST_INFORMATION: Key(
            shortcut="I", label="Ask", help="Ask for information; the case waits for the answer"
        ),
        Verdict.ESCALATE: Key(shortcut="E", label="Escalate", help="Pass the case to an approver"),
        Step.SKIP: Key(shortcut="J", label="Skip", help="Give the case back to the queue"),
        Step.NOTE: Key(shortcut="N", label="Note", help="Write a note that goes with the decision"),
        Step.SNOOZE: Key(shortcut="S", label="Snooze", help="Put the case away until a day"),
        Step.RELATED: Key(
            shortcut="V", label="Related", help="Cases of the same client, project or person"
        ),
        Step.RECENT: Key(
            shortcut="K", label="Recent", help="Your last decisions, to undo or correct"
        ),
        Step.KEYS: Key(shortcut="H", label="Keys", help="What every key does; ? works as well"),
        Step.UNDO: Key(shortcut="U", label="Undo", help="Take the last decision back"),
        Step.CANCEL: Key(shortcut="Escape", label="Back", help="Back to the verdicts"),
    }
)
"""Every action of the decision bar with its usual key; no two share one."""

FIXED = frozenset({Step.CANCEL})
"""Actions whose key nobody can change."""


def key_map(chosen: Mapping[str, str], *, are_on: bool) -> dict[Action, Key]:
    """Give the keys as a person chose them, by action name; what cannot be is left as usual.

    One letter that two actions want goes to neither choice: both keep their usual ones.
    """
    wished = {
        action: chosen[action].upper()
        for action in KEYS
        if action not in FIXED and may_be_key(chosen.get(action, ""))
    }
    letters = {action: wished.get(action) or key.shortcut for action, key in KEYS.items()}
    if len(set(letters.values())) < len(letters):
        letters = {action: key.shortcut for action, key in KEYS.items()}
    return {
        action: Key(
            shortcut=letters[action] if are_on or action in FIXED else None,
            label=key.label,
            help=key.help,
        )
        for action, key in KEYS.items()
    }


def may_be_key(letter: str) -> bool:
    """Say whether a person may choose this as a key: one letter that is not taken elsewhere."""
    return letter.upper() in set(string.ascii_uppercase) - TAKEN_LETTERS


DIGITS = "1234567890"
"""As they lie on a keyboard; no strip is longer."""


def reason_shortcut(index: int) -> str:
    """Give the digit of a reason in its strip, counted from zero; the tenth is 0."""
    return DIGITS[index]


QUESTIONS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.APPROVE: "Why is it right to bill?",
        Verdict.ADJUST: "Bill how much, and why less?",
        Verdict.REJECT: "Why does it go back?",
        Verdict.WRITE_OFF: "Why is it never billed?",
        Verdict.REQUEST_INFORMATION: "What is missing?",
        Verdict.ESCALATE: "Why does an approver decide?",
    }
)
"""What the reason strip asks."""

USUAL_APPROVAL = ReasonCode.CLAUSE_SATISFIED
"""The reason behind a plain approval, when no rule had proved a fault."""
