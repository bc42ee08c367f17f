"""One released model as data: boosters, calibrators, certificates and policy, changed as a whole.

A bundle is read, audited, then built, in that order; nothing in it can run code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import ValidationError

from data.schemas.values import Name, Probability, Record, UtcTime
from models.boosting import Head, head_from_text
from models.calibration import Calibrator
from models.certificate import Certificate
from models.columns import Floats
from models.features.catalogue import BY_NAME, FEATURE_NAMES
from models.policy import PolicySettings

FORMAT = 1
"""Raise this when the document changes shape, and keep a reader of the old one beside it."""
DOCUMENT, VIOLATION, DELAY = "bundle.json", "violation.lgb.txt", "delay.lgb.txt"
FILES = (DOCUMENT, DELAY, VIOLATION)
ID_LENGTH = 16
GOLDEN_TOLERANCE = 1e-9
NO_BUNDLE = "rules-only"


class BundleError(ValueError):
    """Bundle {bundle} was refused: {problem}. The bundle in force stays; release it again."""

    def __init__(self, *, bundle: str, problem: str) -> None:
        super().__init__(
            f"bundle {bundle} was refused: {problem}; the bundle in force stays, train and "
            "release it again"
        )
        self.bundle = bundle
        self.problem = problem


class GoldenRow(Record):
    """A row whose scores are known: a bundle that gives others was damaged on the way."""

    features: tuple[float | None, ...]
    violation_probability: Probability
    delay_probability: Probability


class BundleDocument(Record):
    """Everything in a bundle but the trees."""

    format: Literal[1] = 1
    features: tuple[Name, ...]
    usual: dict[str, float | None]
    """The median of each feature in the fit slice, to set a value beside."""
    violation_calibrator: Calibrator | None
    delay_calibrator: Calibrator | None
    certificates: tuple[Certificate, ...]
    policy: PolicySettings
    rules_version: Name
    metrics: dict[str, float]
    trained_from: UtcTime
    trained_to: UtcTime
    golden: tuple[GoldenRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The hash of every file, and the id that follows from them."""

    id: str
    sha256: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedBundle:
    """Files whose hashes, format and features were found in order; nothing was built yet."""

    manifest: Manifest
    document: BundleDocument
    violation_text: str
    delay_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A bundle ready to score."""

    manifest: Manifest
    document: BundleDocument
    violation: Head
    delay: Head
    policy_id: str
    """The version of certificates and policy settings together."""

    @property
    def id(self) -> str:
        """The first 16 hexadecimal digits of the hash of the manifest."""
        return self.manifest.id

    def rows(self, table: Floats) -> Floats:
        """Give the columns this bundle was trained on, from a table in catalogue order."""
        if self.document.features == FEATURE_NAMES:
            return table
        return table[:, [FEATURE_NAMES.index(name) for name in self.document.features]]


def read_manifest(files: Mapping[str, bytes]) -> Manifest:
    """Hash the files of a bundle."""
    sha256 = {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}
    text = json.dumps(sha256, sort_keys=True, separators=(",", ":"))
    return Manifest(id=hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH], sha256=sha256)


def audit(files: Mapping[str, bytes], *, expected_id: str) -> AuditedBundle:
    """Check names, hashes, format and features before anything is built.

    Raises BundleError.
    """
    if set(files) != set(FILES):
        _refuse(expected_id, f"it holds {sorted(files)} and should hold {sorted(FILES)}")
    manifest = read_manifest(files)
    if manifest.id != expected_id:
        _refuse(expected_id, f"its files give the id {manifest.id}, so they were changed")
    document = _document(files[DOCUMENT], bundle=expected_id)
    unknown = [name for name in document.features if name not in BY_NAME]
    if unknown:
        _refuse(expected_id, f"it needs features this version does not know: {unknown}")
    texts = {name: files[name].decode("ascii", "replace") for name in (VIOLATION, DELAY)}
    for name, text in texts.items():
        if f"feature_names={' '.join(document.features)}\n" not in text:
            _refuse(expected_id, f"{name} was trained on other features than {DOCUMENT} lists")
    return AuditedBundle(
        manifest=manifest,
        document=document,
        violation_text=texts[VIOLATION],
        delay_text=texts[DELAY],
    )


def build(audited: AuditedBundle) -> Bundle:
    """Build the heads of an audited bundle.

    LightGBM may abort the process on text that is damaged yet carries its own hash, so a running
    service lets `python -m models.check_bundle` try first.
    """
    document = audited.document
    return Bundle(
        manifest=audited.manifest,
        document=document,
        violation=head_from_text(
            audited.violation_text,
            features=document.features,
            calibrator=document.violation_calibrator,
        ),
        delay=head_from_text(
            audited.delay_text, features=document.features, calibrator=document.delay_calibrator
        ),
        policy_id=_policy_id(document),
    )


def self_test(bundle: Bundle) -> None:
    """Score the golden rows again.

    Raises BundleError if a score differs, or if there is no golden row to show.
    """
    golden = bundle.document.golden
    if not golden:
        _refuse(bundle.id, "it carries no golden rows, so it cannot prove its scores")
    rows = np.array([row.features for row in golden], dtype=np.float64)
    for head, expected in (
        (bundle.violation, [row.violation_probability for row in golden]),
        (bundle.delay, [row.delay_probability for row in golden]),
    ):
        gap = float(np.max(np.abs(head.probabilities(rows) - np.array(expected))))
        if not gap <= GOLDEN_TOLERANCE:
            _refuse(bundle.id, f"its golden rows differ by {gap:.2e} from what was stored")


def pack(document: BundleDocument, *, violation: Head, delay: Head) -> dict[str, bytes]:
    """Write a bundle as files; the id follows from their content."""
    return {
        DOCUMENT: (document.model_dump_json(indent=1) + "\n").encode(),
        VIOLATION: violation.text().encode("ascii"),
        DELAY: delay.text().encode("ascii"),
    }


def _policy_id(document: BundleDocument) -> str:
    parts = [document.policy.model_dump_json()]
    parts += [certificate.model_dump_json() for certificate in document.certificates]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:ID_LENGTH]


def _document(content: bytes, *, bundle: str) -> BundleDocument:
    try:
        stated = json.loads(content).get("format")
    except (ValueError, AttributeError) as error:
        raise BundleError(bundle=bundle, problem=f"{DOCUMENT} is not a JSON object") from error
    if stated != FORMAT:
        _refuse(bundle, f"{DOCUMENT} has format {stated!r} and this version reads {FORMAT}")
    try:
        return BundleDocument.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BundleError(bundle=bundle, problem=f"{DOCUMENT}: {place} {first['msg']}") from error


def _refuse(bundle: str, problem: str) -> None:
    raise BundleError(bundle=bundle, problem=problem)
