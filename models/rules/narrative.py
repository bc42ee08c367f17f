"""Does the narrative say what the client's guidelines ask of it?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.schemas.clauses import BillingGuidelines
from data.schemas.vocabulary import ClauseKind
from models.codes import UNKNOWN
from models.columns import EntryColumns, Flags, Ints
from models.rules.amounts import shares_minor
from models.rules.facts import Facts
from models.rules.hits import Hits, entry_hits
from models.words import runs


def narrative_insufficient(facts: Facts) -> Hits:
    """T19: billable work whose narrative is empty, too short, or holds a banned phrase.

    Words and phrases are compared without case and punctuation, and a phrase only as whole words.
    At risk is the share of the amount that clients reject for it.
    """
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.BILLING_GUIDELINES)
    is_judged = (clause != UNKNOWN) & (entries.minutes_billable > 0)
    least = np.maximum(facts.terms.clause_figures.min_words(clause), 1)
    is_hit = is_judged & (entries.narrative_words < least)
    exposure = np.zeros(len(entries), dtype=np.int64)
    for terms, own in _by_guidelines(facts, clause, np.flatnonzero(is_judged)):
        is_hit[own] |= _has_any(terms.banned_phrases, entries, own)
        hit = own[is_hit[own]]
        exposure[hit] = shares_minor(entries.amount_minor[hit], share=terms.rejection_probability)

    def actual(row: int) -> str:
        if entries.narrative_words[row] < least[row]:
            return _words(int(entries.narrative_words[row]))
        terms = _guidelines(facts, int(clause[row]))
        return f"says {_first_banned(entries.narrative[row], terms.banned_phrases)!r}"

    def expected(row: int) -> str:
        if entries.narrative_words[row] < least[row]:
            return f"at least {_words(int(least[row]))}"
        return "none of the phrases that the client bans"

    return entry_hits(
        facts,
        np.flatnonzero(is_hit),
        clause=clause,
        exposure_minor=exposure,
        field="narrative",
        actual=actual,
        expected=expected,
        summary="{rows} with an insufficient narrative",
    )


def _guidelines(facts: Facts, clause: int) -> BillingGuidelines:
    terms = facts.terms.clauses[clause].terms
    return terms if isinstance(terms, BillingGuidelines) else BillingGuidelines()


def _by_guidelines(
    facts: Facts, clause: Ints, rows: Ints
) -> Iterator[tuple[BillingGuidelines, Ints]]:
    """The judged rows of each set of guidelines: many contracts share one."""
    places, place = np.unique(clause[rows], return_inverse=True)
    agreed = [_guidelines(facts, one) for one in places.tolist()]
    distinct = {terms: number for number, terms in enumerate(dict.fromkeys(agreed))}
    group = np.array([distinct[terms] for terms in agreed], dtype=np.int64)[place]
    for terms, number in distinct.items():
        yield terms, rows[group == number]


def _has_any(phrases: Sequence[str], entries: EntryColumns, rows: Ints) -> Flags:
    """Say of some rows whether the narrative holds a phrase.

    Most narratives hold not even the first word of one, and need not be taken apart. Outside ASCII
    letters fold in ways that only a full reading knows.
    """
    banned = [words for phrase in phrases if (words := _padded(phrase)).strip()]
    found = np.zeros(len(rows), dtype=np.bool_)
    if not banned:
        return found
    texts = pa.array(entries.narrative[rows], pa.large_string())
    hint = "|".join(dict.fromkeys(words.split()[0] for words in banned))
    is_hinted = pc.match_substring_regex(texts, pattern=hint, ignore_case=True)
    may_hold = pc.or_(is_hinted, pc.invert(pc.string_is_ascii(texts)))
    suspects = np.flatnonzero(may_hold.to_numpy(zero_copy_only=False))
    for place in suspects.tolist():
        found[place] = _holds(texts[place].as_py(), banned)
    return found


def _holds(narrative: str, banned: Sequence[str]) -> bool:
    text = _padded(narrative)
    return any(words in text for words in banned)


def _first_banned(narrative: str, phrases: Sequence[str]) -> str:
    text = _padded(narrative)
    held = (phrase for phrase in phrases if (words := _padded(phrase)).strip() and words in text)
    return next(held, "")


def _padded(text: str) -> str:
    """The words of a text with a space at either end, so that a phrase is found as whole words."""
    return f" {' '.join(runs(text))} "


def _words(count: int) -> str:
    return "1 word" if count == 1 else f"{count} words"
