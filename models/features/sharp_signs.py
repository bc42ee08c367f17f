"""Signs that may nearly decide a question by themselves, because a reviewer decides by them.

A search for leaks leaves them out for that question and for no other.
"""

from __future__ import annotations

from collections.abc import Mapping

from data.schemas.questions import Question

_FAR_WORDS = frozenset({
    "foreign_word_share", "foreign_weight", "foreign_entries", "misplaced_weight",
    "misplaced_entries", "scope_distance", "scope_distance_mean",
})  # fmt: skip
_TASKS = frozenset({"least_task_share", "unusual_task_share"})

SHARP_SIGNS: Mapping[Question, frozenset[str]] = {
    Question.DUPLICATE_TIME: frozenset({"near_duplicate_similarity", "repeat_similarity"}),
    Question.NARRATIVE_INSUFFICIENT: _FAR_WORDS
    | {"vague_share", "narrative_words_mean", "narrative_words_min"},
    Question.BLOCK_BILLING: frozenset({"most_activities", "lumped_entry_hours"}),
    Question.NONBILLABLE_ACTIVITY: _FAR_WORDS | {"overhead_share", "unpaid_words_share"},
    Question.OUT_OF_SCOPE: _FAR_WORDS | {"off_scope_share"},
    Question.MISCODED_PROJECT: _FAR_WORDS | _TASKS,
    Question.DUPLICATE_EXPENSE: frozenset(
        {"look_alike_score", "look_alike_merchant", "look_alike_amount", "look_alike_days"}
    ),
    Question.DISPUTED_REFERENCE: frozenset({"purchase_order_missing"}),
    Question.DISPUTED_PRICE: frozenset({"rate_gap", "days_since_rate_change"}),
    Question.DISPUTED_QUANTITY: frozenset({"hours_over_cap", "day_cap_share", "max_day_hours"}),
    Question.DISPUTED_QUALITY: frozenset(
        {"client_rejections", "days_on_project", "project_days_before"}
    ),
}


def sharp_signs(question: Question) -> frozenset[str]:
    """Give the signs of a question; none of the questions that bear on a promise has one."""
    return SHARP_SIGNS.get(question, frozenset())
