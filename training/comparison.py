"""Candidate, champion, regression and base rate, side by side on the same later slice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.boosting import Head
from models.bundle import Bundle, BundleError
from models.bundle_files import load_bundle
from models.columns import Floats
from models.features.catalogue import FEATURE_NAMES
from training.baseline import fit_baseline
from training.evaluate import Cleared, clear, measure, measure_slices
from training.fit import Candidate
from training.gates import HeadEvidence
from training.leaks import find_leaks
from training.release import read_release
from training.splits import Slices


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What the gate judges, and every figure of it by name."""

    heads: tuple[HeadEvidence, ...]
    cleared: Cleared
    metrics: dict[str, float]
    champion_metrics: dict[str, float] | None


def compare(candidate: Candidate, *, violation: Slices, delay: Slices, bundles: Path) -> Comparison:
    """Measure everything on the test slices, which no fit and no certificate has seen."""
    champion = _champion(bundles)
    faults = _evidence(
        "violation",
        head=candidate.violation,
        champion=_answers(champion, rows=violation.test.features, head="violation"),
        slices=violation,
    )
    late = _evidence(
        "delay",
        head=candidate.delay,
        champion=_answers(champion, rows=delay.test.features, head="delay"),
        slices=delay,
    )
    cleared = clear(
        violation.test,
        probability=faults.probability,
        certificates=candidate.certificates,
        cap=candidate.policy.cap_reporting_minor,
    )
    metrics = {
        **_named("violation", faults.figures),
        **_named("delay", late.figures),
        **_beside("violation", slices=violation),
        **_beside("delay", slices=delay),
        **_segments(faults),
        **_promise(cleared, candidate=candidate),
    }
    return Comparison(
        heads=(faults, late),
        cleared=cleared,
        metrics=metrics,
        champion_metrics=_champion_metrics(faults, late),
    )


def _champion(bundles: Path) -> Bundle | None:
    release = read_release(bundles)
    if release is None:
        return None
    try:
        return load_bundle(bundles / release.bundle, expected_id=release.bundle)
    except BundleError:
        # A champion that cannot be read cannot be served either: the candidate is judged alone.
        return None


def _answers(champion: Bundle | None, *, rows: Floats, head: str) -> Floats | None:
    if champion is None or len(rows) == 0:
        return None
    chosen = champion.violation if head == "violation" else champion.delay
    return chosen.probabilities(champion.rows(rows))


def _evidence(name: str, *, head: Head, champion: Floats | None, slices: Slices) -> HeadEvidence:
    probability = head.probabilities(slices.test.features)
    return HeadEvidence(
        name=name,
        fit=slices.fit,
        test=slices.test,
        figures=measure(slices.test, probability=probability),
        probability=probability,
        champion_probability=champion,
        leaks=find_leaks(slices.fit, features=FEATURE_NAMES),
    )


def _beside(name: str, *, slices: Slices) -> dict[str, float]:
    """The same figures of the regression, which a booster must be worth its trouble against."""
    if len(slices.test) == 0:
        return {}
    baseline = fit_baseline(
        slices.fit.features, is_positive=slices.fit.is_positive, weight=slices.fit.weight
    )
    answers = baseline.probabilities(slices.test.features)
    return _named(f"{name}_regression", measure(slices.test, probability=answers))


def _segments(faults: HeadEvidence) -> dict[str, float]:
    by_segment = measure_slices(faults.test, probability=faults.probability)
    return {
        f"violation_{key}.{segment}": value
        for segment, figures in by_segment.items()
        for key, value in figures.items()
    }


def _promise(cleared: Cleared, *, candidate: Candidate) -> dict[str, float]:
    granted = [one for one in candidate.certificates if one.is_granted]
    return {
        "certificates_granted": float(len(granted)),
        "cleared_share_of_cases": cleared.share_of_cases,
        "cleared_share_of_money": cleared.share_of_money,
        "cleared_wrong_share_of_cases": cleared.wrong_share_of_cases,
        "cleared_wrong_share_of_money": cleared.wrong_share_of_money,
        "missed_leakage": cleared.missed_leakage,
    }


def _champion_metrics(*heads: HeadEvidence) -> dict[str, float] | None:
    figures: dict[str, float] = {}
    for head in heads:
        if head.champion_probability is not None:
            figures |= _named(head.name, measure(head.test, probability=head.champion_probability))
    return figures or None


def _named(prefix: str, figures: dict[str, float]) -> dict[str, float]:
    return {f"{prefix}_{key}": value for key, value in figures.items()}
