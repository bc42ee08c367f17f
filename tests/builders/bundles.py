"""Small bundles and worlds of scores, made from a seed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from models.boosting import BoosterSettings
from models.bundle import BundleDocument, GoldenRow, audit, build, pack, read_manifest
from models.certificate import Certificate, Provenance
from models.certify import ScoredSlice
from models.columns import Floats
from models.delay import fit_delay
from models.features.catalogue import FEATURE_NAMES
from models.policy import PolicySettings
from models.violation import fit_violation

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


def bundle_files(*, seed: int = 1, **overrides: Any) -> dict[str, bytes]:
    """The files of a bundle trained on noise with a signal in `vague_share`."""
    rows, is_positive = noisy_rows(400, seed=seed)
    weight = np.ones(len(rows))
    violation = fit_violation(rows, is_positive=is_positive, weight=weight, settings=SMALL)
    delay = fit_delay(rows, is_positive=is_positive, weight=weight, settings=SMALL)
    faults, late = violation.probabilities(rows[:4]), delay.probabilities(rows[:4])
    given = {
        "features": FEATURE_NAMES,
        "usual": dict.fromkeys(FEATURE_NAMES, 0.0),
        "violation_calibrator": None,
        "delay_calibrator": None,
        "certificates": (certificate(),),
        "policy": PolicySettings(cap_reporting_minor=800_000.0),
        "rules_version": "test",
        "metrics": {"violation_auc": 0.9},
        "trained_from": NOW - timedelta(days=200),
        "trained_to": NOW - timedelta(days=100),
        "golden": tuple(
            GoldenRow(
                features=tuple(rows[i].tolist()),
                violation_probability=float(faults[i]),
                delay_probability=float(late[i]),
            )
            for i in range(4)
        ),
    }
    return pack(BundleDocument(**(given | overrides)), violation=violation, delay=delay)


def bundle(**overrides: Any) -> Any:
    """A built bundle."""
    files = bundle_files(**overrides)
    return build(audit(files, expected_id=read_manifest(files).id))


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
