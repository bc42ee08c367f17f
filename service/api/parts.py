"""What the routes work with: chosen once by the wiring, kept on the application."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypeVar

from service.api.passwords import Passwords
from service.domain.sync_plan import SyncPlan
from service.ports.audit_book import AuditBook
from service.ports.clauses import ClauseReader
from service.ports.clock import Clock, Ids
from service.ports.deciding_screens import DecidingScreens
from service.ports.engine import DecisionContext, Engine
from service.ports.flows import Flows
from service.ports.identity import IdentityProvider
from service.ports.integrations import Integrations
from service.ports.models_reader import ModelsReader
from service.ports.my_work import MyWorkReader
from service.ports.operations import Operations
from service.ports.scorer import Scorer
from service.ports.screens import Screens
from service.ports.stores import UnitOfWork

T = TypeVar("T")


class Writing(Protocol):
    """The one writer: work submitted to it is durable when its future resolves."""

    def submit(self, work: Callable[[UnitOfWork], T]) -> Future[T]:
        """Take a piece of work."""
        ...

    def run(self, work: Callable[[UnitOfWork], T]) -> T:
        """Do a piece of work and wait until it is durable."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What readiness looks at, each a question with a one-line answer when it is bad."""

    checks: dict[str, Callable[[], str | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiParts:
    """Everything behind the routes."""

    writer: Writing
    read: Callable[[], AbstractContextManager[UnitOfWork]]
    """Opens a reading unit of work; it never waits for the writer."""
    screens: Screens
    deciding_screens: DecidingScreens
    audit_book: AuditBook
    mine: MyWorkReader
    operations: Operations
    integrations: Integrations
    scorer: Scorer
    models: ModelsReader
    clauses: ClauseReader
    engine: Engine
    flows: Flows
    clock: Clock
    ids: Ids
    coin: Callable[[str], float]
    ledger: str
    undo_window: timedelta
    sync_plan: SyncPlan
    health: Health
    passwords: Passwords
    provider: IdentityProvider | None
    """The company's own log-in, where one is set."""
    random_token: Callable[[], str]

    def deciding(self, uow: UnitOfWork) -> DecisionContext:
        """Give what a deciding use case needs, over an open unit of work."""
        return DecisionContext(
            uow=uow,
            engine=self.engine,
            ledger=self.ledger,
            undo_window=self.undo_window,
            now=self.clock.now(),
            ids=self.ids,
        )
