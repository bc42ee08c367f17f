"""Words that tell something of any trade: those that say nothing, and those of unpaid work."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from models.stock_words import VAGUE_WORDS
from models.words import runs, words

REMEMBERED_NARRATIVES = 16_384
FEWEST_LETTERS = 3
"""Shorter words are mostly grammar, and tell no project from another."""
GRAMMAR = frozenset({
    "a", "an", "the", "and", "or", "of", "for", "to", "in", "on", "at", "as", "by", "with", "from",
    "into", "after", "before", "about", "between", "during", "its", "their", "our", "was", "were",
    "is", "are", "be", "been", "all", "per", "via", "this", "that", "which", "two", "three", "some",
})  # fmt: skip
CONTINUED = frozenset({
    "continued", "continue", "continuing", "cont", "contd", "again", "part", "rest", "step",
    "second", "third", "day", "remaining", "remainder", "further", "more", "followup", "phase",
    "round",
})  # fmt: skip
"""Words by which people say that a text goes on with what an earlier one began."""
VERBS = frozenset({
    "call", "calls", "meet", "meeting", "meetings", "review", "draft", "prepare", "write", "email",
    "emails", "attend", "research", "revise", "test", "build", "fix", "plan", "study", "travel",
    "conference", "correspondence", "wrote", "met", "spoke", "sent", "built", "held", "led", "ran",
    "read", "gave", "made", "took", "set",
})  # fmt: skip
"""Words that open an activity beside those in -ed and -ing."""
SEPARATORS = re.compile(r"[;,/+&\n]|\.\s|\b(?:and|then|plus|und|et)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpaid:
    """A kind of work that clients leave out of what they pay for."""

    activity_words: frozenset[str]
    """Words in the name of an activity that make it of this kind."""
    phrases: tuple[str, ...]
    """Words of a narrative that speak of it; a bare 'training' may well be the client's own."""


UNPAID: tuple[Unpaid, ...] = (
    Unpaid(
        activity_words=frozenset({"admin", "administration", "administrative", "clerical"}),
        phrases=(
            "admin", "administration", "administrative", "timesheet", "timesheets",
            "expense report", "expense reports", "laptop setup", "filing of papers",
        ),
    ),
    Unpaid(
        activity_words=frozenset({"internal", "meeting", "meetings"}),
        phrases=(
            "internal meeting", "internal meetings", "internal team", "internal call",
            "internal sync", "internal knowledge", "internal discussion", "internal review",
            "all hands", "staff meeting", "practice meeting",
        ),
    ),
    Unpaid(
        activity_words=frozenset({"training", "trainings", "learning", "education"}),
        phrases=(
            "internal training", "attended training", "attended a training", "own training",
            "onboarding of new", "self study", "training course", "e learning",
        ),
    ),
    Unpaid(
        activity_words=frozenset({"travel", "travelling", "commute", "commuting"}),
        phrases=(
            "travel to", "travel from", "travel time", "travelled to", "traveled to",
            "travelling to", "travelling from", "drive to", "drove to", "flight to", "flew to",
            "train to", "commute", "commuted", "return trip",
        ),
    ),
)  # fmt: skip
"""The exclusions of most billing guidelines: administration, internal meetings, training, travel
(SimpleLegal's CONF, Mitratech's travel, and the firm's own contracts)."""
ANY_UNPAID = re.compile(rf"\b(?:{'|'.join(one for kind in UNPAID for one in kind.phrases)})\b")


@lru_cache(maxsize=REMEMBERED_NARRATIVES)
def content_words(narrative: str) -> frozenset[str]:
    """Give the words that say what the work was: no grammar, no stock words, no short ones."""
    return frozenset(
        word
        for word in words(narrative)
        if len(word) >= FEWEST_LETTERS and word not in VAGUE_WORDS and word not in GRAMMAR
    )


def speaks_of_unpaid_work(narrative: str) -> bool:
    """Say whether a narrative holds words of any kind of unpaid work."""
    return ANY_UNPAID.search(" ".join(runs(narrative))) is not None


def stock_share(narrative: str) -> float:
    """Give the share of words that say nothing about the work; 1 without any word."""
    text = words(narrative)
    return sum(word in VAGUE_WORDS for word in text) / len(text) if text else 1.0


def activities(narrative: str) -> int:
    """Count the distinct activities that a narrative lists.

    A part between separators is an activity if a verb opens it.
    """
    parts = (words(part) for part in SEPARATORS.split(narrative))
    return len({part[0] for part in parts if part and is_verb(part[0])})


def is_verb(word: str) -> bool:
    """Say whether a word opens an activity, such as 'reviewed', 'drafting' or 'call'."""
    return word in VERBS or (len(word) > 4 and word.endswith(("ed", "ing")))  # noqa: PLR2004 - 'red'


def kinds_of_activity(activity: str) -> frozenset[int]:
    """Give which kinds of unpaid work an activity's name speaks of, as places in UNPAID."""
    named = frozenset(runs(activity.replace("_", " ")))
    return frozenset(
        place for place, kind in enumerate(UNPAID) if not named.isdisjoint(kind.activity_words)
    )
