"""How the desk fares over a period, and how the parts behind it do."""

from __future__ import annotations

from service.calls.http import ApiCalls
from service.wire.integrations import IntegrationsView
from service.wire.operations import OperationsView


class OperationsCalls(ApiCalls):
    """How the desk fares over a period, and how the parts behind it do."""

    def operations(
        self, *, days: int = 30, client_id: str | None = None, business_unit: str | None = None
    ) -> OperationsView:
        """Add up what waits and what was done in the last days."""
        asked = {"days": days, "client_id": client_id, "business_unit": business_unit}
        return self._get("/v1/operations", asked, answer=OperationsView)

    def integrations(self) -> IntegrationsView:
        """Tell what works, what is in trouble, and what is not connected."""
        return self._get("/v1/integrations", answer=IntegrationsView)
