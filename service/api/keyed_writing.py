"""One effect under one idempotency key: what a request changes, and that it did, commit together.

A process may die between that commit and the answer. What the effect gave back is therefore kept
with it, and a repeat is answered from that instead of changing anything again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from types import NoneType
from typing import Any, TypeVar

from pydantic import TypeAdapter
from starlette.types import Scope

from data.schemas.decision import Decision
from data.schemas.proposals import Proposal
from service.api.parts import ApiParts
from service.domain.errors import AnswerNotKeptError, IdempotencyReusedError, KeyInFlightError
from service.domain.model_job import ModelJob
from service.ports.stores import UnitOfWork
from service.wire.deciding import BulkAnswer
from service.wire.items import Withdrawal
from service.wire.my_work import Absence
from service.wire.talk import AttachmentView, CommentResponse, ReadResponse, SavedViewView

T = TypeVar("T")
KEYED = "countersign.keyed"
"""Where the request's state holds the key it came under."""

_TELLABLE: dict[str, TypeAdapter[Any]] = {
    shape.__name__: TypeAdapter(shape)
    for shape in (
        NoneType, bool, int, str, Decision, Proposal, ModelJob, BulkAnswer, Withdrawal, Absence,
        AttachmentView, CommentResponse, ReadResponse, SavedViewView,
    )
}  # fmt: skip
"""What effects give back that can be told again; nothing else is ever read back."""


@dataclass(slots=True, kw_only=True)
class KeyedCall:
    """A write under its key, on its way through the routes."""

    owner: str
    key: str
    request_sha256: str
    is_told_once: bool
    """The answer holds a secret, which is kept nowhere."""
    has_written: bool = False
    is_answer_kept: bool = False
    """The route kept its answer itself, in the transaction of its effect."""


def keyed_call(scope: Scope) -> KeyedCall | None:
    """Give the key that a request came under; None for reads and for writes without one."""
    found: KeyedCall | None = scope.get("state", {}).get(KEYED)
    return found


class KeyedWriting:
    """The writer as one keyed request sees it: its first piece of work is its effect."""

    def __init__(self, parts: ApiParts, call: KeyedCall) -> None:
        self._writer, self._clock = parts.writer, parts.clock
        self._call = call

    def submit(self, work: Callable[[UnitOfWork], T]) -> Future[T]:
        """Take a piece of work that is no effect of the request."""
        return self._writer.submit(work)

    def run(self, work: Callable[[UnitOfWork], T]) -> T:
        """Do a piece of work; the first one happens once under its key, however often it comes."""
        if self._call.has_written:
            return self._writer.run(work)
        self._call.has_written = True
        return self._writer.run(lambda uow: self._once(work, uow))

    def _once(self, work: Callable[[UnitOfWork], T], uow: UnitOfWork) -> T:
        call = self._call
        kept = uow.answers.find(owner=call.owner, key=call.key)
        if kept is not None:
            if kept.request_sha256 != call.request_sha256:
                raise IdempotencyReusedError(call.key)
            result: T = _told(kept.result, key=call.key)
            return result
        value = work(uow)
        is_first = uow.answers.note_effect(
            owner=call.owner,
            key=call.key,
            request_sha256=call.request_sha256,
            result=None if call.is_told_once else _written(value),
            at=self._clock.now(),
        )
        if not is_first:
            # Another process was faster by the length of this transaction, which is rolled back.
            raise KeyInFlightError(call.key)
        return value


def _written(value: object) -> str | None:
    shape = type(value).__name__
    adapter = _TELLABLE.get(shape)
    if adapter is None:
        return None
    return json.dumps([shape, adapter.dump_python(value, mode="json")])


def _told(result: str | None, *, key: str) -> Any:  # noqa: ANN401 - as the effect gave it
    if result is None:
        raise AnswerNotKeptError(key)
    shape, value = json.loads(result)
    return _TELLABLE[shape].validate_json(json.dumps(value))
