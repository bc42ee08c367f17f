"""Candidate, champion, regression and base rate, side by side on the same later slice.

Both bundles answer as they would in the service: features, kinds and narratives in, all their
probabilities out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from data.schemas.questions import Question
from models.bundle import Bundle, BundleError
from models.bundle_document import ALWAYS_ASKED
from models.bundle_files import load_bundle
from models.columns import Floats
from models.features.catalogue import FEATURE_NAMES
from models.features.sharp_signs import sharp_signs
from training.baseline import fit_baseline
from training.dataset import RiskTable
from training.evaluate import Cleared, clear, measure, measure_slices
from training.gates import HeadEvidence
from training.leaks import find_leaks
from training.release import read_release
from training.splits import Slices


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What the gate judges, and every figure of it by name."""

    heads: Mapping[Question, HeadEvidence]
    cleared: Cleared
    metrics: dict[str, float]
    champion_metrics: dict[str, float] | None


def compare(candidate: Bundle, *, tables: Mapping[Question, Slices], bundles: Path) -> Comparison:
    """Measure everything on the test slices, which no fit and no certificate has seen."""
    champion = champion_of(bundles)
    heads = {
        question: _evidence(
            question, candidate=candidate, champion=champion, slices=tables[question]
        )
        for question in candidate.heads
    }
    faults = heads[Question.ANY_FAULT]
    cleared = clear(
        faults.test,
        probability=faults.probability,
        certificates=candidate.document.certificates,
        cap=candidate.document.policy.cap_reporting_minor,
    )
    metrics = _promise(cleared, candidate=candidate)
    for question, head in heads.items():
        metrics |= _named(question, head.figures)
        metrics |= _beside(question, slices=tables[question])
        metrics |= _by_slice(question, head=head)
    return Comparison(
        heads=heads, cleared=cleared, metrics=metrics, champion_metrics=_champion_metrics(heads)
    )


def champion_of(bundles: Path) -> Bundle | None:
    """Give the bundle in force, None before the first.

    One that cannot be read cannot be served either: then a candidate is judged alone.
    """
    release = read_release(bundles)
    if release is None:
        return None
    try:
        return load_bundle(bundles / release.bundle, expected_id=release.bundle)
    except BundleError:
        return None


def answers_of(bundle: Bundle | None, *, table: RiskTable, question: Question) -> Floats | None:
    """Give a bundle's probabilities of one question, None where it has no head for it."""
    if bundle is None or question not in bundle.heads or len(table) == 0:
        return None
    answers = bundle.answers(table.features, kinds=table.kind, narratives=table.narrative)
    return answers[question]


def _evidence(
    question: Question, *, candidate: Bundle, champion: Bundle | None, slices: Slices
) -> HeadEvidence:
    probability = answers_of(candidate, table=slices.test, question=question)
    if probability is None:
        probability = slices.test.amount[:0]
    return HeadEvidence(
        question=question,
        fit=slices.fit,
        test=slices.test,
        figures=measure(slices.test, probability=probability),
        probability=probability,
        champion_probability=answers_of(champion, table=slices.test, question=question),
        leaks=find_leaks(slices.fit, features=FEATURE_NAMES, expected=sharp_signs(question)),
    )


def _beside(question: Question, *, slices: Slices) -> dict[str, float]:
    """The same figures of the regression, which a booster must be worth its trouble against."""
    if len(slices.test) == 0:
        return {}
    baseline = fit_baseline(
        slices.fit.features, is_positive=slices.fit.is_positive, weight=slices.fit.weight
    )
    answers = baseline.probabilities(slices.test.features)
    figures = measure(slices.test, probability=answers)
    return {f"{question.value}_regression_{key}": value for key, value in figures.items()}


def _by_slice(question: Question, *, head: HeadEvidence) -> dict[str, float]:
    """All figures of the heads that every bundle has; of the others how well each slice ranks."""
    kept = None if question in ALWAYS_ASKED else ("auc", "ece")
    return {
        f"{question.value}_{key}.{name}": value
        for name, figures in measure_slices(head.test, probability=head.probability).items()
        for key, value in figures.items()
        if kept is None or key in kept
    }


def _promise(cleared: Cleared, *, candidate: Bundle) -> dict[str, float]:
    granted = [one for one in candidate.document.certificates if one.is_granted]
    return {
        "certificates_granted": float(len(granted)),
        "cleared_share_of_cases": cleared.share_of_cases,
        "cleared_share_of_money": cleared.share_of_money,
        "cleared_wrong_share_of_cases": cleared.wrong_share_of_cases,
        "cleared_wrong_share_of_money": cleared.wrong_share_of_money,
        "missed_leakage": cleared.missed_leakage,
    }


def _champion_metrics(heads: Mapping[Question, HeadEvidence]) -> dict[str, float] | None:
    figures: dict[str, float] = {}
    for question, head in heads.items():
        if head.champion_probability is not None:
            measured = measure(head.test, probability=head.champion_probability)
            figures |= _named(question, measured)
    return figures or None


def _named(question: Question, figures: Mapping[str, float]) -> dict[str, float]:
    return {f"{question.value}_{key}": value for key, value in figures.items()}
