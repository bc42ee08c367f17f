"""How far a connection has been read: the newest change, and the rows that may come once more."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from pydantic import Field, ValidationError

from data.schemas.values import Record, UtcTime
from service.connectors.row_memory import UnreadableMemoryError

DIGEST_LENGTH = 24
"""Hexadecimal digits of a row's hash: 96 bits tell any two versions of a row apart."""


class SeenRow(Record):
    """A row that was given: its content, and its day or the time of its change."""

    digest: str
    stamp: str


class RestCursor(Record):
    """Where a pull goes on; opaque to everyone else."""

    kind: str
    """Of the changes; a file that asks in another way begins anew."""
    since: UtcTime | None = None
    seen: dict[str, SeenRow] = Field(default_factory=dict)

    @classmethod
    def read(cls, text: str | None, *, kind: str) -> RestCursor:
        """Read a cursor as `text()` wrote it; one of another kind of changes begins anew.

        Raises UnreadableMemoryError for what this connector did not write.
        """
        if text is None:
            return cls(kind=kind)
        try:
            found = cls.model_validate_json(text)
        except ValidationError as error:
            raise UnreadableMemoryError(text) from error
        return found if found.kind == kind else cls(kind=kind)

    def text(self) -> str:
        """Write it down."""
        return self.model_dump_json()


def digest_of(row: Mapping[str, object]) -> str:
    """Give the hash of a row; a row with the same values has the same."""
    told = json.dumps(row, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:DIGEST_LENGTH]
