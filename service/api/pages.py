"""Pages of lists that are read whole: as all lists, they go on behind the last one shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import Query

from service.domain.errors import InvalidRequestError
from service.wire.cases import MAX_PAGE

Cursor = Annotated[str | None, Query(max_length=200)]
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]
T = TypeVar("T")


def page_of(
    found: Sequence[T], *, cursor: str | None, limit: int, id_of: Callable[[T], str]
) -> tuple[tuple[T, ...], str | None]:
    """Give one page of a list and where the next one begins, None on the last.

    Raises InvalidRequestError for a cursor that names none of the list.
    """
    start = 0
    if cursor is not None:
        known = [id_of(one) for one in found]
        if cursor not in known:
            raise InvalidRequestError("cursor", cursor, "is not a cursor this list gave out")
        start = known.index(cursor) + 1
    shown = tuple(found[start : start + limit])
    return shown, id_of(shown[-1]) if start + limit < len(found) else None
