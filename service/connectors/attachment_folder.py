"""Attached files in a folder, each once under its SHA-256; a file is never changed or replaced."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from data.schemas.values import Name
from service.connectors.attachment_kinds import KINDS, kind_of
from service.domain.errors import InvalidRequestError, UnavailableError
from service.ports.attachment_files import KeptFile

PIECE_BYTES = 1 << 16
_NAME: TypeAdapter[str] = TypeAdapter(Name)


class AttachmentFolder:
    """Keeps files of at most `max_bytes` under `folder`."""

    def __init__(self, folder: Path, *, max_bytes: int) -> None:
        self._folder, self._max_bytes = folder, max_bytes

    def keep(self, file: BinaryIO, *, name: str) -> KeptFile:
        """Take a copy into keeping; it is durable when this returns. Raises InvalidRequestError."""
        shown = _shown_name(name)
        content = file.read(self._max_bytes + 1)
        if not content:
            raise InvalidRequestError("file", shown, "is empty")
        if len(content) > self._max_bytes:
            reason = f"is larger than {self._max_bytes} bytes; attach the part that matters"
            raise InvalidRequestError("file", shown, reason)
        kind = kind_of(shown, content)
        if kind is None:
            reason = (
                f"is not of a kind that can be attached ({', '.join(sorted(KINDS))}), or its "
                "content is not what its ending says"
            )
            raise InvalidRequestError("file", shown, reason)
        sha256 = hashlib.sha256(content).hexdigest()
        self._write(sha256, content)
        return KeptFile(
            name=shown, media_type=kind.media_type, size_bytes=len(content), sha256=sha256
        )

    def content(self, sha256: str) -> Iterator[bytes]:
        """Give the bytes of a kept file, piece by piece. Raises UnavailableError if it is gone."""
        try:
            file = self._path(sha256).open("rb")
        except FileNotFoundError as error:
            raise UnavailableError(
                f"The bytes of the file {sha256} are not in keeping; restore the attachments."
            ) from error
        return _pieces(file)

    def _write(self, sha256: str, content: bytes) -> None:
        """Write beside its place and move it there: a crash leaves no half a file."""
        path = self._path(sha256)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def _shown_name(name: str) -> str:
    """A sender's name of a file is a name and no path, whatever it holds."""
    bare = PurePath(name.replace("\\", "/")).name
    try:
        return _NAME.validate_python(bare)
    except ValidationError as error:
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise InvalidRequestError("file", repr(bare), f"the name of the file {reason}") from error
