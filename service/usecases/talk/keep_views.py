"""Saved views: filters of a list under a name, for oneself or for colleagues."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from data.schemas.vocabulary import Role
from service.domain.actor import Actor
from service.domain.errors import InvalidRequestError, NotAllowedError, NotFoundError
from service.domain.talk import SavedView
from service.ports.clock import Ids
from service.ports.stores import UnitOfWork

MOST_VIEWS = 100
"""Of one person; a menu with more is no help."""


def save_view(
    *,
    page: Literal["cases", "queue"],
    name: str,
    filters: Mapping[str, str],
    is_shared: bool,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
    ids: Ids,
) -> SavedView:
    """Keep filters under a name; an own view of the same page and name is replaced."""
    if not actor.is_person:
        raise NotAllowedError("a person: workflows keep no views")
    mine = uow.views.of(actor.id)
    if len(mine) >= MOST_VIEWS:
        reason = f"you have {MOST_VIEWS} views already; delete one first"
        raise InvalidRequestError("name", name, reason)
    for old in mine:
        if (old.page, old.name) == (page, name.strip()):
            uow.views.delete(old.id)
    view = SavedView(
        id=ids.new("view"),
        owner_id=actor.id,
        page=page,
        name=name.strip(),
        is_shared=is_shared,
        filters=dict(filters),
        at=now,
    )
    uow.views.save(view)
    return view


def views_for(actor: Actor, *, uow: UnitOfWork) -> list[SavedView]:
    """Give the actor's own views, then those that colleagues share with them."""
    mine = uow.views.of(actor.id)
    others = [view for view in uow.views.shared() if view.owner_id != actor.id]
    return mine + [view for view in others if _is_shared_with(actor, view, uow=uow)]


def delete_view(view_id: str, *, actor: Actor, uow: UnitOfWork) -> None:
    """Remove an own view; an administrator may also remove a shared one.

    Raises NotFoundError for one that the actor does not see, NotAllowedError for a colleague's.
    """
    view = uow.views.get(view_id)
    if view is None or view_id not in {one.id for one in views_for(actor, uow=uow)}:
        raise NotFoundError("view", view_id)
    if view.owner_id != actor.id and Role.ADMIN not in actor.roles:
        raise NotAllowedError("its owner or an administrator")
    uow.views.delete(view_id)


def _is_shared_with(actor: Actor, view: SavedView, *, uow: UnitOfWork) -> bool:
    """A name and a filter may speak of a client: they stay with those who see what the owner sees.

    Somebody behind a wall is shown the views of people behind the same wall or a narrower one.
    """
    if actor.wall.is_open:
        return True
    owner = uow.accounts.by_person(view.owner_id)
    return owner is not None and actor.wall.covers(owner.wall)
