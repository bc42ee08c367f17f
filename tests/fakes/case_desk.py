"""The queue in memory: leases, versions, decisions, undo and log-in, with switches for trouble."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from data.schemas.vocabulary import (
    BILLING_VERDICTS,
    CaseStatus,
    PostingStatus,
    Role,
    Scope,
    Verdict,
)
from service.api.oidc_door import LogInRefused, PasswordRefused, SignedIn
from service.domain.decided_money import decided_money
from service.usecases.people.log_in import OwnPasswordNeeded
from service.wire.access import Me
from service.wire.cases import (
    CaseDetail,
    Claim,
    ClaimRequest,
    ClaimResponse,
    DecisionRequest,
    DecisionResponse,
    DecisionView,
    LeaseResponse,
    QueueSummary,
)
from service.wire.deciding import MoneyPreview, PreviewRequest
from service.wire.preferences import Preferences

PASSWORD = "correct horse battery"
LEASE = timedelta(minutes=15)
PEOPLE = {
    "ana": ("person-ana", "Ana Diaz", (Role.REVIEWER,)),
    "ada": ("person-ada", "Ada Berg", (Role.APPROVER,)),
    "otto": ("person-otto", "Otto Prüfer", (Role.AUDITOR,)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A case as the fake keeps it."""

    detail: CaseDetail
    owner: str | None = None
    token: int = 0
    skipped_by: frozenset[str] = frozenset()


class RefusedError(Exception):
    """An answer that is a problem."""

    def __init__(self, status: int, title: str, detail: str, remedy: str = "") -> None:
        super().__init__(title)
        self.status, self.title, self.detail, self.remedy = status, title, detail, remedy


@dataclass(slots=True)
class FakeApi:
    """Cases, people and switches; `app` serves them."""

    cases: dict[str, Held]
    undo_seconds: int = 30
    sessions: dict[str, str] = field(default_factory=dict)
    """Session tokens and the log-in names behind them."""
    decisions: list[DecisionView] = field(default_factory=list)
    requests: list[tuple[str, DecisionRequest]] = field(default_factory=list)
    answers: dict[str, DecisionResponse] = field(default_factory=dict)
    failures_left: int = 0
    wrong_passwords: dict[str, int] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    issued: int = 0

    @classmethod
    def of(cls, details: tuple[CaseDetail, ...], *, undo_seconds: int = 30) -> FakeApi:
        """Start with these cases, best first."""
        cases = {detail.case.id: Held(detail=detail) for detail in details}
        return cls(cases=cases, undo_seconds=undo_seconds)

    def reset(self, details: tuple[CaseDetail, ...]) -> None:
        """Start again with these cases, nobody logged in and no trouble ahead."""
        with self.lock:
            self.cases = {detail.case.id: Held(detail=detail) for detail in details}
            self.failures_left = 0
            for kept in (self.sessions, self.answers, self.wrong_passwords):
                kept.clear()
            self.decisions.clear()
            self.requests.clear()

    def fail_next(self, count: int) -> None:
        """Answer the next calls of people with 503."""
        self.failures_left = count

    def revoke_sessions(self) -> None:
        """Log everybody out."""
        self.sessions.clear()

    def steal_lease(self, case_id: str) -> None:
        """Let a colleague take a case over."""
        with self.lock:
            held = self.cases[case_id]
            self.cases[case_id] = replace(held, owner="colleague", token=held.token + 1)

    def decided(self) -> list[str]:
        """Give the cases that were decided and not undone, oldest first."""
        return [one.case_id for one in self.decisions if not one.is_undone]

    def log_in(
        self, name: str, password: str, *, device: str
    ) -> SignedIn | OwnPasswordNeeded | LogInRefused:
        """Check a password; three wrong ones lock."""
        if self.wrong_passwords.get(name, 0) >= 3:
            return LogInRefused(reason="locked", retry_after_seconds=300)
        if name not in PEOPLE or password != PASSWORD:
            self.wrong_passwords[name] = self.wrong_passwords.get(name, 0) + 1
            return LogInRefused(reason="wrong")
        return self.open_session(name)

    def choose_password(
        self, needed: OwnPasswordNeeded, password: str, *, device: str
    ) -> SignedIn | PasswordRefused | LogInRefused:
        """Nobody has a one-time password here."""
        return LogInRefused(reason="wrong")

    def open_session(self, name: str) -> SignedIn:
        """Log a person in without a form."""
        token = secrets.token_urlsafe(32)
        self.sessions[token] = name
        person_id, full_name, roles = PEOPLE[name]
        return SignedIn(
            token=token,
            person_id=person_id,
            name=full_name,
            roles=frozenset(roles),
            expires_at=now() + timedelta(hours=10),
        )

    def authenticate(self, token: str) -> str:
        """Give the log-in name behind a session token."""
        if token not in self.sessions:
            raise RefusedError(401, "Not signed in", "The session has ended.", "Log in again.")
        if self.failures_left > 0:
            self.failures_left -= 1
            raise RefusedError(503, "Unavailable", "The service cannot answer now.")
        return self.sessions[token]

    def me(self, name: str) -> Me:
        """Describe a person."""
        person_id, full_name, roles = PEOPLE[name]
        return Me(
            id=person_id,
            name=full_name,
            roles=roles,
            scopes=(Scope.READ,),
            session_expires_at=now() + timedelta(hours=10),
            undo_seconds=self.undo_seconds,
            preferences=Preferences(has_seen_guide=True),
        )

    def claim(self, request: ClaimRequest, *, name: str) -> ClaimResponse:
        """Lease by id, or what the person holds, then the best, last what they gave back."""
        with self.lock:
            if request.case_id is not None:
                held = self.find(request.case_id)
                if held.owner not in {None, PEOPLE[name][0]}:
                    raise RefusedError(
                        409, "Case is taken", "A colleague works on it.", "Take another."
                    )
                return ClaimResponse(claims=(self._lease(held, name=name),))
            mine = [held for held in self.cases.values() if held.owner == PEOPLE[name][0]]
            free = [held for held in self.cases.values() if _is_open(held)]
            free.sort(key=lambda held: name in held.skipped_by)
            chosen = [*mine, *free][: request.count]
            return ClaimResponse(claims=tuple(self._lease(held, name=name) for held in chosen))

    def decide(
        self, case_id: str, request: DecisionRequest, *, key: str, name: str
    ) -> DecisionResponse:
        """Record a verdict under a live lease."""
        with self.lock:
            if key in self.answers:
                return self.answers[key]
            self.requests.append((case_id, request))
            held = self.leased(case_id, request.lease_token, name=name)
            if held.detail.case.version != request.version:
                raise RefusedError(409, "Case has changed", "It was shown in another version.")
            self.issued += 1
            decision = self._decision(held.detail, request, name=name)
            self.decisions.append(decision)
            status = {
                Verdict.REQUEST_INFORMATION: CaseStatus.AWAITING_INFORMATION,
                Verdict.ESCALATE: CaseStatus.ESCALATED,
            }.get(request.verdict, CaseStatus.DECIDED)
            moved = self._store(held, status=status, owner=None, decision=decision)
            answer = DecisionResponse(decision=decision, case=moved.detail.case)
            self.answers[key] = answer
            return answer

    def undo(self, decision_id: str) -> DecisionResponse:
        """Take a decision back inside its window."""
        with self.lock:
            found = [one for one in self.decisions if one.id == decision_id]
            if not found:
                raise RefusedError(404, "No such decision", "There is no such decision.")
            decision = found[0]
            if decision.undo_until is None or decision.undo_until <= now():
                raise RefusedError(
                    409, "Too late", "The undo window is over.", "Ask for a correction."
                )
            undone = decision.model_copy(update={"is_undone": True, "undo_until": None})
            self.decisions[self.decisions.index(decision)] = undone
            moved = self._store(self.cases[decision.case_id], status=CaseStatus.OPEN, owner=None)
            return DecisionResponse(decision=undone, case=moved.detail.case)

    def preview(self, wanted: PreviewRequest) -> MoneyPreview:
        """Count a verdict's money as the service does."""
        detail = self.find(wanted.case_id).detail
        money = decided_money(
            detail.item,
            verdict=wanted.verdict,
            adjustments=wanted.adjustments,
            approved_minor=wanted.approved_minor,
        )
        return MoneyPreview(
            charged_minor=detail.item.amount_minor,
            approved_minor=money.approved_minor,
            written_off_minor=money.written_off_minor,
            moved_minor=money.moved_minor,
            not_billed_minor=money.not_billed_minor,
            currency=detail.case.currency,
        )

    def release(self, case_id: str, token: int, *, name: str) -> LeaseResponse:
        """Give a case back."""
        with self.lock:
            held = self.leased(case_id, token, name=name)
            held = replace(held, skipped_by=held.skipped_by | {name})
            self._store(held, status=CaseStatus.OPEN, owner=None)
            return LeaseResponse(lease_expires_at=None)

    def extend(self, case_id: str, token: int, *, name: str) -> LeaseResponse:
        """Hold a case for longer."""
        self.leased(case_id, token, name=name)
        return LeaseResponse(lease_expires_at=now() + LEASE)

    def summary(self) -> QueueSummary:
        """Count what waits."""
        with self.lock:
            waiting = [held for held in self.cases.values() if _is_open(held)]
            stake: dict[str, int] = {}
            for held in waiting:
                case = held.detail.case
                stake[case.currency] = stake.get(case.currency, 0) + case.risk_minor
            return QueueSummary(
                waiting=len(waiting),
                claimed=sum(held.owner is not None for held in self.cases.values()),
                held=0,
                awaiting_information=0,
                escalated=0,
                decided_today=len(self.decided()),
                waiting_minutes=2.4 * len(waiting),
                money_at_stake_minor=stake,
                next_due_at=min((held.detail.case.due_at for held in waiting), default=None),
            )

    def find(self, case_id: str) -> Held:
        if case_id not in self.cases:
            raise RefusedError(
                404, "No such case", f"There is no case {case_id!r} that you may see."
            )
        return self.cases[case_id]

    def leased(self, case_id: str, token: int, *, name: str) -> Held:
        held = self.find(case_id)
        if held.owner != PEOPLE[name][0] or held.token != token:
            detail = f"Your hold on case {case_id} is over: a colleague has the case now."
            raise RefusedError(409, "Stale lease", detail, "Claim the case again, or the next one.")
        return held

    def _lease(self, held: Held, *, name: str) -> Claim:
        person_id = PEOPLE[name][0]
        is_renewed = held.owner == person_id
        if not is_renewed:
            held = self._store(held, status=CaseStatus.CLAIMED, owner=person_id)
        return Claim(detail=held.detail, lease_token=held.token, lease_expires_at=now() + LEASE)

    def _store(
        self,
        held: Held,
        *,
        status: CaseStatus,
        owner: str | None,
        decision: DecisionView | None = None,
    ) -> Held:
        case = held.detail.case.model_copy(
            update={
                "status": status,
                "version": held.detail.case.version + 1,
                "assignee_id": owner,
                "assignee_name": next((p[1] for p in PEOPLE.values() if p[0] == owner), None),
                "lease_expires_at": now() + LEASE if owner else None,
            }
        )
        decisions = held.detail.decisions + ((decision,) if decision else ())
        detail = held.detail.model_copy(update={"case": case, "decisions": decisions})
        moved = replace(held, detail=detail, owner=owner, token=held.token + (1 if owner else 0))
        self.cases[case.id] = moved
        return moved

    def _decision(self, detail: CaseDetail, request: DecisionRequest, *, name: str) -> DecisionView:
        case, (person_id, full_name, _) = detail.case, PEOPLE[name]
        moment = now()
        bills = request.verdict in BILLING_VERDICTS
        return DecisionView(
            id=f"D-{self.issued:06d}",
            case_id=case.id,
            title=case.title,
            actor_id=person_id,
            actor_name=full_name,
            verdict=request.verdict,
            reason_codes=request.reason_codes,
            note=request.note,
            approved_minor=case.amount_minor if bills else 0,
            currency=case.currency,
            decided_at=moment,
            undo_until=moment + timedelta(seconds=self.undo_seconds),
            is_undone=False,
            posting=PostingStatus.PENDING if bills else None,
        )


def _is_open(held: Held) -> bool:
    return held.owner is None and held.detail.case.status is CaseStatus.OPEN


def now() -> datetime:
    return datetime.now(UTC)
