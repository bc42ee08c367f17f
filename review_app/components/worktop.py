"""The worktop: card, verdicts and keys in the browser, with the next case ready behind the first.

A verdict that needs no more words shows the next case without waiting for the server. Case,
version, stage and a minimum dwell are checked on the server, and what it says then is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from review_app.components.keyguard import FIELD_MS, GUARDS

SETTLE_MS = 1_200
"""How often the desk looks whether its decisions were saved, while some are not."""
KEY = "worktop"
_FOLDER = Path(__file__).parent

# Not isolated: the card has the page's own style sheet, and the theme's colours.
_mount = st.components.v2.component(
    "countersign_worktop",
    html="""
    <div class="cs-worktop">
      <p class="cs-call" data-part="call"></p>
      <div class="cs-bar" data-part="bar" role="group" aria-label="Verdicts" hidden>
        <span data-part="verdicts"></span>
        <span class="cs-more"><button type="button" data-part="more" aria-expanded="false"
          >More</button><span data-part="menu" hidden></span></span>
        <span data-part="undo"></span>
      </div>
      <div data-part="card"></div>
      <p role="status"></p>
    </div>""",
    css=(_FOLDER / "worktop.css").read_text(encoding="utf-8"),
    js=GUARDS + (_FOLDER / "worktop.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One thing to do; `key` is None when the person has switched the keys off."""

    action: str
    label: str
    key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The buttons over the card, and those in their menu."""

    buttons: tuple[Button, ...]
    more: tuple[Button, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A case as it stands on the screen."""

    stands: str
    """Which version of which case at which stage; it comes back with every press."""
    html: str
    """The card, from an autoescaped template."""
    call: tuple[str, str] | None
    """What is said over the verdicts: the strong words, and the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worktop:
    """What the browser shows and watches for."""

    now: Shown | None
    next: Shown | None
    """The case that follows, when it is at hand."""
    advances: tuple[str, ...]
    """Actions after which the next case may be shown at once."""
    bar: Bar | None
    """None while something else is asked."""
    undo: Button | None
    keys: Mapping[str, str]
    """Characters, and the action each one stands for."""
    openers: tuple[str, ...]
    """Characters that open a field, in which the next ones are typed."""
    answered: int
    """The number of the last press that was taken or refused."""
    dwell_seconds: float
    announcement: str
    """What screen readers hear."""
    focus: str | None
    """The selector of what gets the focus, once for each new `focus_for`."""
    focus_for: str
    has_pending: bool
    """Something is not saved yet: look again from time to time."""
    warn_in_seconds: float | None
    """When to say that the hold on the case ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """An action that somebody chose, and what stood on the screen then."""

    action: str
    stands: str
    number: int


def worktop(
    top: Worktop,
    *,
    on_settled: Callable[[], None],
    on_pressed: Callable[[Press], None],
    on_ending: Callable[[], None],
) -> None:
    """Draw the worktop; `on_pressed` gets every press that the browser let through."""

    def pressed() -> None:
        said: Any = st.session_state[KEY].get("pressed")
        if isinstance(said, dict):
            action, stands, number = (said.get(name) for name in ("action", "stands", "number"))
            if isinstance(number, int):
                on_pressed(Press(action=str(action), stands=str(stands), number=number))

    _mount(
        key=KEY,
        data={
            "now": asdict(top.now) if top.now else None,
            "next": asdict(top.next) if top.next else None,
            "advances": list(top.advances),
            "bar": asdict(top.bar) if top.bar else None,
            "undo": asdict(top.undo) if top.undo else None,
            "keys": dict(top.keys),
            "openers": list(top.openers),
            "fieldMs": FIELD_MS,
            "answered": top.answered,
            "dwellMs": int(top.dwell_seconds * 1e3),
            "announcement": top.announcement,
            "focus": top.focus,
            "focusFor": top.focus_for,
            "pending": top.has_pending,
            "settleMs": SETTLE_MS,
            "warnInMs": None if top.warn_in_seconds is None else int(top.warn_in_seconds * 1e3),
        },
        on_settled_change=on_settled,
        on_pressed_change=pressed,
        on_ending_change=on_ending,
    )
