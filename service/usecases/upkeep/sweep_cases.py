"""What time does to cases: leases lapse, sleepers wake, nobody answers, doubles become known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.schemas.vocabulary import AuditEvent
from service.domain.actor import POLICY
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.ports.engine import DecisionContext
from service.usecases.queue.know_doubles import know_doubles
from service.usecases.upkeep.time_out_case import time_out_case

MOST_AT_ONCE = 200
"""Of each kind in one run: a sweep holds the writer for moments only, and the rest comes next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """How many cases a sweep moved."""

    lapsed: int
    woken: int
    timed_out: int
    known: int


def sweep_cases(*, context: DecisionContext) -> Swept:
    """Move every case whose time has come; a second sweep at the same time moves nothing.

    A lease that ran out gives its case back. A case that was put off comes back on its day. A case
    that nobody answered in time goes where policy sends it. A blind second review on which both
    agreed, or a third person ruled, becomes a known answer.
    """
    uow, now = context.uow, context.now
    # 1. Whose lease ran out.
    lapsed = uow.cases.lapsed(now=now, limit=MOST_AT_ONCE)
    for case in lapsed:
        _give_back(case, why="the hold on it ran out", context=context, now=now)
    # 2. Who slept long enough.
    woken = uow.cases.woken(now=now, limit=MOST_AT_ONCE)
    for case in woken:
        _give_back(case, why="it was put off until now", context=context, now=now)
    # 3. What nobody answered in time.
    overdue = uow.cases.overdue(now=now, limit=MOST_AT_ONCE)
    for case in overdue:
        time_out_case(case, context=context)
    # 4. What is known now.
    known = know_doubles(context=context, limit=MOST_AT_ONCE)
    return Swept(lapsed=len(lapsed), woken=len(woken), timed_out=len(overdue), known=known)


def _give_back(case: Case, *, why: str, context: DecisionContext, now: datetime) -> None:
    context.uow.cases.save(case.woken() if case.snoozed_until is not None else case.returned())
    context.uow.audit.record(
        AuditEntry(
            event=AuditEvent.CASE_RELEASED,
            at=now,
            actor_id=POLICY.id,
            subject=case.id,
            facts={"why": why},
        )
    )
