"""Note how a try failed: it is tried again later by itself, or gets an owner and a deadline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from data.schemas.vocabulary import AuditEvent, CircuitState, FailureKind, PostingStatus
from service.domain.actor import WORKER
from service.domain.audit_entry import AuditEntry
from service.domain.circuit import Circuit
from service.domain.failure import Failure, Trouble, failed
from service.domain.posting import Posting
from service.domain.retry_plan import DUE_HOURS, RULES, wait_seconds
from service.domain.working_hours import after_working_hours
from service.ports.engine import Engine
from service.ports.stores import UnitOfWork
from service.usecases.telling.tell import tell_posting_refused, tell_system_rests

WITHOUT_ANSWER = frozenset({FailureKind.TRANSIENT, FailureKind.AMBIGUOUS})
"""Failures that speak against the system; a clear no speaks for it."""
OF_OUR_OWN = frozenset({FailureKind.STOPPED, FailureKind.UNEXPECTED})
"""Failures that say nothing of the system."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carers:
    """What failures are seen to with."""

    engine: Engine
    system: str
    owner_id: str | None
    """Who gets what nothing but a person can mend; None for everybody of the role."""


def note_failure(
    posting_id: str,
    trouble: Trouble,
    *,
    carers: Carers,
    draw: float,
    uow: UnitOfWork,
    now: datetime,
) -> PostingStatus:
    """Put a posting off that failed, or move it to the exception queue; safe to repeat.

    `draw` between 0 and 1 spreads the waits. While its system rests nothing becomes an exception:
    one outage is told once, not once for each bill.
    """
    # 1. Only a pending posting can fail, and each try only once.
    posting = uow.postings.get(posting_id)
    if posting is None or posting.status is not PostingStatus.PENDING:
        return posting.status if posting else PostingStatus.CANCELLED
    before = uow.failures.get(posting_id)
    if before is not None and before.next_try_at and before.attempt == posting.attempts:
        return PostingStatus.PENDING
    # 2. What it says of the system.
    circuit = _circuit_after(posting, trouble, carers=carers, uow=uow, now=now)
    failure = failed(
        trouble, posting_id=posting_id, attempt=posting.attempts, before=before, now=now
    )
    # 3. Later by itself, or now by a person.
    wait = _wait_seconds(failure, trouble, circuit=circuit, draw=draw, now=now)
    if wait is None:
        give_to_owner(posting, failure, trouble, owner_id=carers.owner_id, uow=uow, now=now)
        return PostingStatus.REFUSED
    uow.failures.save(replace(failure, next_try_at=now + timedelta(seconds=wait)))
    uow.postings.save(replace(posting, error=trouble.told))
    # The number of the try is in the name: the same failure noted twice is tried again once.
    retry_id = f"{posting_id}-{posting.attempts}"
    carers.engine.enqueue_retry(uow, [posting_id], retry_id=retry_id, delay_seconds=wait)
    return PostingStatus.PENDING


def let_rest(
    posting_ids: Sequence[str],
    until: datetime,
    *,
    run_id: str,
    engine: Engine,
    draw: float,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    """Put postings off together until their system has rested; `run_id` makes it happen once."""
    spread = draw * min(30.0, (until - now).total_seconds())
    wait = max(0.0, (until - now).total_seconds()) + spread
    engine.enqueue_retry(uow, posting_ids, retry_id=run_id, delay_seconds=wait)


def give_to_owner(
    posting: Posting,
    failure: Failure,
    trouble: Trouble,
    *,
    owner_id: str | None,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    """Move a posting to the exception queue, with its reason, an owner and a deadline."""
    is_first = uow.failures.count_in_queue(trouble.reason) == 0
    desk = uow.policies.in_force().working_hours
    due_at = after_working_hours(now, DUE_HOURS[trouble.kind], desk=desk)
    uow.postings.save(
        replace(posting, status=PostingStatus.REFUSED, error=trouble.told, owner_id=owner_id)
    )
    uow.failures.save(replace(failure, next_try_at=None, due_at=due_at))
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.POSTING_REFUSED,
            at=now,
            actor_id=WORKER.id,
            subject=posting.item_id,
            facts={
                "posting": posting.id,
                "why": trouble.told[:500],
                "owner": owner_id,
                "kind": trouble.kind.value,
                "reason": trouble.reason,
            },
        )
    )
    # A hundred bills with one reason are one thing to mend: the queue counts them.
    if is_first:
        tell_posting_refused(posting.id, owner_id=owner_id, uow=uow, now=now)


def note_answer(system: str, *, uow: UnitOfWork, now: datetime) -> None:
    """Note that a system answered; one that had rested goes on, and its owner is told."""
    if uow.circuits.get(system).is_calm:
        return
    before = uow.circuits.held(system)
    after = before.answered(now=now)
    if after != before:
        uow.circuits.save(after)
    if after.state is before.state:
        return
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.SYSTEM_WENT_ON,
            at=now,
            actor_id=WORKER.id,
            subject=system,
            facts={"rested_since": before.since.isoformat() if before.since else None},
        )
    )
    tell_system_rests(f"The ledger {system} answers again; what waited goes out.", uow=uow, now=now)


def _circuit_after(
    posting: Posting, trouble: Trouble, *, carers: Carers, uow: UnitOfWork, now: datetime
) -> Circuit:
    if trouble.kind in OF_OUR_OWN:
        return uow.circuits.get(carers.system)
    if trouble.kind not in WITHOUT_ANSWER:
        note_answer(carers.system, uow=uow, now=now)
        return uow.circuits.get(carers.system)
    before = uow.circuits.held(carers.system)
    after = before.failed(
        posting.id,
        why=trouble.told,
        retry_after_seconds=trouble.retry_after_seconds,
        now=now,
    )
    uow.circuits.save(after)
    # A rest that follows a rest is the same outage.
    if before.state is CircuitState.CLOSED and after.state is CircuitState.OPEN:
        _tell_open(after, uow=uow, now=now)
    return after


def _tell_open(circuit: Circuit, *, uow: UnitOfWork, now: datetime) -> None:
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.SYSTEM_RESTED,
            at=now,
            actor_id=WORKER.id,
            subject=circuit.system,
            facts={"failures": circuit.failures, "why": circuit.why[:500]},
        )
    )
    tell_system_rests(
        f"The ledger {circuit.system} failed {circuit.failures} bills one after the other and is "
        "left alone for a while. Bills wait and go out by themselves once it answers.",
        uow=uow,
        now=now,
    )


def _wait_seconds(
    failure: Failure, trouble: Trouble, *, circuit: Circuit, draw: float, now: datetime
) -> float | None:
    asked = trouble.retry_after_seconds
    tries = failure.tries
    if trouble.kind in WITHOUT_ANSWER and circuit.state is not CircuitState.CLOSED:
        # An outage uses up no bill's tries.
        tries = min(tries, RULES[trouble.kind].tries - 1)
    wait = wait_seconds(trouble.kind, tries=tries, retry_after_seconds=asked, draw=draw)
    until = circuit.rests_until(now)
    if wait is None or until is None:
        return wait
    return max(wait, (until - now).total_seconds())
