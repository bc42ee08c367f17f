"""A clause before it has a place in the document: its terms beside the words that say them."""

from __future__ import annotations

from dataclasses import dataclass

from data.schemas.clauses import ClauseTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The terms of a clause, the line they govern (none: the whole contract), and their text."""

    terms: ClauseTerms
    text: str
    line_id: str | None = None


def money(minor: int, *, currency: str) -> str:
    """An amount as contracts write it."""
    return f"{currency} {minor // 100:,}.{minor % 100:02d}"
