"""The caller's own: who they are, their sessions, password and preferences."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Response

from service.api.access import Caller, Parts
from service.api.body import PasswordBody, PreferencesBody, SessionBody
from service.api.etags import IfMatch, etag_of, require_match
from service.api.parts import ApiParts
from service.domain.account import Account, Session
from service.domain.actor import Actor
from service.domain.errors import NotAllowedError, NotSignedInError
from service.ports.stores import UnitOfWork
from service.usecases.people.accept_identity import accept_identity
from service.usecases.people.change_password import change_password
from service.usecases.people.end_sessions import end_sessions
from service.usecases.people.log_in import log_out
from service.usecases.people.save_preferences import preferences_of, save_preferences
from service.wire.access import Me
from service.wire.accounts import SessionAnswer, SessionPage, SessionView
from service.wire.preferences import Preferences

router = APIRouter(prefix="/v1", tags=["session"])
SHORT_ID = 16


@router.get("/me")
def get_me(parts: Parts, actor: Caller, response: Response) -> Me:
    """Say who the API takes the caller for, and what they chose for their screens.

    The ETag is the one of the preferences: all else here is changed elsewhere.
    """
    with parts.read() as uow:
        account = uow.accounts.by_person(actor.id) if actor.is_person else None
        unread = uow.notifications.count_unread(actor.id, wall=actor.wall) if account else 0
    chosen = preferences_of(account) if account else Preferences()
    response.headers["ETag"] = _chosen(chosen)
    return Me(
        id=actor.id,
        name=actor.name,
        roles=tuple(sorted(actor.roles)),
        scopes=tuple(sorted(actor.scopes)),
        session_expires_at=actor.session_expires_at,
        undo_seconds=int(parts.undo_window.total_seconds()),
        email=account.email if account else "",
        has_password=bool(account and account.password_hash),
        must_change_password=actor.must_change_password,
        is_trainee=actor.is_trainee,
        has_wall=not actor.wall.is_open,
        preferences=chosen,
        unread=unread,
    )


@router.put("/me/preferences")
def put_preferences(
    request: PreferencesBody,
    parts: Parts,
    actor: Caller,
    response: Response,
    if_match: IfMatch = None,
) -> Preferences:
    """Keep what the person chose for their own screens."""
    _require_person(actor)

    def work(uow: UnitOfWork) -> None:
        account = uow.accounts.by_person(actor.id)
        stands = None if account is None else preferences_of(account).model_dump_json()
        require_match(if_match, stands, name="preferences")
        save_preferences(actor.id, request, uow=uow)

    parts.writer.run(work)
    response.headers["ETag"] = _chosen(request)
    return request


@router.put("/me/password", status_code=204)
def put_password(request: PasswordBody, parts: Parts, actor: Caller) -> Response:
    """Change one's own password; every other session of the person ends."""
    account = _own_account(parts, actor)
    passwords = parts.passwords
    is_right = passwords.verify(account.password_hash, request.current_password)
    password_hash = passwords.hash(request.new_password, login=account.login, name=account.name)

    refused = parts.writer.run(
        lambda uow: change_password(
            actor,
            is_current_right=is_right,
            password_hash=password_hash,
            uow=uow,
            now=parts.clock.now(),
        )
    )
    if refused is not None:
        raise refused
    return Response(status_code=204)


@router.get("/me/sessions")
def get_sessions(parts: Parts, actor: Caller) -> SessionPage:
    """List the devices the person is logged in on."""
    _require_person(actor)
    now = parts.clock.now()
    with parts.read() as uow:
        live = [one for one in uow.accounts.sessions_of(actor.id) if one.is_live(now=now)]
    return SessionPage(sessions=tuple(_view(one, actor) for one in live))


@router.delete("/me/sessions", status_code=204)
def delete_sessions(parts: Parts, actor: Caller) -> Response:
    """Log out everywhere, here as well."""
    _require_person(actor)
    now = parts.clock.now()
    parts.writer.run(lambda uow: end_sessions(actor.id, actor_id=actor.id, uow=uow, now=now))
    return Response(status_code=204)


@router.delete("/session", status_code=204)
def delete_session(parts: Parts, actor: Caller) -> Response:
    """Log out: the session ends for every tab and process."""
    parts.writer.run(lambda uow: log_out(actor, uow=uow, now=parts.clock.now()))
    return Response(status_code=204)


@router.post("/sessions", status_code=201)
def post_session(request: SessionBody, parts: Parts) -> SessionAnswer:
    """Exchange an identity token of the company's own log-in for a session, once.

    The token alone says whose session it is; no other credential of this call counts.
    """
    if parts.provider is None:
        raise NotSignedInError("No company log-in is set up here.")
    now = parts.clock.now()
    identity = parts.provider.identify(request.identity_token, now=now)
    token = parts.random_token()

    def work(uow: UnitOfWork) -> datetime:
        session = accept_identity(
            identity,
            token=token,
            person_id=parts.ids.new("person"),
            device=request.device,
            uow=uow,
            now=now,
        )
        return session.expires_at

    return SessionAnswer(token=token, expires_at=parts.writer.run(work))


def _chosen(preferences: Preferences) -> str:
    return etag_of(preferences.model_dump_json())


def _require_person(actor: Actor) -> None:
    if not actor.is_person:
        raise NotAllowedError("a person who is logged in")


def _own_account(parts: ApiParts, actor: Actor) -> Account:
    _require_person(actor)
    with parts.read() as uow:
        account = uow.accounts.by_person(actor.id)
    if account is None:
        raise NotSignedInError("The person behind this session has no account any more.")
    return account


def _view(session: Session, actor: Actor) -> SessionView:
    return SessionView(
        id=session.token_sha256[:SHORT_ID],
        device=session.device,
        opened_at=session.opened_at,
        last_seen_at=session.last_seen_at,
        expires_at=session.expires_at,
        is_current=session.token_sha256 == actor.session_sha256,
    )
