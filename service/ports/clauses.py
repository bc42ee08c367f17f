"""What reads clauses out of a contract's text; whatever it finds, a person confirms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from data.schemas.proposals import ClauseDraft, ClauseQuote


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseReading:
    """Drafts in the order of the document, and what became of the rest."""

    document: str
    """The text as the places of the drafts count it."""
    document_sha256: str
    drafts: tuple[ClauseDraft, ...]
    dropped_quotes: int = 0
    """Passages a language model quoted that do not stand in the document."""
    notes: tuple[str, ...] = ()
    """What went less well than it could have, for whoever reads the proposals."""


class ClauseReader(Protocol):
    """Reads a document into drafts of clauses."""

    def read(self, text: str, *, currency: str, signed_on: date) -> ClauseReading:
        """Give what a contract's text says; money is read in the contract's currency."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteAnswer:
    """What a language model pointed at; rows that could not be read are counted."""

    quotes: tuple[ClauseQuote, ...]
    unreadable: int = 0


class QuotesUnavailableError(Exception):
    """The language model gave no answer; its part is left out."""


class QuoteReader(Protocol):
    """A language model that points at clauses; it decides nothing."""

    @property
    def name(self) -> str:
        """What its proposals are signed with."""
        ...

    def quotes(self, document: str, *, kinds: Sequence[str]) -> QuoteAnswer:
        """Give the passages it takes for clauses. Raises QuotesUnavailableError."""
        ...
