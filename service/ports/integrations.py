"""How the parts of the installation and the systems beside it fare."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from service.wire.integrations import SystemView


class Integrations(Protocol):
    """Looks at each part, without calling anything outside."""

    def systems(self, *, now: datetime) -> tuple[SystemView, ...]:
        """Tell how each part fares."""
        ...
