"""What was read to be changed: a change names the state it was made of, so no other is undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen(Generic[T]):
    """One thing as it was read, and the mark of that state.

    Give `etag` as `if_match` with the change: the API answers 412 where the thing is another by
    then, and changes nothing.
    """

    what: T
    etag: str
