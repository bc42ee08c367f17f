"""Flows: what the engine carries out, and the people who pause, resume and cancel it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from data.schemas.vocabulary import FlowState
from service.api.access import Caller, Parts, Reader
from service.api.body import SteerBody
from service.api.integrations import require_watcher
from service.api.pages import Cursor
from service.api.parts import ApiParts
from service.usecases.flows.show_flows import flow_detail, flow_page, posting_switch
from service.usecases.flows.steer_flow import cancel_flow, pause_flow, resume_flow
from service.usecases.flows.stop_posting import start_posting, stop_posting
from service.wire.flows import FlowDetail, FlowPage, PostingSwitch

router = APIRouter(prefix="/v1", tags=["flows"])
MOST_FLOWS = 200


@router.get("/flows")
def get_flows(
    parts: Parts,
    actor: Reader,
    state: Annotated[list[FlowState] | None, Query(max_length=len(FlowState))] = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=MOST_FLOWS)] = 50,
) -> FlowPage:
    """List flows, newest first; without a state those that have not ended."""
    require_watcher(actor)
    with parts.read() as uow:
        return flow_page(
            states=state or (), cursor=cursor, limit=limit, flows=parts.flows, uow=uow,
            now=parts.clock.now(),
        )  # fmt: skip


@router.get("/posting-switch")
def get_posting_switch(parts: Parts, actor: Reader) -> PostingSwitch:
    """Tell whether all posting is stopped, by whom and why."""
    del actor
    return _switch(parts)


@router.post("/posting-switch/stop")
def post_stop(request: SteerBody, parts: Parts, actor: Caller) -> PostingSwitch:
    """Stop all posting: what is being sent now is sent to its end, and nothing else begins."""
    stop_posting(
        reason=request.reason, actor=actor, flows=parts.flows, run=parts.writer.run,
        now=parts.clock.now(),
    )  # fmt: skip
    return _switch(parts)


@router.post("/posting-switch/start")
def post_start(request: SteerBody, parts: Parts, actor: Caller) -> PostingSwitch:
    """Start posting again; flows that were paused one by one stay paused."""
    start_posting(
        reason=request.reason, actor=actor, flows=parts.flows, run=parts.writer.run,
        now=parts.clock.now(),
    )  # fmt: skip
    return _switch(parts)


@router.get("/flows/{flow_id}")
def get_flow(flow_id: str, parts: Parts, actor: Reader) -> FlowDetail:
    """Give one flow with its steps."""
    require_watcher(actor)
    return _detail(flow_id, parts)


@router.post("/flows/{flow_id}/pause")
def post_pause(flow_id: str, request: SteerBody, parts: Parts, actor: Caller) -> FlowDetail:
    """Hold a flow back; a step that runs now is finished first."""
    pause_flow(
        flow_id, reason=request.reason, actor=actor, flows=parts.flows, run=parts.writer.run,
        now=parts.clock.now(),
    )  # fmt: skip
    return _detail(flow_id, parts)


@router.post("/flows/{flow_id}/resume")
def post_resume(flow_id: str, request: SteerBody, parts: Parts, actor: Caller) -> FlowDetail:
    """Let a paused flow go on."""
    resume_flow(
        flow_id, reason=request.reason, actor=actor, flows=parts.flows, run=parts.writer.run,
        now=parts.clock.now(),
    )  # fmt: skip
    return _detail(flow_id, parts)


@router.post("/flows/{flow_id}/cancel")
def post_cancel(flow_id: str, request: SteerBody, parts: Parts, actor: Caller) -> FlowDetail:
    """Cancel the bills of a flow that have not left; one that may have left answers 409."""
    cancel_flow(
        flow_id, reason=request.reason, actor=actor, flows=parts.flows, run=parts.writer.run,
        now=parts.clock.now(),
    )  # fmt: skip
    return _detail(flow_id, parts)


def _detail(flow_id: str, parts: ApiParts) -> FlowDetail:
    with parts.read() as uow:
        return flow_detail(flow_id, flows=parts.flows, uow=uow, now=parts.clock.now())


def _switch(parts: ApiParts) -> PostingSwitch:
    with parts.read() as uow:
        return posting_switch(uow)
