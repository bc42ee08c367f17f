"""Lists read to their end, page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Protocol, TypeVar


class Page(Protocol):
    """One page of a list, and where the next one begins."""

    @property
    def next_cursor(self) -> str | None:
        """Where the next page begins; None on the last one."""
        ...


P = TypeVar("P", bound=Page)


def pages(call: Callable[..., P], **filters: Any) -> Iterator[P]:  # noqa: ANN401 - the call's own
    """Give every page of a list; the first argument is a call such as `client.cases`."""
    cursor: str | None = None
    while True:
        page = call(cursor=cursor, **filters)
        yield page
        cursor = page.next_cursor
        if cursor is None:
            return


async def async_pages(
    call: Callable[..., Awaitable[P]],
    **filters: Any,  # noqa: ANN401 - the call's own
) -> AsyncIterator[P]:
    """Give every page of a list of the asynchronous client."""
    cursor: str | None = None
    while True:
        page = await call(cursor=cursor, **filters)
        yield page
        cursor = page.next_cursor
        if cursor is None:
            return
