"""The browser of every test and picture: where it is, and how it starts without calling home."""

from __future__ import annotations

import shutil

CHROMIUM = next((path for path in map(shutil.which, ("chromium", "chromium-browser")) if path), "")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
