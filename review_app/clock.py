"""The one place of the review app that reads the time."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> datetime:
    """Give the current instant, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the place


def steady_seconds() -> float:
    """Give seconds for measuring how long something took; never set back."""
    return time.monotonic()
