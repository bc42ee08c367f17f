"""How much one caller may ask, and how much all of them at once, so that nobody starves the rest.

Callers are people and keys; whoever shows no live credentials is counted by address. Headers follow
https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ and RFC 9110 (Retry-After).
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from fastapi import FastAPI, Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.identify import actor_of
from service.api.problems import answer_refusal
from service.domain.errors import TooManyRequestsError, UnavailableError

WINDOW_SECONDS = 60
PROBES = frozenset({"/healthz", "/readyz"})
"""Answered under any load: whoever asks decides whether this process lives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """Requests a minute; 0 is without limit."""

    per_person: int
    per_key: int
    per_address: int
    """Of whoever shows no live credentials."""


def install_rate_limits(app: FastAPI, limits: RateLimits) -> None:
    """Refuse with 429 what goes beyond a caller's share, and tell every caller what is left."""
    app.add_middleware(_Limited, limits=limits)


def install_in_flight_bound(app: FastAPI, *, most: int) -> None:
    """Refuse with 503, at once, what comes while `most` requests are under way."""
    app.add_middleware(_Bounded, most=most)


class _Limited:
    def __init__(self, app: ASGIApp, *, limits: RateLimits) -> None:
        self._app = app
        self._items = {
            "person": limits.per_person and RateLimitItemPerMinute(limits.per_person),
            "key": limits.per_key and RateLimitItemPerMinute(limits.per_key),
            "address": limits.per_address and RateLimitItemPerMinute(limits.per_address),
        }
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        kind, caller = _caller(scope)
        item = self._items[kind]
        if not item:
            await self._app(scope, receive, send)
            return
        is_within = self._limiter.hit(item, kind, caller)
        reset_at, left = self._limiter.get_window_stats(item, kind, caller)
        wait = max(1, math.ceil(reset_at - time.time()))

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["RateLimit-Policy"] = f'"{kind}";q={item.amount};w={WINDOW_SECONDS}'
                headers["RateLimit"] = f'"{kind}";r={left};t={wait}'
            await send(message)

        if is_within:
            await self._app(scope, receive, telling)
            return
        refused = TooManyRequestsError(
            limit=item.amount, window_seconds=WINDOW_SECONDS, retry_after=wait
        )
        await answer_refusal(Request(scope), refused)(scope, receive, telling)


class _Bounded:
    """Work that waits for its turn is answered later than its caller waits: better said at once."""

    def __init__(self, app: ASGIApp, *, most: int) -> None:
        self._app = app
        self._most = most
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        if self._under_way >= self._most:
            refused = UnavailableError(f"{self._most} requests are under way already.")
            await answer_refusal(Request(scope), refused)(scope, receive, send)
            return
        self._under_way += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way -= 1


def _caller(scope: Scope) -> tuple[str, str]:
    actor = actor_of(scope)
    if actor is None:
        client = scope.get("client")
        return "address", client[0] if client else "unknown"
    return ("person" if actor.is_person else "key"), actor.id
