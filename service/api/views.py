"""Saved views: filters of a list under a name, one's own or shared."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Response

from service.api.access import Parts, Reader
from service.api.body import ViewBody
from service.api.talk import name_of
from service.domain.actor import Actor
from service.domain.talk import SavedView
from service.ports.stores import UnitOfWork
from service.usecases.talk.keep_views import delete_view, save_view, views_for
from service.wire.talk import SavedViewView, ViewPage

router = APIRouter(prefix="/v1", tags=["talk"])


@router.get("/views")
def get_views(parts: Parts, actor: Reader) -> ViewPage:
    """List one's own views, then those that colleagues share."""
    with parts.read() as uow:
        found = views_for(actor, uow=uow)
        return ViewPage(views=tuple(_view(one, actor, uow) for one in found))


@router.post("/views")
def post_view(request: ViewBody, parts: Parts, actor: Reader) -> SavedViewView:
    """Keep filters under a name; an own view of the same page and name is replaced."""

    def work(uow: UnitOfWork) -> SavedViewView:
        view = save_view(
            page=request.page,
            name=request.name,
            filters=request.filters,
            is_shared=request.is_shared,
            actor=actor,
            uow=uow,
            now=parts.clock.now(),
            ids=parts.ids,
        )
        return _view(view, actor, uow)

    return parts.writer.run(work)


@router.delete("/views/{view_id}", status_code=HTTPStatus.NO_CONTENT)
def delete_saved_view(view_id: str, parts: Parts, actor: Reader) -> Response:
    """Remove an own view."""
    parts.writer.run(lambda uow: delete_view(view_id, actor=actor, uow=uow))
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _view(view: SavedView, actor: Actor, uow: UnitOfWork) -> SavedViewView:
    return SavedViewView(
        id=view.id,
        page=view.page,
        name=view.name,
        filters=dict(view.filters),
        is_shared=view.is_shared,
        is_mine=view.owner_id == actor.id,
        owner_name=name_of(view.owner_id, uow),
    )
