"""One transaction with every store in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Connection, Engine

from service.ports.stores import UnitOfWork
from service.store.accounts import SqlAccountStore
from service.store.answers import SqlAnswerStore
from service.store.approvals import SqlApprovalStore
from service.store.audit_trail import Canonical, SqlAuditTrail
from service.store.bulks import SqlBulkStore
from service.store.cases import SqlCaseStore
from service.store.checks import SqlCheckStore, SqlWatchStore
from service.store.decisions import SqlDecisionStore
from service.store.documents import SqlDocumentStore
from service.store.event_deliveries import SqlEventDeliveryStore
from service.store.events import SqlEventStore
from service.store.exposures import SqlExposureStore
from service.store.facts import SqlFactStore
from service.store.failures import SqlCircuitStore, SqlFailureStore
from service.store.flows import SqlFlowHoldStore
from service.store.items import SqlItemStore
from service.store.known_answers import SqlKnownAnswerStore
from service.store.model_jobs import SqlJobStore
from service.store.notifications import SqlNotificationStore
from service.store.policies import SqlPolicyStore
from service.store.postings import SqlPostingStore
from service.store.proposals import SqlProposalStore
from service.store.quality import SqlQualityStore
from service.store.references import SqlReferenceStore
from service.store.shadows import SqlShadowStore
from service.store.subscribers import SqlSubscriberStore
from service.store.syncs import SqlSyncStore
from service.store.talk import SqlTalkStore, SqlViewStore
from service.store.transfers import SqlTransferStore


class SqlUnitOfWork:
    """The stores over one connection whose transaction somebody else opens and commits."""

    def __init__(self, connection: Connection, *, canonical: Canonical) -> None:
        self.connection = connection
        self.items = SqlItemStore(connection)
        self.cases = SqlCaseStore(connection)
        self.exposures = SqlExposureStore(connection)
        self.known_answers = SqlKnownAnswerStore(connection)
        self.decisions = SqlDecisionStore(connection)
        self.bulks = SqlBulkStore(connection)
        self.transfers = SqlTransferStore(connection)
        self.postings = SqlPostingStore(connection)
        self.failures = SqlFailureStore(connection)
        self.circuits = SqlCircuitStore(connection)
        self.references = SqlReferenceStore(connection)
        self.proposals = SqlProposalStore(connection)
        self.accounts = SqlAccountStore(connection)
        self.answers = SqlAnswerStore(connection)
        self.checks = SqlCheckStore(connection)
        self.watches = SqlWatchStore(connection)
        self.shadows = SqlShadowStore(connection)
        self.jobs = SqlJobStore(connection)
        self.facts = SqlFactStore(connection)
        self.documents = SqlDocumentStore(connection)
        self.approvals = SqlApprovalStore(connection)
        self.flow_holds = SqlFlowHoldStore(connection)
        self.syncs = SqlSyncStore(connection)
        self.policies = SqlPolicyStore(connection)
        self.quality = SqlQualityStore(connection)
        self.talk = SqlTalkStore(connection)
        self.views = SqlViewStore(connection)
        self.notifications = SqlNotificationStore(connection)
        self.events = SqlEventStore(connection)
        self.subscribers = SqlSubscriberStore(connection)
        self.event_deliveries = SqlEventDeliveryStore(connection)
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
