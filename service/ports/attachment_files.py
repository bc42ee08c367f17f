"""Where the bytes of attached files are kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file in keeping, as its bytes and not its sender describe it."""

    name: str
    media_type: str
    size_bytes: int
    sha256: str


class AttachmentFiles(Protocol):
    """The bytes of attached files, each kept once under its SHA-256."""

    def keep(self, file: BinaryIO, *, name: str) -> KeptFile:
        """Take a copy into keeping; it is durable when this returns.

        Raises InvalidRequestError for a name that is none, a file that is too large or empty, and
        for one whose bytes are not of a kind that may be attached, or not of the kind it is named.
        """
        ...

    def content(self, sha256: str) -> Iterator[bytes]:
        """Give the bytes of a kept file, piece by piece. Raises UnavailableError if it is gone."""
        ...
