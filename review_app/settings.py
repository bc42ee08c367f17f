"""What the review app is told by its environment, read once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache

DEFAULT_API_URL = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the API is."""

    api_url: str


@cache
def settings() -> Settings:
    """Read COUNTERSIGN_API_URL, once for the process."""
    return Settings(api_url=os.environ.get("COUNTERSIGN_API_URL", DEFAULT_API_URL))
