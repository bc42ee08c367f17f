"""The service without models and servers: the real use cases over a real database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from data.schemas.batch import Batch
from data.schemas.decision import Decision
from data.schemas.vocabulary import (
    AuditEvent,
    CaseStatus,
    ItemKind,
    Lane,
    PostingStatus,
    ReasonCode,
    Role,
    Route,
    Scope,
    Verdict,
)
from service.audit.canonical import canonical
from service.domain.actor import WORKER, Actor
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.ports.engine import DecisionContext
from service.ports.stores import UnitOfWork
from service.scoring.watching import LiveWatcher
from service.store.control_totals import SqlControlBooks
from service.store.database import open_for_reading, open_for_writing
from service.store.deciding_screens import SqlDecidingScreens
from service.store.screens import SqlScreens
from service.store.unit_of_work import WorkOpener
from service.usecases.assessing.assess_items import Arrival, assess_items
from service.usecases.deciding.adjudicate_case import adjudicate_case
from service.usecases.deciding.conclude_decision import conclude_decision
from service.usecases.deciding.correct_decision import correct_decision
from service.usecases.deciding.decide_case import decide_case
from service.usecases.deciding.second_verdict import second_verdict
from service.usecases.deciding.undo_decision import undo_decision
from service.usecases.queue.claim_case import claim_named, claim_next
from service.usecases.queue.hold_case import release_case
from service.usecases.upkeep.control_totals import control_totals
from service.wire.assessments import AssessmentResponse
from service.wire.cases import DecisionRequest
from service.wire.deciding import AdjudicationRequest, CorrectionRequest, SecondVerdictRequest
from tests.builders.databases import database  # noqa: F401 - tests find it beside Workplace
from tests.fakes.clock import MONDAY_MORNING, CountingIds, SettableClock
from tests.fakes.engine import ENQUEUED, FakeEngine
from tests.fakes.scorer import FakeScorer

T = TypeVar("T")
LEDGER = "fake"
UNDO_WINDOW = timedelta(seconds=30)

REVIEWER = Actor(id="rita", name="Rita Reviewer", roles=frozenset({Role.REVIEWER}))
COLLEAGUE = Actor(id="carl", name="Carl Colleague", roles=frozenset({Role.REVIEWER}))
APPROVER = Actor(id="anna", name="Anna Approver", roles=frozenset({Role.APPROVER}))
CHIEF = Actor(id="cleo", name="Cleo Chief", roles=frozenset({Role.APPROVER}))
AUDITOR = Actor(id="otto", name="Otto Auditor", roles=frozenset({Role.AUDITOR}))
WORKFLOW = Actor(id="key-1", name="Workflow", key_scopes=frozenset(Scope))


def never(_name: str) -> float:
    """A coin that never hands out a check."""
    return 1.0 - 2**-53


def always(_name: str) -> float:
    """A coin that hands out a check whenever one waits."""
    return 0.0


def case(**overrides: Any) -> Case:
    """An open case of 1,000.00 EUR with half a doubt and two minutes of work."""
    given = {
        "id": "C-000001",
        "item_id": "test:TS-1",
        "item_seq": 1,
        "assessment_id": "asm-1",
        "kind": ItemKind.TIMESHEET,
        "title": "ada, 2026-03-02 to 2026-03-06",
        "client_id": "acme",
        "contract_id": "C-1",
        "status": CaseStatus.OPEN,
        "version": 1,
        "route": Route.REVIEW,
        "lane": Lane.INDEX,
        "propensity": 1.0,
        "amount_minor": 1_000_00,
        "currency": "EUR",
        "risk_minor": 0,
        "leak_minor": 0,
        "value_minor": 1_000_00,
        "doubt": 0.5,
        "review_minutes": 2.0,
        "review_error": 0.05,
        "opened_at": MONDAY_MORNING,
        "due_at": MONDAY_MORNING + timedelta(days=2),
    }
    return Case(**(given | overrides))


def decision_request(claimed: Case, **overrides: Any) -> DecisionRequest:
    """Approve a claimed case as it was shown."""
    given = {
        "lease_token": claimed.lease_token,
        "version": claimed.version,
        "verdict": Verdict.APPROVE,
        "reason_codes": (ReasonCode.CLAUSE_SATISFIED,),
    }
    return DecisionRequest(**(given | overrides))


def _mark_posted(posting_id: str, *, uow: UnitOfWork, now: datetime) -> None:
    posting = uow.postings.get(posting_id)
    assert posting is not None
    uow.postings.save(
        replace(posting, status=PostingStatus.DONE, document_id=f"D-{posting_id}", done_at=now)
    )
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.POSTING_DONE, at=now, actor_id=WORKER.id, subject=posting.item_id
        )
    )


@dataclass
class Workplace:
    """One installation's data with a settable clock, a told scorer and a remembering engine."""

    url: str
    clock: SettableClock = field(default_factory=SettableClock)
    ids: CountingIds = field(default_factory=CountingIds)
    scorer: FakeScorer = field(default_factory=FakeScorer)
    engine: FakeEngine = field(default_factory=FakeEngine)
    watcher: LiveWatcher = field(default_factory=LiveWatcher)
    undo_window: timedelta = UNDO_WINDOW
    coin: Callable[[str], float] = never

    def __post_init__(self) -> None:
        self.open_work = WorkOpener(open_for_writing(self.url), canonical=canonical)
        self.reader = open_for_reading(self.url)
        self.screens = SqlScreens(self.reader)
        self.deciding_screens = SqlDecidingScreens(self.reader)
        with self.open_work.engine.begin() as connection:
            ENQUEUED.create(connection, checkfirst=True)

    def close(self) -> None:
        """Let go of the file."""
        self.open_work.engine.dispose()
        self.reader.dispose()

    def run(self, work: Callable[[UnitOfWork], T]) -> T:
        """Do work in one transaction."""
        with self.open_work() as uow:
            return work(uow)

    def context(self, uow: UnitOfWork) -> DecisionContext:
        """What a deciding use case needs."""
        return DecisionContext(
            uow=uow,
            engine=self.engine,
            ledger=LEDGER,
            undo_window=self.undo_window,
            now=self.clock.now(),
            ids=self.ids,
        )

    def assess(self, *items, rejected=(), key: str | None = None) -> AssessmentResponse:
        """Submit items as one request."""
        return self.assess_arrivals(self.arrival(*items, rejected=rejected, key=key))[0]

    def arrival(self, *items, rejected=(), key: str | None = None) -> Arrival:
        """One request, read."""
        return Arrival(
            batch_id=self.ids.new("batch"),
            actor_id=WORKFLOW.id,
            received=len(items) + len(rejected),
            batch=Batch(tuple(enumerate(items)), tuple(rejected)),
            idempotency_key=key,
            request_sha256=f"hash of {key}",
        )

    def assess_arrivals(self, *arrivals: Arrival) -> list[AssessmentResponse]:
        """Submit requests that share a transaction."""
        return self.run(
            lambda uow: assess_items(
                arrivals,
                uow=uow,
                scorer=self.scorer,
                engine=self.engine,
                ledger=LEDGER,
                now=self.clock.now(),
                ids=self.ids,
            )
        )

    def open_case(self, item, **said: Any) -> Case:
        """Submit an item that opens a case, and give the case."""
        if said:
            self.scorer.says(item.item_id, **said)
        case_id = self.assess(item).results[0].case_id
        assert case_id is not None
        return self.case(case_id)

    def case(self, case_id: str) -> Case:
        """Give a case as it stands."""
        found = self.run(lambda uow: uow.cases.get(case_id))
        assert found is not None
        return found

    def claim_next(self, actor: Actor = REVIEWER, *, count: int = 1, coin=never) -> list[Case]:
        """Claim the best next cases."""
        return self.run(
            lambda uow: claim_next(
                actor=actor, count=count, uow=uow, now=self.clock.now(), coin=coin
            )
        )

    def claim(self, case_id: str, actor: Actor = REVIEWER) -> Case:
        """Claim a case by name."""
        return self.run(
            lambda uow: claim_named(
                case_id, actor=actor, uow=uow, now=self.clock.now(), coin=self.coin
            )
        )

    def release(self, claimed: Case, actor: Actor = REVIEWER) -> Case:
        """Give a claimed case back."""
        return self.run(
            lambda uow: release_case(
                claimed.id, token=claimed.lease_token, actor=actor, uow=uow, now=self.clock.now()
            )
        )

    def decide(self, claimed: Case, actor: Actor = REVIEWER, **overrides: Any) -> Decision:
        """Decide a claimed case; approves unless told otherwise."""
        request = decision_request(claimed, **overrides)
        return self.run(
            lambda uow: decide_case(claimed.id, request, actor=actor, context=self.context(uow))
        )

    def undo(self, decision: Decision, actor: Actor = REVIEWER) -> Decision:
        """Take a decision back."""
        return self.run(
            lambda uow: undo_decision(
                decision.id,
                actor=actor,
                uow=uow,
                undo_window=self.undo_window,
                now=self.clock.now(),
            )
        )

    def sign(self, decision: Decision, actor: Actor = APPROVER, **overrides: Any) -> Decision:
        """Give a second verdict; the same as the first unless told otherwise."""
        given = {
            "version": self.case(decision.case_id).version,
            "verdict": decision.verdict,
            "reason_codes": decision.reason_codes,
            "adjustments": decision.adjustments,
        }
        request = SecondVerdictRequest(**(given | overrides))
        return self.run(
            lambda uow: second_verdict(
                decision.case_id, request, actor=actor, context=self.context(uow)
            )
        )

    def adjudicate(
        self, decision: Decision, *, stands: str | None, actor: Actor = CHIEF, note: str = "read"
    ) -> Decision:
        """Rule on a decision over which two people disagreed."""
        request = AdjudicationRequest(
            version=self.case(decision.case_id).version, stands=stands, note=note
        )
        return self.run(
            lambda uow: adjudicate_case(
                decision.case_id, request, actor=actor, context=self.context(uow)
            )
        )

    def correct(self, decision: Decision, actor: Actor = REVIEWER, **said: Any) -> Decision:
        """Put another decision in the place of one; approves unless told otherwise."""
        given = {
            "verdict": Verdict.APPROVE,
            "reason_codes": (ReasonCode.CLAUSE_SATISFIED,),
            "note": "read again",
        }
        request = CorrectionRequest(**(given | said))
        return self.run(
            lambda uow: correct_decision(
                decision.id, request, actor=actor, context=self.context(uow)
            )
        )

    def post(self, decision: Decision) -> None:
        """Let the undo window of a decision end, and its bill reach the ledger."""
        self.clock.forward(minutes=1)
        posting_id = self.conclude(decision)
        assert posting_id is not None
        self.run(lambda uow: _mark_posted(posting_id, uow=uow, now=self.clock.now()))

    def decided(self, item, actor: Actor = REVIEWER, **overrides: Any) -> Decision:
        """Submit an item, claim its case and decide it."""
        return self.decide(self.claim(self.open_case(item).id, actor), actor, **overrides)

    def conclude(self, decision: Decision) -> str | None:
        """Let the undo window of a decision end."""
        return self.run(
            lambda uow: conclude_decision(
                decision.id,
                uow=uow,
                watcher=self.watcher,
                coin=self.coin,
                now=self.clock.now(),
            )
        )

    def enqueued(self) -> list[tuple[str, str, float]]:
        """What was enqueued and committed."""
        with self.reader.begin() as connection:
            return self.engine.enqueued(connection)

    def audited(self, *events: AuditEvent) -> list[dict[str, Any]]:
        """Bodies of the audit entries of these events (all without any), oldest first."""
        return self.run(
            lambda uow: [dict(one) for one in uow.audit.entries(*(events or AuditEvent))]
        )

    def differences(self) -> dict[str, int]:
        """Give every control total that does not come out even, with what is missing."""
        with self.reader.begin() as connection:
            totals = control_totals(SqlControlBooks(connection))
        return {one.name: one.difference for one in totals if one.difference}

    def postings(self, item_id: str) -> list:
        """Every posting of an item."""
        return self.run(lambda uow: uow.postings.of_item(item_id))
