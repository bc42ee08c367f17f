"""Shapes of proposed clauses: a contract's text in, proposals out, a person's word on each."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from data.schemas.clauses import ClauseTerms
from data.schemas.proposals import Proposal
from data.schemas.values import Identifier, LocalDate, Record, Text

MAX_DOCUMENT = 2_000_000
"""Characters; a contract of a thousand pages has about this many."""


class ProposalRequest(Record):
    """A contract's text; pages are parted by form feeds."""

    text: Annotated[str, Field(min_length=1, max_length=MAX_DOCUMENT)]
    line_id: Identifier | None = None
    """The line the document is about; without one its clauses govern the whole contract."""


class ProposalAnswer(Record):
    """New proposals in the order of the document, and what became of the rest."""

    proposals: tuple[Proposal, ...]
    already_known: int
    """Passages that were proposed before, whatever became of them."""
    dropped_quotes: int
    """Passages a language model quoted that do not stand in the document."""
    notes: tuple[str, ...]


class ProposalPage(Record):
    """Proposals, oldest first."""

    proposals: tuple[Proposal, ...]
    next_cursor: str | None


class ConfirmRequest(Record):
    """What the person corrects; whatever is left out stays as it was read."""

    terms: ClauseTerms | None = None
    valid_from: LocalDate | None = None
    """The day the contract was signed, without one."""
    valid_to: LocalDate | None = None
    line_id: Identifier | None = None


class DismissRequest(Record):
    """Why a proposal is turned down."""

    reason: Annotated[Text, Field(min_length=1)]
