"""How the head of each question is fitted: which features take part, with which signs and trees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from data.schemas.questions import ASKED, LabelSource, Question
from models.boosting import BoosterSettings, Head, fit_head
from models.columns import Flags, Floats
from models.features.catalogue import BY_NAME, FEATURE_NAMES
from models.line import fit_line
from models.words_model.columns import WORD_COLUMNS

VERDICT_SETTINGS = BoosterSettings(
    trees=120, leaves=12, learning_rate=0.05, min_rows_in_leaf=10, feature_fraction=0.8, l2=1.0
)
"""A hidden fault shows itself by one sharp sign or two that meet; positives are rare."""
OUTCOME_SETTINGS = BoosterSettings(trees=150, leaves=4, learning_rate=0.05, min_rows_in_leaf=40)
"""An outcome follows several weak signs that add up: larger trees rank it worse."""
LINE_WEIGHTS = {
    question: 0.2
    for question in Question
    if ASKED[question].reason is not None or question in {Question.ANY_FAULT, Question.WRITE_OFF}
}
"""A line beside the trees. Over two firms of 60,000 entries it gained a hundredth of PR-AUC for any
fault and write-offs; of the reasons of disputes it gained for one what it lost for another, and
with a few dozen yeses a single figure moves by a tenth from firm to firm."""


def fit_question(
    question: Question,
    rows: Floats,
    *,
    is_positive: Flags,
    weight: Floats,
    settings: BoosterSettings | None = None,
    features: Sequence[str] = FEATURE_NAMES,
) -> Head:
    """Fit the head of a question on rows that answer it.

    Verdicts are learned from items no rule had proved, weighted by one over the propensity of
    their review; outcomes from every item whose outcome is known.
    """
    head = fit_trees(
        question, rows, is_positive=is_positive, weight=weight, settings=settings, features=features
    )
    if question not in LINE_WEIGHTS:
        return head
    signs = [sign_of(name, question) for name in features]
    line = fit_line(rows, is_positive=is_positive, weight=weight, signs=signs)
    return replace(head, line=line, line_weight=LINE_WEIGHTS[question])


def fit_trees(
    question: Question,
    rows: Floats,
    *,
    is_positive: Flags,
    weight: Floats,
    settings: BoosterSettings | None = None,
    features: Sequence[str] = FEATURE_NAMES,
) -> Head:
    """Fit the trees of a question, without a line beside them."""
    return fit_head(
        rows,
        is_positive=is_positive,
        weight=weight,
        features=features,
        signs=[sign_of(name, question) for name in features],
        settings=settings or settings_for(question),
    )


def settings_for(question: Question) -> BoosterSettings:
    """Give the trees of a question's family."""
    is_verdict = ASKED[question].source is LabelSource.VERDICT
    return VERDICT_SETTINGS if is_verdict else OUTCOME_SETTINGS


def sign_of(name: str, question: Question) -> int | None:
    """Give the sign of a feature or a column of words for a question; None keeps it out."""
    column = WORD_COLUMNS.get(name)
    return BY_NAME[name].sign(question) if column is None else column.sign(question)
