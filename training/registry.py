"""The one door to MLflow: runs, data sets, model versions, champion and challenger."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

from training.settings import silence_mlflow

silence_mlflow()

import mlflow  # noqa: E402 - the environment above must stand before this import
import pandas as pd  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.data.pandas_dataset import PandasDataset, from_pandas  # noqa: E402
from mlflow.entities.model_registry import ModelVersion  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402
from mlflow.models import EvaluationResult, MetricThreshold  # noqa: E402
from mlflow.models.evaluation.validation import ModelValidationFailedException  # noqa: E402

from data.schemas.questions import Question  # noqa: E402
from models.bundle import read_manifest  # noqa: E402
from models.bundle_document import FILES  # noqa: E402
from models.bundle_files import load_bundle, save_bundle  # noqa: E402
from models.features.catalogue import FEATURE_NAMES  # noqa: E402
from training.dataset import RiskTable  # noqa: E402
from training.release import (  # noqa: E402
    CHALLENGER_RECORD,
    Release,
    read_release,
    remove_challenger,
    write_release,
)
from training.runs import (  # noqa: E402
    RefusedVersionError,
    Run,
    UnknownVersionError,
    Version,
    artifacts_folder,
    local_uri,
)

MODEL = "countersign-risk"
EXPERIMENT = "countersign"
CHAMPION, CHALLENGER = "champion", "challenger"
BUNDLE_TAG, GATE_TAG, OUTCOME_TAG = "bundle", "gate", "outcome"
PASSED, REFUSED = "passed", "refused"
FLOORS = {f"{Question.ANY_FAULT.value}_auc": 0.6, f"{Question.MISSED_CUT_OFF.value}_auc": 0.6}
KEPT_SHARE = 0.9
"""Of the champion's AUC a candidate must keep at least this; `training.gates` judges finer."""
METRICS_AT_ONCE = 500
"""The tracking store takes at most a thousand in a call."""
LONGEST_TAG = 4_000
DIGEST_DIGITS = 32


class Registry:
    """MLflow in a folder, or on a server, and the bundles that are released from it.

    Without `tracking_uri` the store is sqlite in the folder, with the artifacts beside it. The
    bundles lie in the folder either way: a service reads them there.
    """

    def __init__(self, home: Path, *, tracking_uri: str | None = None) -> None:
        self.bundles = home / "bundles"
        self.bundles.mkdir(parents=True, exist_ok=True)
        self.uri = tracking_uri or local_uri(home)
        self._artifacts = None if tracking_uri else artifacts_folder(home)
        mlflow.set_tracking_uri(self.uri)
        mlflow.set_registry_uri(self.uri)
        self._client = MlflowClient(tracking_uri=self.uri, registry_uri=self.uri)
        self._experiment_id = self._experiment()

    def champion(self) -> Release | None:
        """Give the release in force."""
        return read_release(self.bundles)

    def record(self, files: Mapping[str, bytes], *, run: Run) -> tuple[str, int]:
        """Log a run with its data sets and bundle, and register a version; gives run and version.

        The version is not champion yet.
        """
        manifest = read_manifest(files)
        with mlflow.start_run(experiment_id=self._experiment_id, run_name=run.name) as started:
            mlflow.set_tags(dict(run.tags))
            mlflow.log_params({key: str(value) for key, value in run.parameters.items()})
            for metrics in _in_parts(run.metrics):
                mlflow.log_metrics(metrics)
            for name, table in run.tables.items():
                mlflow.log_input(
                    _dataset(table, name=name, sha256=run.data_sha256[name]), context="training"
                )
            _log_files(files, folder="bundle")
            _log_files(run.papers, folder=None)
        save_bundle(files, bundles=self.bundles)
        version = self._client.create_model_version(
            MODEL,
            source=f"{started.info.artifact_uri}/bundle",
            run_id=started.info.run_id,
            tags={BUNDLE_TAG: manifest.id},
        )
        return started.info.run_id, int(version.version)

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

    def promote(self, version: int, *, now: datetime) -> Release:
        """Make a version that passed the gate champion: alias, then the record a service reads.

        Raises UnknownVersionError.
        """
        self._client.set_model_version_tag(MODEL, str(version), GATE_TAG, PASSED)
        return self._put_in_force(version, now=now, gate=PASSED)

    def promote_by_hand(self, version: int, *, now: datetime, is_overriding: bool) -> Release:
        """Make a version champion because a person says so.

        Raises UnknownVersionError, and RefusedVersionError where the gate had refused it and the
        person does not override the gate.
        """
        told = self._version(version).tags
        if told.get(GATE_TAG) == REFUSED and not is_overriding:
            raise RefusedVersionError(
                f"the gate refused version {version}: {told.get(OUTCOME_TAG, '')}; promote another "
                "version, or repeat the command with --override to take the risk"
            )
        return self._put_in_force(version, now=now, gate="by hand")

    def refuse(self, version: int, *, reasons: Sequence[str]) -> None:
        """Write on a version why it was not promoted."""
        self._client.set_model_version_tag(MODEL, str(version), GATE_TAG, REFUSED)
        told = "; ".join(reasons)[:LONGEST_TAG]
        self._client.set_model_version_tag(MODEL, str(version), OUTCOME_TAG, told)

    def rollback(self, version: int, *, now: datetime) -> Release:
        """Make an earlier version champion again, at once and whole.

        Raises UnknownVersionError.
        """
        return self._put_in_force(version, now=now, gate="rollback")

    def challenge(self, version: int, *, now: datetime) -> Release:
        """Let a version answer in the shadow of the champion: it decides nothing.

        Raises UnknownVersionError.
        """
        release = self._release(version, now=now, gate="shadow")
        self._client.set_registered_model_alias(MODEL, CHALLENGER, str(version))
        write_release(release, bundles=self.bundles, record=CHALLENGER_RECORD)
        return release

    def end_challenge(self) -> None:
        """Let nobody answer in the shadow any more."""
        if CHALLENGER in self._aliases():
            self._client.delete_registered_model_alias(MODEL, CHALLENGER)
        remove_challenger(self.bundles)

    def versions(self) -> list[Version]:
        """List every version, the latest first."""
        aliases = self._aliases()
        found = [_told(one, aliases=aliases) for one in self._search()]
        return sorted(found, key=lambda one: one.version, reverse=True)

    def _put_in_force(self, version: int, *, now: datetime, gate: str) -> Release:
        release = self._release(version, now=now, gate=gate)
        self._client.set_registered_model_alias(MODEL, CHAMPION, str(version))
        write_release(release, bundles=self.bundles)
        challenger = read_release(self.bundles, record=CHALLENGER_RECORD)
        if challenger is not None and challenger.version == version:
            self.end_challenge()
        return release

    def _release(self, version: int, *, now: datetime, gate: str) -> Release:
        bundle = str(self._version(version).tags[BUNDLE_TAG])
        loaded = load_bundle(self.bundles / bundle, expected_id=bundle)
        return Release(
            bundle=bundle,
            sha256=dict(loaded.manifest.sha256),
            version=version,
            promoted_at=now,
            gate=gate,
        )

    def _version(self, version: int) -> ModelVersion:
        found = {int(one.version): one for one in self._search()}
        one = found.get(version)
        if one is not None and _is_stored(self.bundles / str(one.tags[BUNDLE_TAG])):
            return one
        raise UnknownVersionError(
            f"version {version} of {MODEL} is not there or has no stored bundle; known versions "
            f"are {sorted(found)}"
        )

    def _search(self) -> list[ModelVersion]:
        found: list[ModelVersion] = []
        token: str | None = None
        while token is None or token:
            page = self._client.search_model_versions(f"name='{MODEL}'", page_token=token)
            found.extend(page)
            token = page.token or ""
        return found

    def _aliases(self) -> dict[str, int]:
        """The version that each alias names."""
        model = self._client.get_registered_model(MODEL)
        return {str(alias): int(version) for alias, version in model.aliases.items()}

    def _experiment(self) -> str:
        try:
            self._client.get_registered_model(MODEL)
        except MlflowException:
            self._client.create_registered_model(MODEL)
        found = self._client.get_experiment_by_name(EXPERIMENT)
        if found is not None:
            return str(found.experiment_id)
        where = None if self._artifacts is None else self._artifacts.as_uri()
        return str(self._client.create_experiment(EXPERIMENT, artifact_location=where))


def _is_stored(folder: Path) -> bool:
    return all((folder / name).is_file() for name in FILES)


def _told(one: ModelVersion, *, aliases: Mapping[str, int]) -> Version:
    number = int(one.version)
    return Version(
        version=number,
        bundle=str(one.tags.get(BUNDLE_TAG, "")),
        gate=str(one.tags.get(GATE_TAG, "")),
        why=str(one.tags.get(OUTCOME_TAG, "")),
        aliases=tuple(alias for alias, version in aliases.items() if version == number),
        run_id=str(one.run_id),
        created_at_ms=int(one.creation_timestamp),
    )


def _log_files(files: Mapping[str, bytes], *, folder: str | None) -> None:
    with tempfile.TemporaryDirectory() as staged:
        for name, content in files.items():
            path = Path(staged) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        mlflow.log_artifacts(staged, artifact_path=folder)


def _in_parts(metrics: Mapping[str, float]) -> Iterator[dict[str, float]]:
    pairs = iter(metrics.items())
    while part := dict(islice(pairs, METRICS_AT_ONCE)):
        yield part


def _at_least(floor: float) -> MetricThreshold:
    return MetricThreshold(  # type: ignore[no-untyped-call]
        threshold=floor, greater_is_better=True
    )


def _dataset(table: RiskTable, *, name: str, sha256: str) -> PandasDataset:
    frame = pd.DataFrame(table.features, columns=list(FEATURE_NAMES))
    frame["is_positive"] = table.is_positive
    frame["weight"] = table.weight
    return from_pandas(frame, name=name, targets="is_positive", digest=sha256[:DIGEST_DIGITS])
