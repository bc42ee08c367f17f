"""Clauses proposed from a contract's text: nothing of them is in force until a person confirms."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from data.schemas.clauses import ClauseTerms
from data.schemas.contracts import ClauseSource
from data.schemas.values import Identifier, Name, Probability, Record, Text, UtcTime
from data.schemas.vocabulary import ClauseKind


class ProposalStatus(StrEnum):
    """Where a proposal stands; from `proposed` it goes to one of the others, once."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


class ClauseQuote(Record):
    """A passage that a language model points at; nothing it says counts but what the text says."""

    kind: ClauseKind
    quote: str
    values: dict[str, str] = Field(default_factory=dict)
    """Words of the quote for a field; a word that the quote does not hold is not heard."""


class ClauseDraft(Record):
    """A clause as it was read out of a document; `terms` is None while figures are `missing`."""

    kind: ClauseKind
    terms: ClauseTerms | None = None
    missing: tuple[Name, ...] = ()
    """Fields of the terms that the text does not give; whoever confirms writes them."""
    text: Text
    """The passage, verbatim."""
    source: ClauseSource
    confidence: Probability
    proposed_by: Identifier
    """What read it: the classifier or the language model, with its version."""


class Proposal(Record):
    """A draft for a contract, and what a person said of it."""

    id: Identifier
    contract_id: Identifier
    line_id: Identifier | None = None
    draft: ClauseDraft
    at: UtcTime
    requested_by: Identifier
    status: ProposalStatus = ProposalStatus.PROPOSED
    settled_by: Identifier | None = None
    settled_at: UtcTime | None = None
    clause_id: Identifier | None = None
    """The clause it became."""
    reason: Text = ""
    """Why it was dismissed."""
