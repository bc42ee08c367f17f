"""The worktop in Streamlit's simulator: what stands on it, and presses as browsers send them."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from typing import Any

from streamlit.testing.v1 import AppTest

from review_app.components.worktop import KEY

_NUMBERS = itertools.count(1)


def on_top(app: AppTest) -> dict[str, Any]:
    """Everything the browser is told of the worktop."""
    found: dict[str, Any] = json.loads(_element(app).proto.json)
    return found


def cards(app: AppTest) -> str:
    """The card that stands on the worktop, with the words over its verdicts."""
    now = on_top(app)["now"] if app.get("bidi_component") else None
    return " ".join((*(now["call"] or ()), now["html"])) if now else ""


def press(app: AppTest, action: str, *, stands: str | None = None) -> AppTest:
    """Press a button or a key of the worktop, on what stands there unless something else did."""
    shown = on_top(app)["now"]
    told = {
        "action": action,
        "stands": stands or (shown["stands"] if shown else ""),
        "number": next(_NUMBERS),
    }
    states = app._tree.get_widget_states()
    events = states.widgets.add()
    events.id = f"$$STREAMLIT_INTERNAL_KEY_{_element(app).proto.id}__events"
    events.json_trigger_value = json.dumps([{"event": "pressed", "value": told}])
    return app._run(states)


def read(app: AppTest) -> AppTest:
    """Let the minimum dwell pass, as reading would."""
    shown = app.session_state["desk_presented"]
    app.session_state["desk_presented"] = replace(shown, since_seconds=shown.since_seconds - 5)
    return app


def _element(app: AppTest) -> Any:
    (found,) = [one for one in app.get("bidi_component") if one.proto.component_name.endswith(KEY)]
    return found
