"""What a training run may be told, and the environment it sets before MLflow is imported."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from models.boosting import BoosterSettings
from models.certify import CertifySettings
from models.heads import OUTCOME_SETTINGS, VERDICT_SETTINGS


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceSettings:
    """Shares of the rows, what is left being the test, and the days kept free before it."""

    fit: float = 0.36
    tune: float = 0.10
    calibrate: float = 0.39
    gap_days: int = 5
    """The least; longer than the median review, so that the test shares no weeks with the rest."""
    verdict_maturity_days: int = 10
    """Younger items are left out even if reviewed: what is settled first is not like the rest."""
    outcome_maturity_days: int = 60
    """An item is billed within a month, and a late one within the weeks after."""
    purge_groups: bool = False
    """Learn from no contract's month of which the test holds a part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSettings:
    """All settings of one run; they are logged with it."""

    slices: SliceSettings = field(default_factory=SliceSettings)
    violation: BoosterSettings = VERDICT_SETTINGS
    delay: BoosterSettings = OUTCOME_SETTINGS
    certify: CertifySettings = field(default_factory=CertifySettings)
    seed: int = 7


def promising(alpha: float, *, seed: int, slices: SliceSettings) -> TrainingSettings:
    """Give the usual settings with another promise, in cases and in money alike."""
    usual = TrainingSettings(seed=seed, slices=slices)
    certify = usual.certify.model_copy(update={"alpha_cases": alpha, "alpha_money": alpha})
    return replace(usual, certify=certify)


def tracking_uri() -> str | None:
    """Give the tracking server of COUNTERSIGN_MLFLOW_TRACKING_URI, None for the store at home."""
    return os.environ.get("COUNTERSIGN_MLFLOW_TRACKING_URI") or None


QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_LOGGING_LEVEL": "WARNING",
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
    "GIT_PYTHON_REFRESH": "quiet",
}
"""No usage statistics, no progress bars, and no background workers beside the pages."""


def silence_mlflow() -> None:
    """Send no usage statistics and draw no progress bars; call it before MLflow is imported."""
    os.environ.update(QUIET)


def quiet_environment() -> dict[str, str]:
    """Give the same to a child process, beside what this process has."""
    return {**os.environ, **QUIET}


def read_clock() -> datetime:
    """Give the time of this run; everything below takes it as an argument."""
    return datetime.now(UTC)
