"""Which files may be attached, and how their own bytes prove it; nothing is ever unpacked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

ZIP = b"PK\x03\x04"
MACROS = b"vbaProject.bin"
"""Part of a document that holds macros; whatever its name says, it is no plain document."""
_HEADER = re.compile(rb"\A[!-9;-~]+:[ \t]", re.MULTILINE)
"""A field name and a colon, as RFC 5322, section 2.2, writes the first line of a message."""
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of file: how it is served, and whether bytes are of it."""

    media_type: str
    is_it: Callable[[bytes], bool]


def _starts(*beginnings: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(beginnings)


def _office(part: bytes) -> Callable[[bytes], bool]:
    """Know a document by the names of its parts, which a ZIP archive holds uncompressed.

    From: ECMA-376, part 2, on the layout of packages.
    """
    return lambda content: (
        content.startswith(ZIP)
        and b"[Content_Types].xml" in content
        and part in content
        and MACROS not in content
    )


def _is_text(content: bytes) -> bool:
    return not content.startswith((b"%PDF-", ZIP)) and not _CONTROLS.intersection(content)


def _is_message(content: bytes) -> bool:
    return _is_text(content) and _HEADER.match(content) is not None


KINDS: dict[str, Kind] = {
    "pdf": Kind(media_type="application/pdf", is_it=_starts(b"%PDF-")),
    "png": Kind(media_type="image/png", is_it=_starts(b"\x89PNG\r\n\x1a\n")),
    "jpg": Kind(media_type="image/jpeg", is_it=_starts(b"\xff\xd8\xff")),
    "csv": Kind(media_type="text/csv", is_it=_is_text),
    "xlsx": Kind(
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        is_it=_office(b"xl/workbook.xml"),
    ),
    "eml": Kind(media_type="message/rfc822", is_it=_is_message),
    "txt": Kind(media_type="text/plain", is_it=_is_text),
    "docx": Kind(
        media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        is_it=_office(b"word/document.xml"),
    ),
}
"""By the ending of the name; `jpeg` counts as `jpg`."""


def kind_of(name: str, content: bytes) -> Kind | None:
    """Give the kind that both the name and the bytes are of; None where they are of no one."""
    _, dot, ending = name.rpartition(".")
    named = KINDS.get(ending.casefold().replace("jpeg", "jpg")) if dot else None
    return named if named is not None and named.is_it(content) else None
