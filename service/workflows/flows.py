"""The durable flows: each step may run again, each effect happens once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from dbos import error as dbos_error

from service.domain.invoice_gates import BillStoppedError
from service.ports.ledger import LedgerPort, LedgerRefusedError, LedgerTransientError
from service.usecases.conclude_decision import conclude_decision
from service.usecases.post_billing import Gates, OpenWork, post_billing, refuse_posting
from service.workflows.engine import CONCLUDE, POST, QUEUE

APPLICATION_VERSION = "1"
"""Raise it only when a flow changes its steps: pending flows are bound to their version."""
POLL_SECONDS = 0.2
PARALLEL_WORKFLOWS = 8
"""Workflows at a time; a ledger that must post one by one holds its own lock around each bill."""
MAX_TRIES = 6
FIRST_WAIT_SECONDS = 0.5

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowParts:
    """What the flows work with, chosen once by the wiring."""

    open_work: OpenWork
    ledger: LedgerPort
    gates: Gates
    now: Callable[[], datetime]
    owner_of_failures: str


def launch(parts: FlowParts, *, database_url: str, executor_id: str) -> None:
    """Register the flows and start to work; what a dead worker left is taken up first."""
    config: DBOSConfig = {
        "name": "countersign",
        "system_database_url": database_url,
        "application_version": APPLICATION_VERSION,
        "executor_id": executor_id,
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "WARNING",
    }
    DBOS(config=config)
    _register(parts)
    DBOS.launch()
    DBOS.register_queue(
        QUEUE, worker_concurrency=PARALLEL_WORKFLOWS, polling_interval_sec=POLL_SECONDS
    )


def shut_down() -> None:
    """Stop taking work and let go of the database."""
    DBOS.destroy()


def _register(parts: FlowParts) -> None:
    post_one = _posting_step(parts)

    @DBOS.step(name="let_verdict_count")
    def let_verdict_count(decision_id: str) -> str | None:
        with parts.open_work() as uow:
            return conclude_decision(decision_id, uow=uow, now=parts.now())

    @DBOS.workflow(name=POST)
    def post_billings(posting_ids: list[str]) -> None:
        for posting_id in posting_ids:
            post_one(posting_id)

    @DBOS.workflow(name=CONCLUDE)
    def conclude(decision_id: str) -> None:
        posting_id = let_verdict_count(decision_id)
        if posting_id is not None:
            post_one(posting_id)


def _posting_step(parts: FlowParts) -> Callable[[str], None]:
    """Give the call that posts one bill, or hands it to its owner when it fails for good."""

    @DBOS.step(
        name="write_to_ledger",
        retries_allowed=True,
        max_attempts=MAX_TRIES,
        interval_seconds=FIRST_WAIT_SECONDS,
        should_retry=_is_transient,
    )
    def write_to_ledger(posting_id: str) -> str:
        return post_billing(
            posting_id,
            open_work=parts.open_work,
            ledger=parts.ledger,
            gates=parts.gates,
            now=parts.now,
        ).value

    @DBOS.step(name="give_to_owner")
    def give_to_owner(posting_id: str, why: str) -> None:
        refuse_posting(
            posting_id,
            why=why,
            open_work=parts.open_work,
            owner_id=parts.owner_of_failures,
            now=parts.now(),
        )

    def post_one(posting_id: str) -> None:
        try:
            write_to_ledger(posting_id)
        except (LedgerRefusedError, BillStoppedError) as error:
            give_to_owner(posting_id, str(error))
        except dbos_error.DBOSMaxStepRetriesExceeded as error:
            last = error.errors[-1] if error.errors else error
            give_to_owner(posting_id, f"{MAX_TRIES} tries failed; the last said: {last}")
        except Exception as error:  # noqa: BLE001 - the last resort: the rest is posted anyway
            _log.exception("Posting %s failed in a way nobody foresaw", posting_id)
            give_to_owner(posting_id, f"unexpected {type(error).__name__}: {error}")

    return post_one


def _is_transient(error: BaseException) -> bool:
    return isinstance(error, LedgerTransientError)
