"""Who calls, established once for each request, before anything else asks."""

from __future__ import annotations

import asyncio
from datetime import datetime

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from service.api.parts import ApiParts
from service.domain.actor import Actor
from service.domain.errors import NotSignedInError
from service.usecases.people.log_in import SEEN_GRAIN, authenticate, note_seen

ACTOR = "countersign.actor"
"""Where the request's state holds who calls."""


def install_identify(app: FastAPI) -> None:
    """Put the actor behind every bearer token into the state of its request."""
    app.add_middleware(_Identify)


def actor_of(scope: Scope) -> Actor | None:
    """Give who calls; None for whoever shows no live credentials."""
    found = scope.get("state", {}).get(ACTOR)
    return found if isinstance(found, Actor) else None


def require_actor(scope: Scope) -> Actor:
    """Give who calls. Raises NotSignedInError."""
    found = scope.get("state", {}).get(ACTOR)
    if isinstance(found, Actor):
        return found
    if isinstance(found, NotSignedInError):
        raise NotSignedInError(str(found))
    raise NotSignedInError("This call carries no credentials.")


class _Identify:
    """Limits, idempotency keys and routes all ask who calls; the database is asked once."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = _bearer_token(scope) if scope["type"] == "http" else None
        if token is not None:
            parts: ApiParts = scope["app"].state.parts
            actor = await asyncio.to_thread(_live_actor, token, parts, parts.clock.now())
            scope.setdefault("state", {})[ACTOR] = actor
        await self._app(scope, receive, send)


def _bearer_token(scope: Scope) -> str | None:
    kind, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
    return token.strip() or None if kind.casefold() == "bearer" else None


def _live_actor(token: str, parts: ApiParts, now: datetime) -> Actor | NotSignedInError:
    try:
        with parts.read() as uow:
            actor = authenticate(token, uow=uow, now=now)
            seen = uow.accounts.session(actor.session_sha256) if actor.session_sha256 else None
    except NotSignedInError as refused:
        return refused
    if seen is not None and now - seen.last_seen_at >= SEEN_GRAIN:
        parts.writer.submit(lambda work: note_seen(seen.token_sha256, uow=work, now=now))
    return actor
