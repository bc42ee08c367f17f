"""Flows as people read them: what each is about, how far it has come, who holds it and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from data.schemas.decision import Decision
from data.schemas.vocabulary import FlowKind, FlowState, PostingStatus
from service.domain.errors import InvalidRequestError, NotFoundError
from service.domain.posting import Posting
from service.ports.flow_stores import FlowHold
from service.ports.flows import POSTING_QUEUE, Flow, Flows
from service.ports.stores import UnitOfWork
from service.usecases.flows.steer_flow import UNFINISHED, postings_of
from service.wire.flows import (
    FlowDetail,
    FlowPage,
    FlowStepView,
    FlowView,
    HoldView,
    PostingSwitch,
)

UNENDED = frozenset({*UNFINISHED, FlowState.PAUSED})


def flow_page(
    *,
    states: Sequence[FlowState],
    limit: int,
    flows: Flows,
    uow: UnitOfWork,
    now: datetime,
    cursor: str | None = None,
) -> FlowPage:
    """Give the newest flows in these states; without any, those that have not ended.

    Raises InvalidRequestError for a cursor that names no flow.
    """
    after = None if cursor is None else flows.flow(cursor)
    if cursor is not None and after is None:
        raise InvalidRequestError("cursor", cursor, "is not a cursor this list gave out")
    found = flows.newest(states=states or sorted(UNENDED), limit=limit + 1, after=after)
    shown = found[:limit]
    holds = {one.name: one for one in uow.flow_holds.all()}
    return FlowPage(
        flows=tuple(_view(one, holds=holds, flows=flows, uow=uow, now=now) for one in shown),
        next_cursor=shown[-1].id if len(found) > limit else None,
        posting_stopped=_hold_view(holds.get(POSTING_QUEUE), uow=uow),
    )


def flow_detail(flow_id: str, *, flows: Flows, uow: UnitOfWork, now: datetime) -> FlowDetail:
    """Give one flow with its steps. Raises NotFoundError."""
    flow = flows.flow(flow_id)
    if flow is None:
        raise NotFoundError("flow", flow_id)
    hold = uow.flow_holds.get(flow_id)
    holds = {} if hold is None else {flow_id: hold}
    return FlowDetail(
        flow=_view(flow, holds=holds, flows=flows, uow=uow, now=now),
        steps=tuple(
            FlowStepView(
                name=one.name,
                began_at=one.began_at,
                ended_at=one.ended_at,
                outcome=one.outcome,
                has_failed=one.has_failed,
            )
            for one in flows.steps(flow_id)
        ),
    )


def posting_switch(uow: UnitOfWork) -> PostingSwitch:
    """Tell whether all posting is stopped."""
    return PostingSwitch(posting_stopped=_hold_view(uow.flow_holds.get(POSTING_QUEUE), uow=uow))


def _view(
    one: Flow,
    *,
    holds: Mapping[str, FlowHold],
    flows: Flows,
    uow: UnitOfWork,
    now: datetime,
) -> FlowView:
    postings = postings_of(one, uow=uow)
    decision = uow.decisions.get(one.subjects[0]) if one.kind is FlowKind.CONCLUSION else None
    steps = flows.steps(one.id) if one.state is FlowState.RUNNING else []
    ended = now if one.state in UNENDED else one.changed_at
    return FlowView(
        id=one.id,
        kind=one.kind,
        state=one.state,
        about=_about(one, postings, decision),
        case_id=_case_id(postings, decision),
        bills=len(postings),
        bills_left=sum(each.status is PostingStatus.PENDING for each in postings),
        step=steps[-1].name if steps else "",
        tries=max((each.attempts for each in postings), default=0) or one.tries,
        next_try_at=one.delayed_until,
        executor=one.executor,
        created_at=one.created_at,
        changed_at=one.changed_at,
        age_seconds=max(int((ended - one.created_at).total_seconds()), 0),
        hold=_hold_view(holds.get(one.id), uow=uow),
    )


def _about(one: Flow, postings: Sequence[Posting], decision: Decision | None) -> str:
    if decision is not None:
        return decision.item_id
    if not postings:
        return ", ".join(one.subjects)
    more = len(postings) - 1
    return postings[0].item_id + (f" and {more} more" if more else "")


def _case_id(postings: Sequence[Posting], decision: Decision | None) -> str | None:
    if decision is not None:
        return decision.case_id
    return postings[0].case_id if len(postings) == 1 else None


def _hold_view(hold: FlowHold | None, *, uow: UnitOfWork) -> HoldView | None:
    if hold is None:
        return None
    account = uow.accounts.by_person(hold.by_id)
    name = hold.by_id if account is None else account.name
    return HoldView(by_name=name, reason=hold.reason, at=hold.at)
