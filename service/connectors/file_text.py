"""Lines of text out of a file, whatever its characters are written in."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from service.connectors.file_layout import AUTO
from service.connectors.file_rows import FileNote, UnreadableFileError

HEAD_BYTES = 4_096
CHUNK_BYTES = 1 << 20
WINDOWS = "cp1252"
MOSTLY = 0.3
"""UTF-16 of Latin text has a zero in nearly every second byte; other text has none."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_KINDS = (
    (b"PK\x03\x04", "is a ZIP archive, as spreadsheets are; write `format: xlsx` in the mapping"),
    (b"\xd0\xcf\x11\xe0", "is an old or a protected Excel file; save it as CSV or .xlsx"),
    (b"PAR1", "is a Parquet file; write `format: parquet` in the mapping"),
    (b"%PDF", "is a PDF; export the rows as CSV or .xlsx"),
)  # fmt: skip


def encoding_of(path: Path, *, asked: str) -> tuple[str, FileNote | None]:
    """Give the encoding to read a file with, and what should be known about it.

    Raises UnreadableFileError where the file is no text, or plainly of another encoding.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise UnreadableFileError(
            path, f"cannot be read: {error.strerror}; check the path"
        ) from error
    for mark, reason in _OTHER_KINDS:
        if head.startswith(mark):
            raise UnreadableFileError(path, reason)
    found = _by_mark(head) or _by_zeros(head)
    if asked.lower() == AUTO:
        return _found_out(path, found=found)
    if asked.lower() in {"utf-8", "utf8", "utf-8-sig"}:
        if found and found != "utf-8-sig":
            reason = f"is written in {found}, not in UTF-8; write `encoding: auto` in the mapping"
            raise UnreadableFileError(path, reason)
        return "utf-8-sig", None
    return asked, None


def lines_of(path: Path, *, encoding: str) -> Iterator[str]:
    """Give lines of text; bytes that are not of the encoding stay visible as lone surrogates."""
    try:
        with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
            yield from file
    except (OSError, LookupError, UnicodeError) as error:
        raise UnreadableFileError(
            path, f"cannot be read: {error}; check the path and the encoding"
        ) from error


def _by_mark(head: bytes) -> str | None:
    return next((name for mark, name in _MARKS if head.startswith(mark)), None)


def _by_zeros(head: bytes) -> str | None:
    if not head:
        return None
    half = len(head) / 2
    if head[1::2].count(0) > MOSTLY * half:
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) > MOSTLY * half else None


def _found_out(path: Path, *, found: str | None) -> tuple[str, FileNote | None]:
    if found == "utf-8-sig":
        return found, None
    if found:
        return found, FileNote(text=f"{path.name} is read as {found}")
    if _is_utf8(path):
        return "utf-8", None
    told = (
        f"{path.name} is no UTF-8; it is read as Windows-1252. Look at letters such as ä and é, "
        "and write `encoding` in the mapping if they are wrong"
    )
    return WINDOWS, FileNote(text=told)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
