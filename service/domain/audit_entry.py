"""One fact of the audit trail, before it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from data.schemas.vocabulary import AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """What happened, when, to what, by whom; names and free text stay outside, to be erasable."""

    event: AuditEvent
    at: datetime
    actor_id: str
    subject: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The entry as the canonical record that is hashed."""
        return {
            "event": self.event.value,
            "at": self.at.isoformat().replace("+00:00", "Z"),
            "actor": self.actor_id,
            "subject": self.subject,
            **({"facts": dict(self.facts)} if self.facts else {}),
        }
