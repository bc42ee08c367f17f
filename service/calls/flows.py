"""Flows: what the engine carries out, and what people do about it."""

from __future__ import annotations

from data.schemas.vocabulary import FlowState
from service.calls.http import DEFAULT_PAGE, ApiCalls, segment
from service.wire.flows import FlowDetail, FlowPage, PostingSwitch, SteerRequest


class FlowCalls(ApiCalls):
    """Flows, listed, looked into and steered."""

    def flows(
        self, *states: FlowState, cursor: str | None = None, limit: int = DEFAULT_PAGE
    ) -> FlowPage:
        """Give flows, newest first; without a state those that have not ended."""
        filters = {
            "state": [one.value for one in states] or None, "cursor": cursor, "limit": limit,
        }  # fmt: skip
        return self._get("/v1/flows", filters, answer=FlowPage)

    def flow(self, flow_id: str) -> FlowDetail:
        """Give one flow with its steps."""
        return self._get(f"/v1/flows/{segment(flow_id)}", answer=FlowDetail)

    def pause_flow(self, flow_id: str, *, reason: str) -> FlowDetail:
        """Hold a flow back; a step that runs now is finished first."""
        return self._steer(flow_id, "pause", reason)

    def resume_flow(self, flow_id: str, *, reason: str) -> FlowDetail:
        """Let a paused flow go on."""
        return self._steer(flow_id, "resume", reason)

    def cancel_flow(self, flow_id: str, *, reason: str) -> FlowDetail:
        """Cancel the bills of a flow that have not left."""
        return self._steer(flow_id, "cancel", reason)

    def posting_switch(self) -> PostingSwitch:
        """Tell whether all posting is stopped, by whom and why."""
        return self._get("/v1/posting-switch", answer=PostingSwitch)

    def stop_posting(self, *, reason: str) -> PostingSwitch:
        """Stop all posting."""
        request = SteerRequest(reason=reason)
        return self._post("/v1/posting-switch/stop", request, answer=PostingSwitch)

    def start_posting(self, *, reason: str) -> PostingSwitch:
        """Start posting again."""
        request = SteerRequest(reason=reason)
        return self._post("/v1/posting-switch/start", request, answer=PostingSwitch)

    def _steer(self, flow_id: str, step: str, reason: str) -> FlowDetail:
        path = f"/v1/flows/{segment(flow_id)}/{step}"
        return self._post(path, SteerRequest(reason=reason), answer=FlowDetail)
