"""Small bundles and worlds of scores, made from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from data.schemas.questions import Question
from models.boosting import BoosterSettings
from models.bundle import pack, unpack
from models.bundle_document import ALWAYS_ASKED, BundleDocument, HeadDocument
from models.certificate import Certificate, Provenance
from models.columns import Floats
from models.features.catalogue import FEATURE_NAMES
from models.golden import golden_rows, golden_text
from models.heads import fit_question
from models.joined import join, join_document_of
from models.parts import Parts
from models.policy import PolicySettings
from models.scored_slice import ScoredSlice
from models.words_model.learn import Texts, fit_words
from models.words_model.model import WordsModel

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SMALL = BoosterSettings(trees=12, leaves=4, min_rows_in_leaf=5, learning_rate=0.3)
HASH = "0" * 64


def provenance(**overrides: Any) -> Provenance:
    """Where a certificate of the first of March comes from."""
    given = {
        "model_sha256": HASH,
        "data_sha256": HASH,
        "tune_from": NOW - timedelta(days=90),
        "tune_to": NOW - timedelta(days=60),
        "calibrate_from": NOW - timedelta(days=55),
        "calibrate_to": NOW - timedelta(days=10),
        "certified_at": NOW,
    }
    return Provenance(**(given | overrides))


def certificate(**overrides: Any) -> Certificate:
    """A granted certificate for ordinary timesheets, in force for thirty days."""
    given = {
        "segment": "timesheet.regular",
        "members": ("timesheet.regular",),
        "threshold": 1.0,
        "alpha_cases": 0.05,
        "alpha_money": 0.05,
        "delta": 0.05,
        "margin": 0.6,
        "reviewer_miss_rate": 0.05,
        "cap_reporting_minor": 800_000.0,
        "start_quantile": 0.5,
        "grid": (0.5, 1.0),
        "salt": "test",
        "steps": (),
        "share_of_cases": 1.0,
        "share_of_money": 1.0,
        "expires_at": NOW + timedelta(days=30),
        "expires_after_clears": 2_000,
        "provenance": provenance(),
    }
    return Certificate(**(given | overrides))


def bundle_files(
    *,
    seed: int = 1,
    questions: Sequence[Question] = ALWAYS_ASKED,
    words: WordsModel | None = None,
    kinds: Sequence[Question] = (),
    **overrides: Any,
) -> dict[str, bytes]:
    """The files of a bundle trained on noise with a signal in `vague_share`."""
    parts = small_parts(seed=seed, questions=questions, words=words, kinds=kinds)
    rows = vectors(parts, count=4, seed=seed)
    given = {
        "features": parts.features,
        "usual": dict.fromkeys(parts.features, 0.0),
        "heads": {
            question: HeadDocument(
                calibrator=None, line=head.line, line_weight=head.line_weight, flag_threshold=0.0
            )
            for question, head in parts.heads.items()
        },
        "join": join_document_of(parts.heads[Question.ANY_FAULT]),
        "has_words": words is not None,
        "certificates": (certificate(),),
        "policy": PolicySettings(cap_reporting_minor=800_000.0),
        "rules_version": "test",
        "metrics": {"violation_auc": 0.9},
        "trained_from": NOW - timedelta(days=200),
        "trained_to": NOW - timedelta(days=100),
        "golden": golden_rows(parts, rows=rows),
        "golden_text": golden_text(words),
    }
    return pack(BundleDocument(**(given | overrides)), parts=parts)


def small_parts(
    *,
    seed: int,
    questions: Sequence[Question] = ALWAYS_ASKED,
    words: WordsModel | None = None,
    kinds: Sequence[Question] = (),
) -> Parts:
    """Small heads for some questions, over the catalogue and what words add."""
    rows, is_positive = noisy_rows(400, seed=seed)
    features = FEATURE_NAMES
    if words is not None:
        features = (*FEATURE_NAMES, *words.columns)
        said = np.where(is_positive, 1.0, -1.0)
        rows = np.column_stack([rows, said, said])
    heads = {
        question: fit_question(
            question,
            rows,
            is_positive=is_positive,
            weight=np.ones(len(rows)),
            settings=SMALL,
            features=features,
        )
        for question in dict.fromkeys((*questions, *kinds))
    }
    heads[Question.ANY_FAULT] = join(
        heads[Question.ANY_FAULT], kinds={one: heads[one] for one in kinds}, kinds_weight=0.5
    )
    heads = {question: heads[question] for question in questions}
    return Parts(features=features, heads=heads, words=words)


def vectors(parts: Parts, *, count: int, seed: int) -> Floats:
    """Some vectors of the width that the parts need."""
    rows, _ = noisy_rows(count, seed=seed)
    return np.hstack([rows, np.zeros((count, len(parts.features) - rows.shape[1]))])


def vague_words() -> WordsModel:
    """A model that has learned one thing: `stuff` is written on sheets found wanting."""
    things = ("report", "plan", "draft", "memo", "list")
    narratives = [f"did stuff on {one}\nwrote {one}" for one in things] * 4
    narratives += [f"wrote {one}\nread {one}" for one in things] * 8
    wanting = np.array(["stuff" in text for text in narratives])
    model = fit_words(
        Texts.of(narratives),
        {Question.NARRATIVE_INSUFFICIENT: (wanting, np.ones(len(wanting), dtype=np.bool_))},
    )
    assert model is not None
    return model


def bundle(**overrides: Any) -> Any:
    """A built bundle."""
    files = bundle_files(**overrides)
    return unpack(files)


def noisy_rows(count: int, *, seed: int) -> tuple[Floats, Any]:
    """Random features; faults follow `vague_share`, delays `approval_lag_days`."""
    generator = np.random.default_rng(seed)
    rows = generator.uniform(0.0, 1.0, (count, len(FEATURE_NAMES)))
    vague = rows[:, FEATURE_NAMES.index("vague_share")]
    lag = rows[:, FEATURE_NAMES.index("approval_lag_days")]
    return rows, generator.uniform(0.0, 1.0, count) < 0.05 + 0.4 * (vague > 0.7) * (lag > 0.3)


def world(count: int, *, seed: int, base_rate: float = 0.08, skill: float = 3.0) -> ScoredSlice:
    """Items with scores that rank faults as well as `skill` says, and lognormal amounts."""
    generator = np.random.default_rng(seed)
    signal = generator.normal(size=count)
    margin = np.log(base_rate / (1 - base_rate)) - skill**2 / 4 + skill * signal
    probability = 1.0 / (1.0 + np.exp(-margin))
    return ScoredSlice(
        item_id=tuple(f"W{seed}-{number}" for number in range(count)),
        segment=("timesheet.regular",) * count,
        score=probability,
        amount=generator.lognormal(0.0, 0.5, count) * 300_000,
        is_violation=generator.uniform(size=count) < probability,
        propensity=np.ones(count),
        era=("rules-only",) * count,
    )
