"""A person's own work and absence."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from service.api.access import Parts, Reader
from service.api.blind import blinded_case
from service.api.body import AbsenceBody
from service.api.etags import IfMatch, etag_of, require_match
from service.api.parts import ApiParts
from service.api.talk import name_of
from service.domain.account import Account
from service.domain.actor import Actor
from service.domain.errors import InvalidRequestError, NotAllowedError
from service.ports.stores import UnitOfWork
from service.usecases.people.set_absence import set_absence
from service.wire.cases import CaseSummary
from service.wire.my_work import Absence, MyWork

router = APIRouter(prefix="/v1/me", tags=["talk"])
LONGEST_DAY = timedelta(days=2)
"""A working day of the person's zone may have begun the day before, never earlier."""
Since = Annotated[datetime | None, Query()]


@router.get("/work")
def get_my_work(parts: Parts, actor: Reader, since: Since = None) -> MyWork:
    """Give what one holds, waits for, put away and got back, and one's day since a moment."""
    _require_person(actor)
    now = parts.clock.now()
    begin = now.replace(hour=0, minute=0, second=0, microsecond=0) if since is None else since
    if begin.tzinfo is None or begin < now - LONGEST_DAY:
        reason = "must be an instant of the last two days, with its offset"
        raise InvalidRequestError("since", str(since), reason)
    work = parts.mine.my_work(actor.id, wall=actor.wall, since=begin, now=now)
    return _quiet(work, actor)


@router.get("/absence")
def get_absence(parts: Parts, actor: Reader, response: Response) -> Absence:
    """Say when one is away, and who stands in."""
    _require_person(actor)
    with parts.read() as uow:
        account = uow.accounts.by_person(actor.id)
        if account is None:
            raise NotAllowedError("a person with an account")
        response.headers["ETag"] = etag_of(_away(account))
        return _view(account, parts, uow)


@router.put("/absence")
def put_absence(
    request: AbsenceBody, parts: Parts, actor: Reader, if_match: IfMatch = None
) -> Absence:
    """Say when one is away; while that is so, what one holds goes back to the queue."""

    def work(uow: UnitOfWork) -> Absence:
        account = uow.accounts.by_person(actor.id)
        require_match(if_match, None if account is None else _away(account), name="absence")
        changed = set_absence(
            absent_from=request.absent_from,
            absent_until=request.absent_until,
            deputy_id=request.deputy_id,
            actor=actor,
            uow=uow,
            now=parts.clock.now(),
        )
        return _view(changed, parts, uow)

    return parts.writer.run(work)


def _away(account: Account) -> str:
    """Write what a change of the absence may change."""
    return repr((account.absent_from, account.absent_until, account.deputy_id))


def _quiet(work: MyWork, actor: Actor) -> MyWork:
    """Leave out of these lists what the models say: here nothing is decided."""

    def quiet(case: CaseSummary) -> CaseSummary:
        return blinded_case(case, actor=actor, is_score_shown=False)

    return work.model_copy(
        update={
            "held": tuple(one.model_copy(update={"case": quiet(one.case)}) for one in work.held),
            "awaiting_information": tuple(map(quiet, work.awaiting_information)),
            "snoozed": tuple(map(quiet, work.snoozed)),
            "returned": tuple(map(quiet, work.returned)),
        }
    )


def _require_person(actor: Actor) -> None:
    if not actor.is_person:
        raise NotAllowedError("a person: workflows have no desk")


def _view(account: Account, parts: ApiParts, uow: UnitOfWork) -> Absence:
    return Absence(
        absent_from=account.absent_from,
        absent_until=account.absent_until,
        deputy_id=account.deputy_id,
        deputy_name=name_of(account.deputy_id, uow) if account.deputy_id else None,
        is_absent=account.is_absent(now=parts.clock.now()),
    )
