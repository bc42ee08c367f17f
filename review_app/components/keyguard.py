"""Guards for fast keys, in the browser: no repeats, a way out of fields, focus and announcements.

The desk stays safe without it: case id, version and a minimum dwell are checked on the server.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

SETTLE_MS = 1_200
"""How often the desk looks whether its decisions were saved, while some are not."""

_mount = st.components.v2.component(
    "countersign_keyguard",
    html='<p role="status"></p>',
    css="p { position: absolute; width: 1px; height: 1px; overflow: hidden; margin: 0; }",
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
)


def keyguard(
    *,
    announcement: str,
    has_pending: bool,
    focus: str | None,
    focus_for: str,
    on_settled: Callable[[], None],
) -> None:
    """Guard the keys; tell screen readers `announcement`; look again while something is pending.

    `focus` is a selector that gets the focus once for each new `focus_for`.
    """
    _mount(
        key="keyguard",
        data={
            "announcement": announcement,
            "pending": has_pending,
            "settleMs": SETTLE_MS,
            "focus": focus,
            "focusFor": focus_for,
        },
        on_settled_change=on_settled,
    )
