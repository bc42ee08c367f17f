"""Writes docs/events.md from the code: `python -m tests.golden.events_page`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from service.wire.event_schemas import event_types
from service.wire.events import CloudEvent
from tests.golden.markdown import table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "events.md"


def events_page() -> str:
    """Every type of event, and the JSON schema of what it says."""
    types = event_types().types
    parts = [
        "# Events",
        "Written from the code by `python -m tests.golden.events_page`; a test holds it there. "
        "[How to be told of them](guides/events.md).",
        table(("type", "tells"), [(f"`{one.type}`", one.says) for one in types]),
        "## The envelope",
        "CloudEvents 1.0.2 in structured JSON. `id` is unique within `source` and stays the same "
        "over all tries and replays; `sequence` counts 1, 2, 3 ... for each `subject`.",
        _json(CloudEvent.model_json_schema()),
        "## The member `data`",
    ]
    for one in types:
        parts += [f"### `{one.type}`", one.says, _json(one.data_schema)]
    return "\n\n".join(parts) + "\n"


def _json(schema: dict[str, Any]) -> str:
    return f"```json\n{json.dumps(schema, indent=1)}\n```"


if __name__ == "__main__":
    PAGE.write_text(events_page(), encoding="utf-8")
