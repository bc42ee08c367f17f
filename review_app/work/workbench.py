"""The workbench: the case on the desk, those fetched ahead of it, and what became of the last."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

from data.schemas.vocabulary import Verdict
from review_app.work.desk_api import DeskApi, Refusal, Standing
from review_app.work.outbox import UNAUTHORIZED, Outbox, may_pass
from service.client import ApiProblem
from service.wire.cases import (
    Claim,
    ClaimRequest,
    ClaimResponse,
    DecisionRequest,
    DecisionView,
    QueueSummary,
)

AHEAD = 3
"""Cases leased at a time: the one on the desk and two ahead, so that the next is always there."""
MAX_UNSENT = 3
"""With more decisions on their way than this the desk waits for the API instead of running on."""
SETTLE_SECONDS = 10.0
LEASE_MARGIN_SECONDS = 180.0
"""A case whose hold ends sooner is held for longer before work on it goes on."""
KEYS_OF_DECISIONS = uuid.UUID("6c1f3a52-6f0e-5d1b-9a53-6b1c8f6f3a10")


class Workbench:
    """Decisions go out behind the reviewer's back; the first refusal ends that until it is seen."""

    def __init__(
        self, api: DeskApi, *, person_id: str, outbox: Outbox, now: Callable[[], datetime]
    ) -> None:
        self._api, self._person_id, self._outbox, self._now = api, person_id, outbox, now
        self._lock = threading.RLock()
        self._claims: list[Claim] = []
        self._skipped: set[str] = set()
        self._unsent: list[str] = []
        self._refusals: list[Refusal] = []
        self._last_case_id: str | None = None
        self._last: DecisionView | None = None
        self._queue: QueueSummary | None = None
        self._feedback: str | None = None
        self._leaving: set[str] = set()

    def standing(self) -> Standing:
        """Say what is saved, what is not, and what waits."""
        with self._lock:
            last = self._last
            is_open = last is None or is_undoable(last, now=self._now())
            return Standing(
                unsent=tuple(self._unsent),
                trouble=self._outbox.trouble,
                refusals=tuple(self._refusals),
                undoable_case_id=self._last_case_id if is_open else None,
                queue=self._queue,
                is_session_ended=self._outbox.is_session_ended,
                feedback=self._feedback,
            )

    def current(self, *, is_at_work: bool = True) -> Claim | None:
        """Give the case to work on, waiting for the API only when none is at hand.

        A hold that ends soon is made longer while somebody is at work, and left to end otherwise.
        """
        if self._first() is None:
            self._fill()
        claim = self._first()
        if claim is not None and is_at_work and self.seconds_held(claim) < LEASE_MARGIN_SECONDS:
            self._outbox.add(lambda: self._extend(claim.detail.case.id))
        return claim

    def following(self) -> Claim | None:
        """Give the case that comes after the current one, if it is at hand."""
        with self._lock:
            return self._claims[1] if len(self._claims) > 1 else None

    def claim_of(self, case_id: str) -> Claim | None:
        """Give the hold on a case that is on the desk or fetched ahead."""
        with self._lock:
            found = (one for one in self._claims if one.detail.case.id == case_id)
            return next(found, None)

    def runs_on(self) -> bool:
        """Say whether the next case may come before the API has taken this one."""
        with self._lock:
            return not self._refusals and len(self._unsent) < MAX_UNSENT

    def seconds_held(self, claim: Claim) -> float:
        """Say how long a case is still held."""
        return (claim.lease_expires_at - self._now()).total_seconds()

    def call_first(self, claim: Claim, verdict: Verdict) -> None:
        """Say what the person would do, and learn what the models say; raises ApiProblem."""
        detail = self._api.call_first(
            claim.detail.case.id, lease_token=claim.lease_token, verdict=verdict
        )
        self._replace(claim.model_copy(update={"detail": detail}))

    def snooze(self, claim: Claim, *, until: datetime, reason: str) -> None:
        """Put a case away until a day; raises ApiProblem, and the case stays on the desk then."""
        case_id = claim.detail.case.id
        self._api.snooze(case_id, lease_token=claim.lease_token, until=until, reason=reason)
        self.drop((case_id,))

    def give_back(self, case_id: str, *, lease_token: int) -> None:
        """Give a case back that this person holds, and take no other; raises ApiProblem."""
        self._api.release_lease(case_id, lease_token=lease_token)
        with self._lock:
            self._leave(case_id)
            self._skipped.add(case_id)

    def drop(self, case_ids: Sequence[str]) -> None:
        """Forget cases that were settled elsewhere, as in a bulk, and fetch others."""
        with self._lock:
            for case_id in case_ids:
                self._leave(case_id)
        self._outbox.add(self._refill)

    def decide(self, claim: Claim, *, request: DecisionRequest) -> None:
        """Send a verdict and move on; writing off and doubtful times wait for the answer."""
        case = claim.detail.case
        with self._lock:
            is_calm = self.runs_on()
            self._leave(case.id)
            self._leaving.add(case.id)
            self._unsent.append(case.id)
            self._last_case_id, self._last, self._feedback = case.id, None, None
        self._outbox.add(lambda: self._send(claim, request))
        self._outbox.add(self._refill)
        if not is_calm or request.verdict is Verdict.WRITE_OFF:
            self.settle()

    def skip(self, claim: Claim) -> None:
        """Give a case back; it comes again only when nothing else waits."""
        with self._lock:
            self._leave(claim.detail.case.id)
            self._leaving.add(claim.detail.case.id)
            self._skipped.add(claim.detail.case.id)
        self._outbox.add(lambda: self._release(claim))
        self._outbox.add(self._refill)

    def undo_last(self) -> None:
        """Take the latest decision back, if the API has taken it; raises ApiProblem if too late."""
        self.settle()
        if self._last is not None:
            self.undo(self._last.id)

    def undo(self, decision_id: str) -> None:
        """Take a decision back and put its case on the desk; raises ApiProblem if too late."""
        response = self._api.undo(decision_id)
        with self._lock:
            if self._last is not None and self._last.id == decision_id:
                self._last, self._last_case_id = None, None
        self.take(response.case.id)

    def take(self, case_id: str) -> None:
        """Put one case on the desk, before all others; raises ApiProblem if somebody has it."""
        response = self._api.claim(ClaimRequest(case_id=case_id))
        with self._lock:
            for claim in reversed(response.claims):
                self._leave(claim.detail.case.id)
                self._skipped.discard(claim.detail.case.id)
                self._claims.insert(0, claim)

    def holds(self, case_id: str) -> bool:
        """Say whether the case is on the desk or fetched ahead."""
        return self.claim_of(case_id) is not None

    def has_seen_refusals(self) -> None:
        """Forget the refusals: the reviewer has read them."""
        with self._lock:
            self._refusals.clear()

    def try_again(self) -> None:
        """Send what is unsent once more."""
        self._outbox.resume()
        self.settle()

    def close(self) -> None:
        """Send what is unsent and give every case back, before the person logs out."""
        with self._lock:
            claims, self._claims = list(self._claims), []
        for claim in claims:
            self._outbox.add(lambda claim=claim: self._release(claim))  # type: ignore[misc]
        self.settle()

    def settle(self) -> None:
        """Wait until what is on its way has been answered, or the line stands still."""
        self._outbox.settle(seconds=SETTLE_SECONDS)

    def _fill(self) -> None:
        # While the API is down the line stands still; asking twice would not wake it.
        if self._outbox.is_empty:
            self._outbox.add(self._refill)
        self.settle()

    def _first(self) -> Claim | None:
        with self._lock:
            return self._claims[0] if self._claims else None

    def _leave(self, case_id: str) -> None:
        self._claims = [claim for claim in self._claims if claim.detail.case.id != case_id]

    def _refill(self) -> None:
        with self._lock:
            is_short = len(self._claims) < AHEAD
        if is_short:
            # The API gives first what this person holds already: after a reload work goes on
            # with the same cases, and these count as the first of the three.
            self._add(self._api.claim(ClaimRequest(count=AHEAD)))
        summary = self._api.queue()
        with self._lock:
            self._queue = summary

    def _add(self, response: ClaimResponse) -> None:
        with self._lock:
            for claim in response.claims:
                case_id = claim.detail.case.id
                places = [one.detail.case.id for one in self._claims]
                if case_id in places:
                    self._claims[places.index(case_id)] = claim
                elif case_id not in self._leaving:
                    self._claims.append(claim)
            # Stable: the API's order stays, only what was skipped goes behind the rest.
            self._claims.sort(key=lambda one: one.detail.case.id in self._skipped)

    def _send(self, claim: Claim, request: DecisionRequest) -> None:
        case = claim.detail.case
        name = f"{self._person_id}:{case.id}:{request.version}:{request.lease_token}"
        key = str(uuid.uuid5(KEYS_OF_DECISIONS, name))
        try:
            response = self._api.decide(case.id, request=request, idempotency_key=key)
        except ApiProblem as error:
            self._refused(claim, request, error)
            return
        with self._lock:
            self._unsent.remove(case.id)
            self._leaving.discard(case.id)
            if response.feedback is not None:
                self._feedback = f"{case.id}: {response.feedback}"
            if self._last_case_id == case.id:
                self._last = response.decision

    def _release(self, claim: Claim) -> None:
        try:
            self._api.release_lease(claim.detail.case.id, lease_token=claim.lease_token)
        except ApiProblem as error:
            # A lease that is over needs no release.
            if may_pass(error) or error.problem.status == UNAUTHORIZED:
                raise
        with self._lock:
            self._leaving.discard(claim.detail.case.id)

    def _extend(self, case_id: str) -> None:
        with self._lock:
            found = [claim for claim in self._claims if claim.detail.case.id == case_id]
        for claim in found:
            try:
                answer = self._api.extend_lease(case_id, lease_token=claim.lease_token)
            except ApiProblem as error:
                self._refused(claim, None, error)
                return
            if answer.lease_expires_at is not None:
                held = claim.model_copy(update={"lease_expires_at": answer.lease_expires_at})
                self._replace(held)

    def _replace(self, held: Claim) -> None:
        with self._lock:
            self._claims = [
                held if one.lease_token == held.lease_token
                and one.detail.case.id == held.detail.case.id else one
                for one in self._claims
            ]  # fmt: skip

    def _refused(self, claim: Claim, request: DecisionRequest | None, error: ApiProblem) -> None:
        if may_pass(error) or error.problem.status == UNAUTHORIZED:
            raise error
        case = claim.detail.case
        with self._lock:
            if request is not None:
                self._unsent.remove(case.id)
            self._leaving.discard(case.id)
            if self._last_case_id == case.id:
                self._last_case_id = None
            self._leave(case.id)
            self._refusals.append(
                Refusal(
                    case_id=case.id,
                    title=case.title,
                    verdict=request.verdict if request else None,
                    problem=error.problem,
                    note=request.note if request else "",
                )
            )


def is_undoable(decision: DecisionView, *, now: datetime) -> bool:
    """Say whether a decision can still be taken back."""
    return not decision.is_undone and decision.undo_until is not None and decision.undo_until > now
