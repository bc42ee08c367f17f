"""The one door to MLflow: runs, data sets, model versions, and the champion."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from training.settings import silence_mlflow

silence_mlflow()

import mlflow  # noqa: E402 - the environment above must stand before this import
import pandas as pd  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.data.pandas_dataset import PandasDataset, from_pandas  # noqa: E402
from mlflow.models import EvaluationResult, MetricThreshold  # noqa: E402
from mlflow.models.evaluation.validation import ModelValidationFailedException  # noqa: E402

from models.bundle import FILES, read_manifest  # noqa: E402
from models.bundle_files import load_bundle, save_bundle  # noqa: E402
from models.features.catalogue import FEATURE_NAMES  # noqa: E402
from training.dataset import RiskTable  # noqa: E402
from training.release import Release, read_release, write_release  # noqa: E402

MODEL = "countersign-risk"
EXPERIMENT = "countersign"
CHAMPION = "champion"
BUNDLE_TAG, GATE_TAG, OUTCOME_TAG = "bundle", "gate", "outcome"
FLOORS = {"violation_auc": 0.6, "delay_auc": 0.6}
KEPT_SHARE = 0.9
"""Of the champion's AUC a candidate must keep at least this; `training.gates` judges finer."""


class UnknownVersionError(LookupError):
    """The registry has no such version, or its bundle was never stored."""


class Registry:
    """MLflow in a folder: a sqlite store, local artifacts, and the bundles that are released."""

    def __init__(self, home: Path) -> None:
        self.bundles = home / "bundles"
        store = home / "mlflow"
        self._artifacts = store / "artifacts"
        self._artifacts.mkdir(parents=True, exist_ok=True)
        self.bundles.mkdir(parents=True, exist_ok=True)
        uri = f"sqlite:///{store / 'mlflow.db'}"
        mlflow.set_tracking_uri(uri)
        mlflow.set_registry_uri(uri)
        self._client = MlflowClient(tracking_uri=uri, registry_uri=uri)
        self._experiment_id = self._experiment()

    def champion(self) -> Release | None:
        """Give the release in force."""
        return read_release(self.bundles)

    def record(
        self,
        files: Mapping[str, bytes],
        *,
        name: str,
        parameters: Mapping[str, object],
        metrics: Mapping[str, float],
        tables: Mapping[str, RiskTable],
    ) -> tuple[str, int]:
        """Log a run with its data sets and bundle, and register a version; gives run and version.

        The version is not champion yet.
        """
        manifest = read_manifest(files)
        with mlflow.start_run(experiment_id=self._experiment_id, run_name=name) as run:
            mlflow.log_params({key: str(value) for key, value in parameters.items()})
            mlflow.log_metrics(dict(metrics))
            for table_name, table in tables.items():
                mlflow.log_input(_dataset(table, name=table_name), context="training")
            with tempfile.TemporaryDirectory() as folder:
                for file_name, content in files.items():
                    (Path(folder) / file_name).write_bytes(content)
                mlflow.log_artifacts(folder, artifact_path="bundle")
        save_bundle(files, bundles=self.bundles)
        version = self._client.create_model_version(
            MODEL,
            source=f"{run.info.artifact_uri}/bundle",
            run_id=run.info.run_id,
            tags={BUNDLE_TAG: manifest.id},
        )
        return run.info.run_id, int(version.version)

    def objections(
        self, candidate: Mapping[str, float], *, champion: Mapping[str, float] | None
    ) -> tuple[str, ...]:
        """Let MLflow's own validation compare the figures; gives what it holds against them."""
        beside = champion or {}
        floors = {
            name: max(floor, KEPT_SHARE * beside.get(name, 0.0)) for name, floor in FLOORS.items()
        }
        thresholds = {name: _at_least(floor) for name, floor in floors.items()}
        result = EvaluationResult(dict(candidate), {})  # type: ignore[no-untyped-call]
        try:
            mlflow.validate_evaluation_results(thresholds, result)
        except ModelValidationFailedException as error:
            return (" ".join(str(error).split()),)
        return ()

    def promote(self, version: int, *, now: datetime, gate: str) -> Release:
        """Make a version champion: alias, then the record that the service reads.

        Raises UnknownVersionError.
        """
        bundle = self._bundle_of(version)
        loaded = load_bundle(self.bundles / bundle, expected_id=bundle)
        release = Release(
            bundle=bundle,
            sha256=dict(loaded.manifest.sha256),
            version=version,
            promoted_at=now,
            gate=gate,
        )
        self._client.set_registered_model_alias(MODEL, CHAMPION, str(version))
        self._client.set_model_version_tag(MODEL, str(version), GATE_TAG, gate)
        write_release(release, bundles=self.bundles)
        return release

    def refuse(self, version: int, *, reasons: Sequence[str]) -> None:
        """Write on a version why it was not promoted."""
        self._client.set_model_version_tag(MODEL, str(version), GATE_TAG, "refused")
        self._client.set_model_version_tag(MODEL, str(version), OUTCOME_TAG, "; ".join(reasons))

    def rollback(self, version: int, *, now: datetime) -> Release:
        """Make an earlier version champion again, at once and whole.

        Raises UnknownVersionError.
        """
        return self.promote(version, now=now, gate="rollback")

    def _bundle_of(self, version: int) -> str:
        found = self._client.search_model_versions(f"name='{MODEL}'")
        for one in found:
            if int(one.version) == version:
                bundle = str(one.tags[BUNDLE_TAG])
                if all((self.bundles / bundle / name).is_file() for name in FILES):
                    return bundle
        known = sorted(int(one.version) for one in found)
        raise UnknownVersionError(
            f"version {version} of {MODEL} is not there or has no stored bundle; known versions "
            f"are {known}"
        )

    def _experiment(self) -> str:
        found = self._client.get_experiment_by_name(EXPERIMENT)
        if found is not None:
            return str(found.experiment_id)
        self._client.create_registered_model(MODEL)
        return str(
            self._client.create_experiment(EXPERIMENT, artifact_location=self._artifacts.as_uri())
        )


def _at_least(floor: float) -> MetricThreshold:
    return MetricThreshold(  # type: ignore[no-untyped-call]
        threshold=floor, greater_is_better=True
    )


def _dataset(table: RiskTable, *, name: str) -> PandasDataset:
    frame = pd.DataFrame(table.features, columns=list(FEATURE_NAMES))
    frame["is_positive"] = table.is_positive
    frame["weight"] = table.weight
    return from_pandas(frame, name=name, targets="is_positive")
