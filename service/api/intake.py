"""Gathers concurrent assessment requests into one call of the scorer and one commit."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from service.api.parts import ApiParts
from service.domain.errors import IdempotencyReusedError
from service.ports.stores import UnitOfWork
from service.usecases.assessing.assess_items import Arrival, assess_items

LARGEST_CALL = 2_000
"""Items scored together; beyond it a call only delays those who wait behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What one request is told, as the bytes that a repeat gets as well."""

    body: bytes
    is_replayed: bool


@dataclass(frozen=True, slots=True)
class _Waiting:
    arrival: Arrival
    answer: Future[Answered]

    @property
    def key(self) -> tuple[str, str] | None:
        key = self.arrival.idempotency_key
        return None if key is None else (self.arrival.actor_id, key)


Outcome = Answered | IdempotencyReusedError
Take = Callable[[], Sequence[_Waiting]]


class Intake:
    """Requests that arrive while the writer is busy are assessed together when it is free.

    Neither an item nor an idempotency key stands twice in one call: the later request waits for
    the next call, where it finds what the earlier one left. A call that fails is repeated request
    by request, so that one cannot spoil another.
    """

    def __init__(self, parts: ApiParts) -> None:
        self._parts = parts
        self._lock = threading.Lock()
        self._waiting: deque[_Waiting] = deque()

    def submit(self, arrival: Arrival) -> Future[Answered]:
        """Take one request; its future resolves once its answer is durable."""
        answer: Future[Answered] = Future()
        with self._lock:
            self._waiting.append(_Waiting(arrival, answer))
            is_first = len(self._waiting) == 1
        if is_first:
            self._call(self._take)
        return answer

    def _call(self, take: Take) -> None:
        taken: list[_Waiting] = []
        done = self._parts.writer.submit(lambda uow: self._work(uow, take, taken))
        done.add_done_callback(lambda future: self._answer(future, taken))

    def _work(self, uow: UnitOfWork, take: Take, taken: list[_Waiting]) -> list[Outcome]:
        taken.extend(take())
        known = [_known(one.arrival, uow) for one in taken]
        fresh = [one.arrival for one, found in zip(taken, known, strict=True) if found is None]
        told = iter(self._assess(fresh, uow))
        return [next(told) if found is None else found for found in known]

    def _assess(self, arrivals: Sequence[Arrival], uow: UnitOfWork) -> list[Answered]:
        if not arrivals:
            return []
        parts = self._parts
        answers = assess_items(
            arrivals,
            uow=uow,
            scorer=parts.scorer,
            engine=parts.engine,
            ledger=parts.ledger,
            now=parts.clock.now(),
            ids=parts.ids,
        )
        return [Answered(body=one.model_dump_json().encode(), is_replayed=False) for one in answers]

    def _take(self) -> list[_Waiting]:
        """Take requests in order, stopping where an item or a key would stand twice in one call."""
        taken: list[_Waiting] = []
        seen: set[str | tuple[str, str]] = set()
        items = 0
        with self._lock:
            while self._waiting:
                first = self._waiting[0]
                accepted = first.arrival.batch.accepted
                names: set[str | tuple[str, str]] = {item.item_id for _, item in accepted}
                if first.key is not None:
                    names.add(first.key)
                too_many = taken and items + len(accepted) > LARGEST_CALL
                if too_many or names & seen:
                    break
                seen |= names
                items += len(accepted)
                self._waiting.popleft()
                # A caller that went away before its turn is left out.
                if first.answer.set_running_or_notify_cancel():
                    taken.append(first)
            rest = bool(self._waiting)
        if rest:
            self._call(self._take)
        return taken

    def _answer(self, future: Future[list[Outcome]], taken: Sequence[_Waiting]) -> None:
        error = future.exception()
        if error is not None and len(taken) > 1:
            for one in taken:
                self._call(_alone(one))
            return
        for place, one in enumerate(taken):
            outcome = future.result()[place] if error is None else error
            if isinstance(outcome, Answered):
                one.answer.set_result(outcome)
            else:
                one.answer.set_exception(outcome)


def _alone(one: _Waiting) -> Take:
    return lambda: [one]


def _known(arrival: Arrival, uow: UnitOfWork) -> Outcome | None:
    """Give what another request under the same key left since this one was looked up."""
    key = arrival.idempotency_key
    kept = None if key is None else uow.answers.find(owner=arrival.actor_id, key=key)
    if key is None or kept is None:
        return None
    if kept.request_sha256 != arrival.request_sha256:
        return IdempotencyReusedError(key)
    return Answered(body=kept.body, is_replayed=True)
