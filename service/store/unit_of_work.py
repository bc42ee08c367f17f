"""One transaction with every store in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Connection, Engine

from service.ports.stores import UnitOfWork
from service.store.accounts import SqlAccountStore
from service.store.audit_trail import Canonical, SqlAuditTrail
from service.store.cases import SqlCaseStore
from service.store.decisions import SqlDecisionStore
from service.store.facts import SqlAnswerStore, SqlFactStore
from service.store.items import SqlItemStore
from service.store.postings import SqlPostingStore
from service.store.proposals import SqlProposalStore
from service.store.references import SqlReferenceStore


class SqlUnitOfWork:
    """The stores over one connection whose transaction somebody else opens and commits."""

    def __init__(self, connection: Connection, *, canonical: Canonical) -> None:
        self.connection = connection
        self.items = SqlItemStore(connection)
        self.cases = SqlCaseStore(connection)
        self.decisions = SqlDecisionStore(connection)
        self.postings = SqlPostingStore(connection)
        self.references = SqlReferenceStore(connection)
        self.proposals = SqlProposalStore(connection)
        self.accounts = SqlAccountStore(connection)
        self.answers = SqlAnswerStore(connection)
        self.facts = SqlFactStore(connection)
        self.audit = SqlAuditTrail(connection, canonical=canonical)


class WorkOpener:
    """Opens units of work that commit on a clean exit and roll back on an error."""

    def __init__(self, engine: Engine, *, canonical: Canonical) -> None:
        self.engine = engine
        self._canonical = canonical

    def __call__(self) -> AbstractContextManager[UnitOfWork]:
        """Open one unit of work."""
        return self._open()

    def on(self, connection: Connection) -> SqlUnitOfWork:
        """Give the stores over a connection in a transaction."""
        return SqlUnitOfWork(connection, canonical=self._canonical)

    @contextmanager
    def _open(self) -> Iterator[UnitOfWork]:
        with self.engine.begin() as connection:
            yield self.on(connection)
