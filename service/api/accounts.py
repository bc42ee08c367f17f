"""People and access: who may log in, what each may do, and how that is changed."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Response

from data.schemas.contracts import Client
from data.schemas.people import Project
from service.api.access import Caller, Parts
from service.api.account_views import account_view, external_id, wall_of
from service.api.body import AccountBody, InvitationBody
from service.api.etags import IfMatch, etag_of, require_match
from service.api.pages import Cursor, Limit, page_of
from service.api.parts import ApiParts
from service.domain.account import Account
from service.domain.errors import NotFoundError
from service.ports.stores import UnitOfWork
from service.usecases.people.accept_identity import NO_PASSWORD
from service.usecases.people.change_access import change_access
from service.usecases.people.end_sessions import end_sessions
from service.usecases.people.invite_person import invite_person
from service.usecases.people.reset_password import reset_password
from service.usecases.people.see_access import require_access_changer, require_access_reader
from service.wire.accounts import (
    AccountPage,
    AccountView,
    ClientSide,
    Invitation,
    OneTimePassword,
    SidesView,
)
from service.wire.cases import MAX_PAGE

router = APIRouter(prefix="/v1/accounts", tags=["access"])


@router.get("")
def get_accounts(
    parts: Parts, actor: Caller, cursor: Cursor = None, limit: Limit = MAX_PAGE
) -> AccountPage:
    """List everybody who may log in, or once could, by name."""
    require_access_reader(actor)
    with parts.read() as uow:
        shown, more = page_of(
            uow.accounts.everybody(),
            cursor=cursor,
            limit=limit,
            id_of=lambda one: one.person_id,
        )
        views = tuple(_view(one, parts, uow) for one in shown)
    return AccountPage(
        accounts=views,
        has_outside_log_in=parts.provider is not None,
        has_outside_roles=parts.provider is not None and parts.provider.gives_roles,
        next_cursor=more,
    )


@router.post("", status_code=201)
def post_account(request: InvitationBody, parts: Parts, actor: Caller) -> Invitation:
    """Give a person an account; their one-time password is shown this once."""
    require_access_changer(actor)
    is_outside = parts.provider is not None
    password, password_hash = (None, NO_PASSWORD) if is_outside else parts.passwords.one_time()
    account = Account(
        person_id=f"person-{request.login}",
        login=request.login,
        name=request.name,
        email=request.email,
        password_hash=password_hash,
        roles=frozenset(request.roles),
        is_active=request.is_active,
        is_trainee=request.is_trainee,
        must_change_password=not is_outside,
        wall=wall_of(request.wall),
        external_id=external_id(request.subject, parts.provider),
    )
    now = parts.clock.now()
    parts.writer.run(lambda uow: invite_person(account, actor_id=actor.id, uow=uow, now=now))
    with parts.read() as uow:
        return Invitation(account=_view(account, parts, uow), one_time_password=password)


@router.get("/sides")
def get_sides(parts: Parts, actor: Caller) -> SidesView:
    """List the clients and business units that walls can be built of."""
    require_access_reader(actor)
    with parts.read() as uow:
        clients = [Client.model_validate_json(body) for body in uow.references.bodies("clients")]
        projects = [Project.model_validate_json(body) for body in uow.references.bodies("projects")]
    units = {one.business_unit for one in projects if one.business_unit is not None}
    named = sorted(clients, key=lambda one: (one.name, one.id))
    return SidesView(
        clients=tuple(ClientSide(id=one.id, name=one.name) for one in named),
        business_units=tuple(sorted(units)),
    )


@router.get("/{person_id}")
def get_account(person_id: str, parts: Parts, actor: Caller, response: Response) -> AccountView:
    """Give one account."""
    require_access_reader(actor)
    with parts.read() as uow:
        account = _account(person_id, uow)
        response.headers["ETag"] = etag_of(_access(account))
        return _view(account, parts, uow)


@router.put("/{person_id}")
def put_account(
    person_id: str,
    request: AccountBody,
    parts: Parts,
    actor: Caller,
    if_match: IfMatch = None,
) -> AccountView:
    """Change an account; whoever is logged in with other rights is logged out at once."""
    require_access_changer(actor)

    def work(uow: UnitOfWork) -> Account:
        account = _account(person_id, uow)
        require_match(if_match, _access(account), name=person_id)
        changed = replace(
            account,
            name=request.name,
            email=request.email,
            roles=frozenset(request.roles),
            is_active=request.is_active,
            is_trainee=request.is_trainee,
            wall=wall_of(request.wall),
            external_id=external_id(request.subject, parts.provider),
        )
        return change_access(changed, actor_id=actor.id, uow=uow, now=parts.clock.now())

    changed = parts.writer.run(work)
    with parts.read() as uow:
        return _view(changed, parts, uow)


@router.post("/{person_id}/one-time-password", status_code=201)
def post_one_time_password(person_id: str, parts: Parts, actor: Caller) -> OneTimePassword:
    """Give a person a one-time password, shown this once; their sessions end."""
    require_access_changer(actor)
    password, password_hash = parts.passwords.one_time()
    parts.writer.run(
        lambda uow: reset_password(
            person_id,
            password_hash=password_hash,
            actor_id=actor.id,
            uow=uow,
            now=parts.clock.now(),
        )
    )
    return OneTimePassword(one_time_password=password)


@router.delete("/{person_id}/sessions", status_code=204)
def delete_account_sessions(person_id: str, parts: Parts, actor: Caller) -> Response:
    """Log a person out everywhere."""
    require_access_changer(actor)
    now = parts.clock.now()
    parts.writer.run(lambda uow: end_sessions(person_id, actor_id=actor.id, uow=uow, now=now))
    return Response(status_code=204)


def _account(person_id: str, uow: UnitOfWork) -> Account:
    account = uow.accounts.by_person(person_id)
    if account is None:
        raise NotFoundError("person", person_id)
    return account


def _access(account: Account) -> str:
    """Write what a change of an account may change: logging in is none."""
    kept = (account.name, account.email, sorted(account.roles), account.is_active)
    return repr((*kept, account.is_trainee, account.wall.facts(), account.external_id))


def _view(account: Account, parts: ApiParts, uow: UnitOfWork) -> AccountView:
    now = parts.clock.now()
    live = [s for s in uow.accounts.sessions_of(account.person_id) if s.is_live(now=now)]
    return account_view(account, live=live, now=now)
