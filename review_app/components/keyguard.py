"""Guards for fast keys, in the browser: no repeats, a way out of fields, focus and announcements.

Every page stays safe without it: case id, version and a minimum dwell are checked on the server.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

FIELD_MS = 1_500
"""How long letters are held back for a field that was asked for; its first letter ends that."""
_FOLDER = Path(__file__).parent
GUARDS = (_FOLDER / "guards.js").read_text(encoding="utf-8")
"""What every component that listens to keys begins with."""

_mount = st.components.v2.component(
    "countersign_keyguard",
    html='<p role="status"></p>',
    css="p { position: absolute; width: 1px; height: 1px; overflow: hidden; margin: 0; }",
    js=GUARDS + (_FOLDER / "keyguard.js").read_text(encoding="utf-8"),
)


def keyguard(
    *, announcement: str, focus: str | None, focus_for: str, openers: tuple[str, ...] = ()
) -> None:
    """Guard the keys of a page.

    Screen readers hear `announcement`; what the selector `focus` names gets the focus, once for
    each new `focus_for`. `openers` are characters that open a field, in which people type on.
    """
    _mount(
        key="keyguard",
        data={
            "announcement": announcement,
            "focus": focus,
            "focusFor": focus_for,
            "openers": list(openers),
            "fieldMs": FIELD_MS,
        },
    )
