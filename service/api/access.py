"""Who calls: a bearer token in, an actor out. Nothing in a body or another header names anybody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from data.schemas.vocabulary import Scope
from service.api.identify import require_actor
from service.api.keyed_writing import KeyedWriting, keyed_call
from service.api.parts import ApiParts
from service.domain.actor import Actor
from service.domain.object_groups import group_of_route

_bearer = HTTPBearer(
    auto_error=False, description="A session token of a person, or an API key of a workflow."
)


# What waits for nothing is `async`: FastAPI hands every plain function to a thread, per request.
async def parts_of(request: Request) -> ApiParts:
    """Give what the wiring put on the application."""
    parts: ApiParts = request.app.state.parts
    keyed = keyed_call(request.scope)
    return parts if keyed is None else replace(parts, writer=KeyedWriting(parts, keyed))


Parts = Annotated[ApiParts, Depends(parts_of)]


async def caller(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Actor:
    """Give who is behind the call; raises NotSignedInError."""
    del credentials  # read once for all layers, in service.api.identify
    return require_actor(request.scope)


Caller = Annotated[Actor, Depends(caller)]


def scoped(scope: Scope) -> Callable[[Request, Actor], Awaitable[Actor]]:
    """Give a dependency that lets only callers with the scope through.

    The scope of the group that the route belongs to is enough as well.
    """

    async def check(request: Request, actor: Caller) -> Actor:
        actor.require(scope, group=group_of_route(request.scope["route"].path))
        return actor

    return check


def unwalled(scope: Scope) -> Callable[[Request, Actor], Awaitable[Actor]]:
    """Give the same for what no wall can cut: whoever is behind one is refused."""
    lets_through = scoped(scope)

    async def check(request: Request, actor: Caller) -> Actor:
        await lets_through(request, actor)
        actor.require_open_wall()
        return actor

    return check


Reader = Annotated[Actor, Depends(scoped(Scope.READ))]
Assessor = Annotated[Actor, Depends(scoped(Scope.ASSESS))]
ReferenceEditor = Annotated[Actor, Depends(unwalled(Scope.REFERENCE))]
Auditor = Annotated[Actor, Depends(unwalled(Scope.AUDIT))]
