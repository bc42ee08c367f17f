"""Cuts a contract's text into spans of the size of a clause, each with its page and its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

MAX_CHARACTERS = 1_600
"""A paragraph above this holds several clauses; it is cut between sentences."""
HEADING_CHARACTERS = 90
"""A line up to this long that ends without a full stop is the heading of what follows."""
PAGE_BREAK = "\f"

_NUMBERED = re.compile(
    r"\s*(?:#{1,6}\s|(?:article|section|clause|§)\s*\d|\d+(?:\.\d+)*[.)]?\s+\S|\([a-z0-9ivx]{1,4}\)\s"
    r"|[-*•]\s)",
    re.IGNORECASE,
)
_LIST_ITEM = re.compile(r"\s*(?:\([a-z0-9ivx]{1,4}\)|[-*•])\s", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.;!?])\s+(?=[A-Z(\"“])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of a document, `char_end` excluded; pages count from 1, by form feeds."""

    text: str
    page: int
    char_start: int
    char_end: int


def with_unix_line_ends(text: str) -> str:
    """Give a document as offsets count it: every line ends with one line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def segments(document: str) -> tuple[Segment, ...]:
    """Give the clause-sized spans of a document, in order, without the white space around them."""
    found = []
    for start, end in _long_ones_cut(document, _with_headings(document, _blocks(document))):
        found.append(segment_at(document, start=start, end=end))
    return tuple(found)


def segment_at(document: str, *, start: int, end: int) -> Segment:
    """Give one span of a document; its text is without characters that hide or reorder text."""
    return Segment(
        text=_visible(document[start:end]),
        page=1 + document.count(PAGE_BREAK, 0, start),
        char_start=start,
        char_end=end,
    )


Place = tuple[int, int]


def _blocks(document: str) -> Iterator[Place]:
    """Paragraphs and numbered lines."""
    start = end = None
    for line_start, line_end in _lines(document):
        line = document[line_start:line_end]
        if not line.strip():
            if start is not None and end is not None:
                yield start, end
            start = end = None
            continue
        if start is not None and end is not None and _begins_anew(line):
            yield start, end
            start = None
        if start is None:
            start = line_start + len(line) - len(line.lstrip())
        end = line_start + len(line.rstrip())
    if start is not None and end is not None:
        yield start, end


def _begins_anew(line: str) -> bool:
    # A lettered list belongs to the sentence that introduces it.
    return bool(_NUMBERED.match(line)) and not _LIST_ITEM.match(line)


def _lines(document: str) -> Iterator[Place]:
    start = 0
    for page in document.split(PAGE_BREAK):
        for line in page.splitlines(keepends=True):
            yield start, start + len(line)
            start += len(line)
        # The break itself counts as an empty line: nothing runs over it.
        yield start, start
        start += len(PAGE_BREAK)


def _with_headings(document: str, blocks: Iterator[Place]) -> Iterator[Place]:
    heading: Place | None = None
    for start, end in blocks:
        text = document[start:end]
        is_heading = len(text) <= HEADING_CHARACTERS and not text.endswith((".", ";", ":", "!"))
        first = start if heading is None or PAGE_BREAK in document[heading[1] : start] else (
            heading[0]
        )  # fmt: skip
        if heading is not None and first == start:
            yield heading
        heading = None
        if is_heading and "\n" not in text:
            heading = (first, end)
        else:
            yield first, end
    if heading is not None:
        yield heading


def _long_ones_cut(document: str, blocks: Iterator[Place]) -> Iterator[Place]:
    for start, end in blocks:
        first = start
        for cut in _SENTENCE_END.finditer(document, start, end):
            if cut.end() - first > MAX_CHARACTERS // 2 and end - first > MAX_CHARACTERS:
                yield first, cut.start()
                first = cut.end()
        while end - first > 2 * MAX_CHARACTERS:
            yield first, first + MAX_CHARACTERS
            first += MAX_CHARACTERS
        yield first, end


def _visible(text: str) -> str:
    kept = (char for char in text if char in "\n\t" or unicodedata.category(char)[0] != "C")
    return unicodedata.normalize("NFC", "".join(kept)).strip()
