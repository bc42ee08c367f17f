"""Writes docs/openapi/VERSION.json from the code: `python -m tests.golden.api_page`.

Run it when a dated version of the API begins, and when something was added to it; what would break
a client of the file that is there is refused.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from service.api.openapi import describe
from service.api.versions import CURRENT
from service.app import create_app
from service.settings import Settings
from tests.golden.api_changes import breaking_changes

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "openapi"
PAGE = FOLDER / f"{CURRENT}.json"


def api_page() -> dict[str, Any]:
    """The description of the API as it is served."""
    with tempfile.TemporaryDirectory() as folder:
        return json.loads(json.dumps(describe(create_app(Settings(home=Path(folder))))))


def published() -> dict[str, Any]:
    """The description that clients of this dated version were written for."""
    return json.loads(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    page = api_page()
    broken = breaking_changes(published(), page) if PAGE.exists() else []
    if broken:
        sys.exit("\n".join(["Begin a new version, or keep what clients know:", *broken]))
    FOLDER.mkdir(exist_ok=True)
    PAGE.write_text(json.dumps(page, indent=1, sort_keys=True) + "\n", encoding="utf-8")
