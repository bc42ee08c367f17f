"""From a document to drafts of typed clauses, each with the passage it stands on.

1. Cut the document into clause-sized segments.
2. Have the classifier say the kind of each, and leave out what it is not sure of.
3. Read the terms of that kind out of the segment, or note which fields are missing.
4. Hold what a language model quotes against the document: what is not there verbatim is dropped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from data.schemas.contracts import ClauseSource
from data.schemas.proposals import ClauseDraft, ClauseQuote
from data.schemas.values import MAX_TEXT
from data.schemas.vocabulary import ClauseKind
from models.clauses.classify import ClauseClassifier
from models.clauses.segment import Segment, segment_at, segments, with_unix_line_ends
from models.clauses.terms_of import Passage, Reading, read_terms_of

MIN_CONFIDENCE = 0.35
"""Among thirty-three labels a third is far above chance; a person reads every proposal anyway."""
MIN_CHARACTERS = 25
"""Shorter is a heading, a page number or a signature line."""
MIN_QUOTE_CHARACTERS = 15
"""A quote shorter than this stands in any document and proves nothing."""
_KINDS = frozenset(ClauseKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A classifier and the name its proposals carry."""

    name: str
    classifier: ClauseClassifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A contract's text as offsets count it, and what its figures must be read with."""

    text: str
    currency: str
    signed_on: date

    @classmethod
    def of(cls, text: str, *, currency: str, signed_on: date) -> Document:
        """Take a text as it came."""
        return cls(text=with_unix_line_ends(text), currency=currency, signed_on=signed_on)

    @property
    def sha256(self) -> str:
        """The hash that proposals name their source by."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def propose(document: Document, *, model: Named) -> tuple[ClauseDraft, ...]:
    """Give a draft for each passage the classifier takes for a clause of a known kind."""
    found = [one for one in segments(document.text) if len(one.text) >= MIN_CHARACTERS]
    if not found:
        return ()
    chances = model.classifier.probabilities([one.text for one in found])
    drafts = []
    for segment, row in zip(found, chances, strict=True):
        label = model.classifier.labels[int(row.argmax())]
        if label in _KINDS and row.max() >= MIN_CONFIDENCE:
            drafts.append(
                _draft(
                    document, segment, kind=ClauseKind(label), confidence=float(row.max()),
                    proposed_by=model.name, hints={},
                )
            )  # fmt: skip
    return tuple(drafts)


def propose_quoted(
    document: Document, quotes: Sequence[ClauseQuote], *, model: Named, proposed_by: str
) -> tuple[tuple[ClauseDraft, ...], int]:
    """Give a draft for each quote that stands verbatim in the document, and how many do not.

    The confidence is the classifier's own, so that a language model cannot praise itself.
    """
    drafts, dropped = [], 0
    for one in quotes:
        quote = with_unix_line_ends(one.quote)
        start = document.text.find(quote) if len(quote) >= MIN_QUOTE_CHARACTERS else -1
        if start < 0 or len(quote) > MAX_TEXT:
            dropped += 1
            continue
        segment = segment_at(document.text, start=start, end=start + len(quote))
        drafts.append(
            _draft(
                document, segment, kind=one.kind, confidence=_chance(segment, one.kind, model),
                proposed_by=proposed_by, hints=one.values,
            )
        )  # fmt: skip
    return tuple(drafts), dropped


def without_repeats(drafts: Sequence[ClauseDraft]) -> tuple[ClauseDraft, ...]:
    """Keep one draft of a kind for a passage: the one with terms, then the surest."""
    kept: list[ClauseDraft] = []
    for draft in sorted(drafts, key=lambda one: (one.terms is None, -one.confidence)):
        if not any(one.kind is draft.kind and _overlap(one.source, draft.source) for one in kept):
            kept.append(draft)
    return tuple(sorted(kept, key=lambda one: (one.source.char_start, one.kind)))


def _draft(
    document: Document,
    segment: Segment,
    *,
    kind: ClauseKind,
    confidence: float,
    proposed_by: str,
    hints: Mapping[str, str],
) -> ClauseDraft:
    reading = _read(
        kind,
        Passage(
            text=segment.text,
            currency=document.currency,
            signed_on=document.signed_on,
            hints=hints,
        ),
    )
    return ClauseDraft(
        kind=kind,
        terms=reading.terms,
        missing=reading.missing,
        text=segment.text[:MAX_TEXT],
        source=ClauseSource(
            document_sha256=document.sha256,
            page=segment.page,
            char_start=segment.char_start,
            char_end=segment.char_end,
        ),
        confidence=min(max(confidence, 0.0), 1.0),
        proposed_by=proposed_by,
    )


def _read(kind: ClauseKind, passage: Passage) -> Reading:
    try:
        return read_terms_of(kind, passage)
    except ValidationError as error:
        # A figure outside the bounds of its field is none: whoever confirms writes it.
        fields = (str(one["loc"][0]) if one["loc"] else "terms" for one in error.errors())
        return Reading(missing=tuple(dict.fromkeys(fields)))


def _chance(segment: Segment, kind: ClauseKind, model: Named) -> float:
    if kind not in model.classifier.labels:
        return 0.0
    chances = model.classifier.probabilities([segment.text])
    return float(chances[0, model.classifier.labels.index(kind)])


def _overlap(one: ClauseSource, other: ClauseSource) -> bool:
    return one.char_start < other.char_end and other.char_start < one.char_end
