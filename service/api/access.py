"""Who calls: a bearer token in, an actor out. Nothing in a body or another header names anybody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from data.schemas.vocabulary import Scope
from service.api.parts import ApiParts
from service.domain.actor import Actor
from service.domain.errors import NotSignedInError
from service.usecases.log_in import SEEN_GRAIN, authenticate, note_seen

_bearer = HTTPBearer(
    auto_error=False, description="A session token of a person, or an API key of a workflow."
)


# What waits for nothing is `async`: FastAPI hands every plain function to a thread, per request.
async def parts_of(request: Request) -> ApiParts:
    """Give what the wiring put on the application."""
    parts: ApiParts = request.app.state.parts
    return parts


Parts = Annotated[ApiParts, Depends(parts_of)]


def caller(
    parts: Parts,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Actor:
    """Establish who is behind the call; raises NotSignedInError."""
    if credentials is None:
        raise NotSignedInError("This call carries no credentials.")
    now = parts.clock.now()
    with parts.read() as uow:
        actor = authenticate(credentials.credentials, uow=uow, now=now)
        seen = uow.accounts.session(actor.session_sha256) if actor.session_sha256 else None
    if seen is not None and now - seen.last_seen_at >= SEEN_GRAIN:
        parts.writer.submit(lambda work: note_seen(seen.token_sha256, uow=work, now=now))
    return actor


Caller = Annotated[Actor, Depends(caller)]
LONGEST_KEY = 255
IdempotencyKey = Annotated[str | None, Header(min_length=1, max_length=LONGEST_KEY)]


def scoped(scope: Scope) -> Callable[[Actor], Awaitable[Actor]]:
    """Give a dependency that lets only callers with the scope through."""

    async def check(actor: Caller) -> Actor:
        actor.require(scope)
        return actor

    return check


Reader = Annotated[Actor, Depends(scoped(Scope.READ))]
Assessor = Annotated[Actor, Depends(scoped(Scope.ASSESS))]
ReferenceEditor = Annotated[Actor, Depends(scoped(Scope.REFERENCE))]
Auditor = Annotated[Actor, Depends(scoped(Scope.AUDIT))]
