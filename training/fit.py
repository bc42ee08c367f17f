"""From sliced tables to a candidate: heads, calibrators, thresholds and the documents of them."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from models.boosting import BoosterSettings, Head
from models.bundle import BundleDocument, GoldenRow, pack
from models.calibration import choose_calibrator
from models.certificate import Certificate, Provenance
from models.certify import CertifySettings, ScoredSlice, certify
from models.columns import UTC_EPOCH, Floats
from models.delay import fit_delay
from models.features.catalogue import FEATURE_NAMES
from models.policy import PolicySettings
from models.rules.check import RULES_VERSION
from models.violation import fit_violation
from training.dataset import RiskTable
from training.settings import TrainingSettings
from training.splits import Slices

GOLDEN_ROWS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A model that nobody relies on yet."""

    violation: Head
    delay: Head
    certificates: tuple[Certificate, ...]
    policy: PolicySettings


class NothingToLearnError(ValueError):
    """A slice holds no rows, or only one kind of them."""


def fit_candidate(
    *, violation: Slices, delay: Slices, settings: TrainingSettings, now: datetime
) -> Candidate:
    """Fit both heads, choose calibrators, and certify thresholds on the calibrate slice."""
    faults = _fit(violation, fit=fit_violation, settings=settings.violation, name="violation")
    late = _fit(delay, fit=fit_delay, settings=settings.delay, name="delay")
    cap = _cap(violation.fit, settings=settings.certify)
    return Candidate(
        violation=faults,
        delay=late,
        certificates=_certify(
            faults, slices=violation, cap=cap, settings=settings.certify, now=now
        ),
        policy=PolicySettings(cap_reporting_minor=cap),
    )


def document_of(
    candidate: Candidate, *, violation: Slices, metrics: dict[str, float]
) -> BundleDocument:
    """Write down everything about a candidate but its trees."""
    test, fit = violation.test, violation.fit
    golden = test.features[:: max(1, len(test) // GOLDEN_ROWS)][:GOLDEN_ROWS]
    return BundleDocument(
        features=FEATURE_NAMES,
        usual=_usual(fit.features),
        violation_calibrator=candidate.violation.calibrator,
        delay_calibrator=candidate.delay.calibrator,
        certificates=candidate.certificates,
        policy=candidate.policy,
        rules_version=RULES_VERSION,
        metrics=metrics,
        trained_from=_moment(int(fit.assessed_us[0])),
        trained_to=_moment(int(fit.assessed_us[-1])),
        golden=_golden(candidate, rows=golden),
    )


def pack_candidate(candidate: Candidate, *, document: BundleDocument) -> dict[str, bytes]:
    """Give the files of a candidate's bundle."""
    return pack(document, violation=candidate.violation, delay=candidate.delay)


def table_sha256(table: RiskTable) -> str:
    """Name the data of a table by its content."""
    digest = hashlib.sha256("\n".join(table.item_id).encode())
    for column in (table.features, table.is_positive, table.propensity, table.assessed_us):
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()


def _fit(slices: Slices, *, fit: Callable[..., Head], settings: BoosterSettings, name: str) -> Head:
    positives = int(slices.fit.is_positive.sum())
    if not 0 < positives < len(slices.fit):
        raise NothingToLearnError(
            f"the fit slice of the {name} head has {len(slices.fit)} rows and {positives} "
            "positives; export more reviewed items, or a longer time"
        )
    table = slices.fit
    head = fit(
        table.features, is_positive=table.is_positive, weight=table.weight, settings=settings
    )
    # Both curves are monotone: choosing one with the calibrate slice moves no item across a
    # threshold of the grid, so the certificate's tests stay valid.
    calibrator = choose_calibrator(
        fit=(head.scores(slices.tune.features), slices.tune.is_positive, slices.tune.weight),
        later=(
            head.scores(slices.calibrate.features),
            slices.calibrate.is_positive,
            slices.calibrate.weight,
        ),
    )
    return Head(features=head.features, booster=head.booster, calibrator=calibrator)


def _cap(table: RiskTable, *, settings: CertifySettings) -> float:
    amounts = table.amount[np.isfinite(table.amount)]
    return float(np.quantile(amounts, settings.cap_quantile)) if len(amounts) else 0.0


def _certify(
    head: Head, *, slices: Slices, cap: float, settings: CertifySettings, now: datetime
) -> tuple[Certificate, ...]:
    tune, calibrate = slices.tune, slices.calibrate
    if len(tune) == 0 or len(calibrate) == 0 or cap <= 0:
        return ()
    provenance = Provenance(
        model_sha256=hashlib.sha256(head.text().encode()).hexdigest(),
        data_sha256=table_sha256(calibrate),
        tune_from=_moment(int(tune.assessed_us[0])),
        tune_to=_moment(int(tune.assessed_us[-1])),
        calibrate_from=_moment(int(calibrate.assessed_us[0])),
        calibrate_to=_moment(int(calibrate.assessed_us[-1])),
        certified_at=now,
    )
    return certify(
        tune=_scored(tune, head=head),
        calibrate=_scored(calibrate, head=head),
        cap=cap,
        settings=settings,
        provenance=provenance,
    )


def _scored(table: RiskTable, *, head: Head) -> ScoredSlice:
    return ScoredSlice(
        item_id=table.item_id,
        segment=table.segment,
        score=head.probabilities(table.features),
        amount=table.amount,
        is_violation=table.is_positive,
        propensity=table.propensity,
        era=table.era,
    )


def _usual(rows: Floats) -> dict[str, float | None]:
    usual: dict[str, float | None] = {}
    for column, name in enumerate(FEATURE_NAMES):
        known = rows[:, column][~np.isnan(rows[:, column])]
        usual[name] = float(np.median(known)) if len(known) else None
    return usual


def _golden(candidate: Candidate, *, rows: Floats) -> tuple[GoldenRow, ...]:
    violation, delay = (head.probabilities(rows) for head in (candidate.violation, candidate.delay))
    return tuple(
        GoldenRow(
            features=tuple(None if math.isnan(value) else value for value in row.tolist()),
            violation_probability=float(violation[i]),
            delay_probability=float(delay[i]),
        )
        for i, row in enumerate(rows)
    )


def _moment(us: int) -> datetime:
    return UTC_EPOCH + timedelta(microseconds=us)
