"""What an examination finds: one line for each organ, and what to do where it is not well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class State(StrEnum):
    """How an organ is."""

    OK = "ok"
    WARNING = "warning"
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line: what was examined, how it is, and what to do where it is not well."""

    what: str
    state: State
    said: str
    remedy: str = ""


def ok(what: str, said: str) -> Finding:
    """Give a line about what is well."""
    return Finding(what=what, state=State.OK, said=said)


def red(what: str, said: str, remedy: str = "") -> Finding:
    """Give a line about what must be mended."""
    return Finding(what=what, state=State.RED, said=said, remedy=remedy)


def ago(since: timedelta) -> str:
    """Give how long ago something was."""
    minutes = round(since.total_seconds() / 60)
    return "within the last minute" if minutes < 1 else f"{minutes:,} minutes ago"
