"""The durable flows: each step may run again, each effect happens once."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy.exc import DBAPIError

from data.schemas.vocabulary import FailureKind, PostingStatus
from service.ports.engine import Engine
from service.ports.faults import PassBy, Point, pass_by
from service.ports.ledger import LedgerPort
from service.ports.watcher import Watcher
from service.usecases.billing.note_failure import Carers, let_rest, note_failure
from service.usecases.billing.post_billing import Gates, NotYetError, OpenWork, post_billing
from service.usecases.billing.trouble_of import trouble_of
from service.usecases.deciding.conclude_decision import conclude_decision
from service.workflows.engine import CONCLUDE, MODELS_QUEUE, ORDER, PARALLEL_WORKFLOWS, POST, QUEUE

APPLICATION_VERSION = "1"
"""Raise it only when a flow changes its steps: pending flows are bound to their version."""
POLL_SECONDS = 0.2
SPARE_CONNECTIONS = 4
"""For what the engine does beside its workflows: a PostgreSQL server serves a hundred in all."""
DATABASE_TRIES = 8
FIRST_WAIT_SECONDS = 0.5
"""Doubled after every try: a database that is back within a minute costs no posting its run."""
PUT_OFF = "put_off"
"""What is left of a run waits, as its ledger rests."""

_log = logging.getLogger(__name__)


class PostOne(Protocol):
    """Brings one pending posting into the ledger."""

    def __call__(
        self,
        posting_id: str,
        *,
        open_work: OpenWork,
        ledger: LedgerPort,
        gates: Gates,
        now: Callable[[], datetime],
        passing: PassBy,
    ) -> PostingStatus:
        """Raise what `post_billing` raises."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowParts:
    """What the flows work with, chosen once by the wiring."""

    open_work: OpenWork
    ledger: LedgerPort
    gates: Gates
    watcher: Watcher
    coin: Callable[[str], float]
    """Draws who reviews a second time."""
    carry_out: Callable[[str], object]
    """Carries an order to the models out, by its id."""
    now: Callable[[], datetime]
    owner_of_failures: str | None
    engine: Engine
    """Enqueues what is tried again later."""
    draw: Callable[[], float] = lambda: 1.0
    """Spreads the waits between 0 and 1; without one every wait is the longest."""
    passing: PassBy = pass_by
    post: PostOne = post_billing
    is_posting_stopped: Callable[[], bool] = lambda: False
    """Asked once, before the first bill leaves."""


def launch(parts: FlowParts, *, database_url: str, executor_id: str) -> None:
    """Register the flows and start to work; what a dead worker left is taken up first."""
    config: DBOSConfig = {
        "name": "countersign",
        "system_database_url": database_url,
        "application_version": APPLICATION_VERSION,
        "executor_id": executor_id,
        "serializer": DBOSPortableJSONSerializer(),
        "sys_db_pool_size": PARALLEL_WORKFLOWS + SPARE_CONNECTIONS,
        "log_level": "WARNING",
    }
    DBOS(config=config)
    _register(parts)
    DBOS.launch()
    DBOS.register_queue(
        QUEUE,
        worker_concurrency=0 if parts.is_posting_stopped() else PARALLEL_WORKFLOWS,
        polling_interval_sec=POLL_SECONDS,
    )
    DBOS.register_queue(MODELS_QUEUE, global_concurrency=1, polling_interval_sec=POLL_SECONDS)


def shut_down() -> None:
    """Stop taking work and let go of the database."""
    DBOS.destroy()


def _register(parts: FlowParts) -> None:
    post_first = _posting_step(parts)

    @DBOS.step(name="let_verdict_count")
    def let_verdict_count(decision_id: str) -> str | None:
        parts.passing(Point.VERDICT_TO_COUNT)
        with parts.open_work() as uow:
            posting_id = conclude_decision(
                decision_id, uow=uow, watcher=parts.watcher, coin=parts.coin, now=parts.now()
            )
            parts.passing(Point.VERDICT_UNCOMMITTED)
        parts.passing(Point.VERDICT_COUNTED)
        return posting_id

    @DBOS.step(name="change_models")
    def change_models(job_id: str) -> None:
        parts.carry_out(job_id)

    @DBOS.workflow(name=ORDER)
    def carry_out_order(job_id: str) -> None:
        change_models(job_id)

    @DBOS.workflow(name=POST)
    def post_billings(posting_ids: list[str]) -> None:
        for place in range(len(posting_ids)):
            if post_first(posting_ids[place:]) == PUT_OFF:
                return

    @DBOS.workflow(name=CONCLUDE)
    def conclude(decision_id: str) -> None:
        posting_id = let_verdict_count(decision_id)
        if posting_id is not None:
            post_first([posting_id])


def _posting_step(parts: FlowParts) -> Callable[[Sequence[str]], str]:
    """Give the call that posts the first of some bills; gives how it went."""
    carers = Carers(engine=parts.engine, system=parts.ledger.name, owner_id=parts.owner_of_failures)

    # A retry here is of our own database alone; what the ledger says is noted, and waits there.
    @DBOS.step(
        name="write_to_ledger",
        retries_allowed=True,
        max_attempts=DATABASE_TRIES,
        interval_seconds=FIRST_WAIT_SECONDS,
        should_retry=_is_of_database,
    )
    def write_to_ledger(posting_ids: Sequence[str]) -> str:
        posting_id = posting_ids[0]
        try:
            done = parts.post(
                posting_id,
                open_work=parts.open_work,
                ledger=parts.ledger,
                gates=parts.gates,
                now=parts.now,
                passing=parts.passing,
            )
        except NotYetError as error:
            return _put_off(posting_ids, error.until, parts=parts)
        except DBAPIError:
            raise
        except Exception as error:  # noqa: BLE001 - the last resort: the rest is posted anyway
            return _noted(posting_id, error, parts=parts, carers=carers)
        parts.passing(Point.STEP_DONE)
        return done.value

    return write_to_ledger


def _put_off(posting_ids: Sequence[str], until: datetime, *, parts: FlowParts) -> str:
    """Let all that is left of a run wait together: one row, however many bills."""
    run = f"{DBOS.workflow_id} {posting_ids[0]}"
    with parts.open_work() as uow:
        let_rest(
            posting_ids,
            until,
            run_id=f"rest-{hashlib.sha256(run.encode()).hexdigest()[:24]}",
            engine=parts.engine,
            draw=parts.draw(),
            uow=uow,
            now=parts.now(),
        )
        parts.passing(Point.REST_UNCOMMITTED)
    parts.passing(Point.REST_NOTED)
    return PUT_OFF


def _noted(posting_id: str, error: Exception, *, parts: FlowParts, carers: Carers) -> str:
    trouble = trouble_of(error)
    if trouble.kind is FailureKind.UNEXPECTED:
        _log.error("Posting %s failed in a way nobody foresaw", posting_id, exc_info=error)
    parts.passing(Point.FAILURE_TO_NOTE)
    with parts.open_work() as uow:
        status = note_failure(
            posting_id, trouble, carers=carers, draw=parts.draw(), uow=uow, now=parts.now()
        )
        parts.passing(Point.FAILURE_UNCOMMITTED)
    parts.passing(Point.FAILURE_NOTED)
    return status.value


def _is_of_database(error: BaseException) -> bool:
    return isinstance(error, DBAPIError)
