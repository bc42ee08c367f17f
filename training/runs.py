"""What a run leaves behind, what a version is, and where both are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from training.dataset import RiskTable


class UnknownVersionError(LookupError):
    """The registry has no such version, or its bundle was never stored."""


class RefusedVersionError(ValueError):
    """A version that the gate refused is not promoted by hand without saying so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a training run leaves behind beside its bundle."""

    name: str
    parameters: Mapping[str, object]
    metrics: Mapping[str, float]
    tables: Mapping[str, RiskTable]
    data_sha256: Mapping[str, str]
    """The hash of each table; it names the data set."""
    tags: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, bytes] = field(default_factory=dict)
    """Files for people, by path: the card, the pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One registered model, as a list shows it."""

    version: int
    bundle: str
    gate: str
    why: str
    aliases: tuple[str, ...]
    run_id: str
    created_at_ms: int


def local_uri(home: Path) -> str:
    """Give the address of the store in a folder, and make the folder."""
    artifacts_folder(home)
    return f"sqlite:///{home / 'mlflow' / 'mlflow.db'}"


def artifacts_folder(home: Path) -> Path:
    """Give the folder of the files of runs."""
    folder = home / "mlflow" / "artifacts"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
