"""What people say about a case and put beside it, and the lists they keep for themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

_MENTION = re.compile(r"(?<![^\s(\[,;:])@(\w[\w.+\-@]*)")
"""An at sign at the start of a word; one inside a word is an address, and mentions nobody."""
_ENDS_A_SENTENCE = ".-+@"
MOST_MENTIONS = 20
"""More is a circular, and belongs in a mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One remark on a case; it is never changed."""

    id: str
    case_id: str
    author_id: str
    text: str
    mentioned_ids: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file beside a case; its bytes are kept under their SHA-256."""

    id: str
    case_id: str
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    by_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """Filters of a list under a name; `filters` are the query of the page's address."""

    id: str
    owner_id: str
    page: Literal["cases", "queue"]
    name: str
    is_shared: bool
    filters: Mapping[str, str]
    at: datetime


def mentions_in(text: str) -> tuple[str, ...]:
    """Give the log-in names that a text mentions as `@name`, each once, in their order."""
    found = (name.rstrip(_ENDS_A_SENTENCE).casefold() for name in _MENTION.findall(text))
    return tuple(dict.fromkeys(name for name in found if name))
