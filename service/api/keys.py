"""Keys of workflows."""

from __future__ import annotations

from fastapi import APIRouter, Response

from service.api.access import Caller, Parts
from service.api.account_views import key_view, wall_of
from service.api.body import KeyBody
from service.api.pages import Cursor, Limit, page_of
from service.domain.account import ApiKey
from service.usecases.people.log_in import hash_of
from service.usecases.people.make_key import make_key, revoke_key
from service.usecases.people.see_access import require_access_changer, require_access_reader
from service.wire.accounts import KeyPage, NewKey
from service.wire.cases import MAX_PAGE

router = APIRouter(prefix="/v1/keys", tags=["access"])


@router.get("")
def get_keys(
    parts: Parts, actor: Caller, cursor: Cursor = None, limit: Limit = MAX_PAGE
) -> KeyPage:
    """List every key there ever was, newest first."""
    require_access_reader(actor)
    with parts.read() as uow:
        found = uow.accounts.every_key()
    shown, more = page_of(found, cursor=cursor, limit=limit, id_of=lambda one: one.id)
    return KeyPage(keys=tuple(key_view(one) for one in shown), next_cursor=more)


@router.post("", status_code=201)
def post_key(request: KeyBody, parts: Parts, actor: Caller) -> NewKey:
    """Give a workflow a key; the key itself is shown this once."""
    require_access_changer(actor)
    secret, now = f"csk_{parts.random_token()}", parts.clock.now()
    key = ApiKey(
        id=parts.ids.new("key"),
        name=request.name,
        key_sha256=hash_of(secret),
        scopes=frozenset(request.scopes),
        wall=wall_of(request.wall),
        created_at=now,
    )
    parts.writer.run(lambda uow: make_key(key, actor_id=actor.id, uow=uow, now=now))
    return NewKey(key=key_view(key), secret=secret)


@router.delete("/{key_id}", status_code=204)
def delete_key(key_id: str, parts: Parts, actor: Caller) -> Response:
    """Revoke a key: it is worth nothing from now on."""
    require_access_changer(actor)
    now = parts.clock.now()
    parts.writer.run(lambda uow: revoke_key(key_id, actor_id=actor.id, uow=uow, now=now))
    return Response(status_code=204)
