"""What a training run may be told, and the environment it sets before MLflow is imported."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from models.boosting import BoosterSettings
from models.certify import CertifySettings
from models.delay import SETTINGS as DELAY_SETTINGS
from models.violation import SETTINGS as VIOLATION_SETTINGS


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceSettings:
    """Shares of the rows by time, and the days kept free between slices."""

    fit: float = 0.36
    tune: float = 0.10
    calibrate: float = 0.39
    gap_days: int = 5
    """Longer than the median review, so that a slice does not share its weeks with the next."""
    verdict_maturity_days: int = 10
    """Younger items are left out even if reviewed: what is settled first is not like the rest."""
    outcome_maturity_days: int = 60
    """An item is billed within a month, and a late one within the weeks after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSettings:
    """All settings of one run; they are logged with it."""

    slices: SliceSettings = field(default_factory=SliceSettings)
    violation: BoosterSettings = VIOLATION_SETTINGS
    delay: BoosterSettings = DELAY_SETTINGS
    certify: CertifySettings = field(default_factory=lambda: CertifySettings(start_factor=4.0))
    """A first test on four zero-error samples forgives the few faults that no model sees."""
    seed: int = 7


def promising(alpha: float, *, seed: int, slices: SliceSettings) -> TrainingSettings:
    """Give the usual settings with another promise, in cases and in money alike."""
    usual = TrainingSettings(seed=seed, slices=slices)
    certify = usual.certify.model_copy(update={"alpha_cases": alpha, "alpha_money": alpha})
    return replace(usual, certify=certify)


def silence_mlflow() -> None:
    """Send no usage statistics and draw no progress bars; call it before MLflow is imported."""
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    os.environ["DO_NOT_TRACK"] = "true"
    os.environ["MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR"] = "false"
    os.environ["GIT_PYTHON_REFRESH"] = "quiet"


def read_clock() -> datetime:
    """Give the time of this run; everything below takes it as an argument."""
    return datetime.now(UTC)
