"""Idempotency-Key on every write, by the codes of the IETF draft of that name.

The same key and request give the same status and bytes, with `Idempotent-Replayed: true`; the same
key with another request is refused with 422, a key that is missing where one is needed with 400,
and one whose first request is still not answered after a short wait with 409. A refusal changed
nothing and is not kept: the same request may be sent again. Keys belong to their caller.
Source: https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.identify import actor_of
from service.api.keyed_writing import KEYED, KeyedCall
from service.api.parts import ApiParts
from service.api.problems import answer_http_error, answer_refusal
from service.domain.errors import (
    CountersignError,
    IdempotencyReusedError,
    KeyInFlightError,
    KeyMissingError,
)
from service.ports.answer_stores import KeptAnswer
from service.ports.stores import UnitOfWork
from service.wire.access import LOG_IN

LONGEST_KEY = 255
KEPT_FOR = timedelta(hours=48)
"""How long a key is known; the draft leaves it open, and most APIs keep one for a day."""
CLEANED_EVERY = timedelta(hours=1)
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
TOLD_ONCE = re.compile(
    r"/v1/(keys|accounts|accounts/[^/]+/one-time-password"
    r"|subscribers|subscribers/[^/]+/rotate-secret)"
)
"""Their answers hold a secret that is shown once and stored nowhere."""
NEEDED = re.compile(
    r"/v1/(assessments|bulk|cases/[^/]+/(decision|second-verdict|adjudication)"
    r"|decisions/[^/]+/correct)"
)
"""What moves money, and would move it twice for whoever repeats it without a key."""
KEPT_HEADERS = ("content-type", "location")


def install_idempotency(app: FastAPI, *, wait: timedelta) -> None:
    """Have every write under a key take effect once; repeats wait at most `wait` for the first."""
    app.add_middleware(_Idempotency, wait_seconds=wait.total_seconds())


def needs_key(path: str) -> bool:
    """Say whether a POST to the path is refused without a key."""
    return NEEDED.fullmatch(path) is not None


def tells_secret(path: str) -> bool:
    """Say whether the answer of a write to the path holds a secret that is shown once."""
    return TOLD_ONCE.fullmatch(path) is not None


def takes_key(method: str, path: str) -> bool:
    """Say whether a key means anything to the route."""
    return method in WRITES and path.startswith("/v1/") and path not in LOG_IN


@dataclass(slots=True)
class _Turn:
    """The one request under a key that is under way."""

    request_sha256: str
    holds_key: bool = False
    """Nothing else is kept under the key; until that is known, it may be the wrong request."""
    is_over: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class _Answer:
    """What the routes answered, held back until it is kept."""

    messages: list[Message] = field(default_factory=list)

    async def take(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def is_success(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        given = Headers(raw=self.messages[0]["headers"])
        return {name: given[name] for name in KEPT_HEADERS if name in given}

    @property
    def body(self) -> bytes:
        return b"".join(one.get("body", b"") for one in self.messages[1:])


class _Idempotency:
    def __init__(self, app: ASGIApp, *, wait_seconds: float) -> None:
        self._app = app
        self._wait_seconds = wait_seconds
        self._under_way: dict[tuple[str, str], _Turn] = {}
        self._cleaned_at: datetime | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_write = scope["type"] == "http" and takes_key(scope["method"], scope["path"])
        actor = actor_of(scope) if is_write else None
        if actor is None:
            # Reads need no key, and nobody without credentials gets as far as an effect.
            await self._app(scope, receive, send)
            return
        answer = _Answer()
        try:
            key = _key(scope)
            if key is None:
                await self._app(scope, receive, send)
                return
            request_sha256, again = await _fingerprint(scope, receive)
            call = KeyedCall(
                owner=actor.id,
                key=key,
                request_sha256=request_sha256,
                is_told_once=tells_secret(scope["path"]),
            )
            answer = await self._answered(call, scope, again)
        except CountersignError as error:
            await answer_refusal(Request(scope), error)(scope, receive, answer.take)
        except HTTPException as error:
            await answer_http_error(Request(scope), error)(scope, receive, answer.take)
        for message in answer.messages:
            await send(message)

    async def _answered(self, call: KeyedCall, scope: Scope, receive: Receive) -> _Answer:
        """Give the answer kept under the key, or let the routes give one and keep it."""
        name = (call.owner, call.key)
        turn = await self._turn(call, name)
        try:
            return await self._first_or_kept(call, turn, scope, receive)
        finally:
            del self._under_way[name]
            turn.is_over.set()

    async def _first_or_kept(
        self, call: KeyedCall, turn: _Turn, scope: Scope, receive: Receive
    ) -> _Answer:
        parts: ApiParts = scope["app"].state.parts
        answer = _Answer()
        kept = await asyncio.to_thread(_kept, call, parts)
        if kept is not None and kept.request_sha256 != call.request_sha256:
            raise IdempotencyReusedError(call.key)
        turn.holds_key = True
        if kept is not None and kept.status is not None:
            await _replayed(kept)(scope, receive, answer.take)
            return answer
        scope.setdefault("state", {})[KEYED] = call
        await self._app(scope, receive, answer.take)
        if answer.is_success and not (call.is_told_once or call.is_answer_kept):
            await self._keep(answer, call, parts)
        return answer

    async def _turn(self, call: KeyedCall, name: tuple[str, str]) -> _Turn:
        """Wait until no other request is under way under the key, and be the one that is."""
        until = asyncio.get_running_loop().time() + self._wait_seconds
        while (first := self._under_way.get(name)) is not None:
            if first.holds_key and first.request_sha256 != call.request_sha256:
                raise IdempotencyReusedError(call.key)
            try:
                async with asyncio.timeout_at(until):
                    await first.is_over.wait()
            except TimeoutError as error:
                raise KeyInFlightError(call.key) from error
        turn = self._under_way[name] = _Turn(call.request_sha256)
        return turn

    async def _keep(self, answer: _Answer, call: KeyedCall, parts: ApiParts) -> None:
        now = parts.clock.now()
        is_due = self._cleaned_at is None or now - self._cleaned_at >= CLEANED_EVERY
        if is_due:
            self._cleaned_at = now

        def work(uow: UnitOfWork) -> None:
            uow.answers.keep(
                owner=call.owner,
                key=call.key,
                request_sha256=call.request_sha256,
                status=answer.status,
                headers=answer.headers,
                answer=answer.body,
                at=now,
            )
            if is_due:
                uow.answers.forget(until=now - KEPT_FOR)

        await asyncio.wrap_future(parts.writer.submit(work))


def _key(scope: Scope) -> str | None:
    """Give the key of a request. Raises KeyMissingError where one is needed, or makes no sense."""
    key = Headers(scope=scope).get("idempotency-key")
    if key is None:
        if scope["method"] == "POST" and needs_key(scope["path"]):
            raise KeyMissingError("came without an Idempotency-Key, which it needs")
        return None
    if not 0 < len(key) <= LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise KeyMissingError("came with an Idempotency-Key that makes no sense")
    return key


async def _fingerprint(scope: Scope, receive: Receive) -> tuple[str, Receive]:
    """Give what tells this request from another one, and its body to be read again.

    Of an uploaded file the length counts and not the content: a client that repeats an upload
    writes other boundaries between the same parts, and large files stay out of memory.
    """
    headers = Headers(scope=scope)
    kind = headers.get("content-type", "").partition(";")[0].strip().casefold()
    where = f"{scope['method']} {scope['path']}?{scope['query_string'].decode('latin-1')}"
    if kind == "multipart/form-data":
        length = headers.get("content-length", "")
        return hashlib.sha256(f"{where}\n{length}".encode()).hexdigest(), receive
    body = await _read(receive)
    read = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def again() -> Message:
        return next(read, None) or await receive()

    return hashlib.sha256(f"{where}\n{kind}\n".encode() + body).hexdigest(), again


async def _read(receive: Receive) -> bytes:
    chunks = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)


def _kept(call: KeyedCall, parts: ApiParts) -> KeptAnswer | None:
    with parts.read() as uow:
        return uow.answers.find(owner=call.owner, key=call.key)


def _replayed(kept: KeptAnswer) -> Response:
    headers = {**kept.headers, "Idempotent-Replayed": "true"}
    return Response(kept.body, status_code=kept.status or HTTPStatus.OK, headers=headers)
