"""The one place that reads the time and makes ids."""

from __future__ import annotations

import os
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path

RANDOM_BYTES = 5


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Give the current instant, aware, in UTC."""
        return datetime.now(UTC)


class SystemIds:
    """Ids that sort by the time they were made, with randomness against collisions."""

    def new(self, prefix: str) -> str:
        """Give a new id, for example `asm-018f3c2b9d7e5a1c3e`."""
        return f"{prefix}-{time.time_ns() // 1_000:014x}{os.urandom(RANDOM_BYTES).hex()}"


def random_token() -> str:
    """Give 256 random bits, safe in a header or an address."""
    return secrets.token_urlsafe(32)


def modified_at(path: Path) -> datetime | None:
    """Give when a file was written last; None where there is none."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None
