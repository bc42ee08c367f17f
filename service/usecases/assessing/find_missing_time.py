"""Find the people who recorded nothing: no item can tell of them."""

from __future__ import annotations

from datetime import date, timedelta

from data.schemas.missing_time import AbsentTime, MissingTime
from service.domain.errors import InvalidRequestError
from service.domain.wall import Wall
from service.ports.scorer import Scorer
from service.ports.stores import UnitOfWork

LONGEST_PERIOD = timedelta(days=366)


def find_missing_time(
    start: date, *, end: date, today: date, wall: Wall, uow: UnitOfWork, scorer: Scorer
) -> MissingTime:
    """Give everybody who was assigned and recorded nothing in a period that is over.

    Raises InvalidRequestError for a period that runs backwards, is longer than a year or not over.
    """
    if end < start:
        raise InvalidRequestError("end", str(end), f"lies before start {start}")
    if end - start > LONGEST_PERIOD:
        raise InvalidRequestError("end", str(end), "lies more than a year after start")
    if end >= today:
        raise InvalidRequestError("end", str(end), f"is not over on {today}; ask of a past period")
    scorer.catch_up(uow)
    seen = [one for one in scorer.absent(start=start, end=end) if _is_seen(one, wall, scorer)]
    return MissingTime(start=start, end=end, people=tuple(seen))


def _is_seen(absent: AbsentTime, wall: Wall, scorer: Scorer) -> bool:
    contract = scorer.contract_of(absent.contract_id)
    unit = scorer.business_unit_of(absent.contract_id, absent.line_id)
    return contract is not None and wall.admits(client_id=contract.client_id, business_unit=unit)
