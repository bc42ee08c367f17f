"""How well people judge."""

from __future__ import annotations

from service.calls.http import ApiCalls
from service.wire.quality import QualityView


class QualityCalls(ApiCalls):
    """How well people judge."""

    def quality(self, *, days: int = 90) -> QualityView:
        """Measure agreement, caught faults and the effect of the models' opinion."""
        return self._get("/v1/quality", {"days": days}, answer=QualityView)
