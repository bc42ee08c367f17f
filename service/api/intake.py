"""Gathers concurrent assessment requests into one call of the scorer and one commit."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass

from service.api.parts import ApiParts
from service.ports import UnitOfWork
from service.usecases.assess_items import Arrival, assess_items
from service.wire.assessments import AssessmentResponse

LARGEST_CALL = 2_000
"""Items scored together; beyond it a call only delays those who wait behind it."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    arrival: Arrival
    answer: Future[AssessmentResponse]


class Intake:
    """Requests that arrive while the writer is busy are assessed together when it is free."""

    def __init__(self, parts: ApiParts) -> None:
        self._parts = parts
        self._lock = threading.Lock()
        self._waiting: deque[_Waiting] = deque()

    def submit(self, arrival: Arrival) -> Future[AssessmentResponse]:
        """Take one request; its future resolves once its answer is durable."""
        answer: Future[AssessmentResponse] = Future()
        with self._lock:
            self._waiting.append(_Waiting(arrival, answer))
            is_first = len(self._waiting) == 1
        if is_first:
            self._call()
        return answer

    def _call(self) -> None:
        taken: list[_Waiting] = []
        done = self._parts.writer.submit(lambda uow: self._assess(uow, taken))
        done.add_done_callback(lambda future: self._answer(future, taken))

    def _assess(self, uow: UnitOfWork, taken: list[_Waiting]) -> list[AssessmentResponse]:
        taken.extend(self._take())
        parts = self._parts
        return assess_items(
            [one.arrival for one in taken],
            uow=uow,
            scorer=parts.scorer,
            engine=parts.engine,
            ledger=parts.ledger,
            now=parts.clock.now(),
            ids=parts.ids,
        )

    def _take(self) -> list[_Waiting]:
        """Take requests in order, stopping where an item would stand twice in one call."""
        taken: list[_Waiting] = []
        seen: set[str] = set()
        items = 0
        with self._lock:
            while self._waiting:
                names = {item.item_id for _, item in self._waiting[0].arrival.batch.accepted}
                too_many = taken and items + len(names) > LARGEST_CALL
                if too_many or names & seen:
                    break
                seen |= names
                items += len(names)
                taken.append(self._waiting.popleft())
            rest = bool(self._waiting)
        if rest:
            self._call()
        return taken

    def _answer(self, future: Future[list[AssessmentResponse]], taken: list[_Waiting]) -> None:
        error = future.exception()
        if error is not None:
            for one in taken:
                one.answer.set_exception(error)
            return
        for one, response in zip(taken, future.result(), strict=True):
            one.answer.set_result(response)
