"""One released model as data: a head for each question, certificates and policy, as a whole.

A bundle is read, audited, then built, in that order; nothing in it can run code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from data.schemas.questions import Question
from models.boosting import Head, head_from_text
from models.bundle_audit import (
    UnsoundError,
    read_document,
    refuse_other_features,
    refuse_other_files,
)
from models.bundle_document import (
    DAYS,
    DOCUMENT,
    FILES,
    MINUTES,
    WORDS,
    BundleDocument,
    file_of,
    file_of_kind,
)
from models.columns import Floats
from models.days import DaysModel, days_from_text
from models.golden import gaps
from models.joined import join, kinds_of
from models.minutes import MinutesModel, minutes_from_text
from models.parts import Parts
from models.words_model.model import WordsModel, words_from_text

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
    files: Mapping[str, bytes]

    def text(self, name: str) -> str:
        """Give a file of trees as LightGBM reads it."""
        return self.files[name].decode("ascii", "replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A bundle ready to score."""

    manifest: Manifest
    document: BundleDocument
    parts: Parts
    policy_id: str
    """The version of certificates and policy settings together."""

    @property
    def id(self) -> str:
        """The first 16 hexadecimal digits of the hash of the manifest."""
        return self.manifest.id

    @property
    def heads(self) -> Mapping[Question, Head]:
        """The head of every question this bundle answers."""
        return self.parts.heads

    @property
    def violation(self) -> Head:
        """The head of the certified question."""
        return self.heads[Question.ANY_FAULT]

    @property
    def delay(self) -> Head:
        """The head of the billing date."""
        return self.heads[Question.MISSED_CUT_OFF]

    @property
    def words(self) -> WordsModel | None:
        """What reads narratives, if enough was learned of them."""
        return self.parts.words

    @property
    def days(self) -> DaysModel | None:
        """What says how long an item waits for its invoice, if it was learned."""
        return self.parts.days

    @property
    def minutes(self) -> MinutesModel | None:
        """What says how long a review takes, if it was learned."""
        return self.parts.minutes

    def rows(
        self, table: Floats, *, kinds: Sequence[str] = (), narratives: Sequence[str] = ()
    ) -> Floats:
        """Give the vectors of the heads, from a table in catalogue order."""
        return self.parts.rows(table, kinds=kinds, narratives=narratives)

    def answers(
        self, table: Floats, *, kinds: Sequence[str], narratives: Sequence[str] = ()
    ) -> dict[Question, Floats]:
        """Give a probability for every question and row, from a table in catalogue order.

        NaN where the question is not asked of the kind, or has no head. `narratives` holds one
        text an item, as `narrative_of` gives it.
        """
        rows = self.rows(table, kinds=kinds, narratives=narratives)
        return self.parts.answers(rows, kinds=kinds)


def read_manifest(files: Mapping[str, bytes]) -> Manifest:
    """Hash the files of a bundle."""
    sha256 = {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}
    text = json.dumps(sha256, sort_keys=True, separators=(",", ":"))
    return Manifest(id=hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH], sha256=sha256)


def unpack(files: Mapping[str, bytes]) -> Bundle:
    """Audit and build files under the id that follows from them. Raises BundleError."""
    return build(audit(files, expected_id=read_manifest(files).id))


def audit(files: Mapping[str, bytes], *, expected_id: str) -> AuditedBundle:
    """Check names, hashes, format and features before anything is built.

    Raises BundleError.
    """
    manifest = read_manifest(files)
    missing = sorted(set(FILES) - set(files))
    if missing:
        raise BundleError(bundle=expected_id, problem=f"it lacks {missing}")
    if manifest.id != expected_id:
        problem = f"its files give the id {manifest.id}, so they were changed"
        raise BundleError(bundle=expected_id, problem=problem)
    try:
        document = read_document(files[DOCUMENT])
        refuse_other_files(files, document)
        refuse_other_features(files, document)
    except UnsoundError as error:
        raise BundleError(bundle=expected_id, problem=str(error)) from error
    return AuditedBundle(manifest=manifest, document=document, files=dict(files))


def build(audited: AuditedBundle) -> Bundle:
    """Build the parts of an audited bundle.

    LightGBM may abort the process on text that is damaged yet carries its own hash, so a running
    service lets `python -m models.check_bundle` try first. Raises BundleError for words that make
    no sense.
    """
    return Bundle(
        manifest=audited.manifest,
        document=audited.document,
        parts=Parts(
            features=audited.document.features,
            heads=_heads(audited),
            words=_words(audited),
            days=_days(audited),
            minutes=_minutes(audited),
        ),
        policy_id=_policy_id(audited.document),
    )


def self_test(bundle: Bundle) -> None:
    """Score the golden rows again, with every part.

    Raises BundleError if an answer differs, or if there is no golden row to show.
    """
    document = bundle.document
    if not document.golden:
        problem = "it carries no golden rows, so it cannot prove its scores"
        raise BundleError(bundle=bundle.id, problem=problem)
    found = gaps(bundle.parts, golden=document.golden, text=document.golden_text)
    for part, gap in found.items():
        if not gap <= GOLDEN_TOLERANCE:
            problem = f"its golden rows differ by {gap:.2e} from what was stored of {part}"
            raise BundleError(bundle=bundle.id, problem=problem)


def pack(document: BundleDocument, *, parts: Parts) -> dict[str, bytes]:
    """Write a bundle as files; the id follows from their content."""
    files = {DOCUMENT: (document.model_dump_json(indent=1) + "\n").encode()}
    files |= {file_of(question): head.text().encode() for question, head in parts.heads.items()}
    files |= {
        file_of_kind(question): head.text().encode()
        for question, head in kinds_of(parts.heads[Question.ANY_FAULT]).items()
    }
    beside = {WORDS: parts.words, DAYS: parts.days, MINUTES: parts.minutes}
    return files | {name: part.text().encode() for name, part in beside.items() if part is not None}


def _heads(audited: AuditedBundle) -> dict[Question, Head]:
    heads = _own_heads(audited)
    how = audited.document.join
    if how is not None:
        features = audited.document.features
        kinds = {
            question: head_from_text(
                audited.text(file_of_kind(question)), features=features, calibrator=None
            )
            for question in how.kinds
        }
        heads[Question.ANY_FAULT] = join(
            heads[Question.ANY_FAULT], kinds=kinds, kinds_weight=how.weight
        )
    return heads


def _own_heads(audited: AuditedBundle) -> dict[Question, Head]:
    document = audited.document
    return {
        question: head_from_text(
            audited.text(file_of(question)),
            features=document.features,
            calibrator=own.calibrator,
            line=own.line,
            line_weight=own.line_weight,
        )
        for question, own in document.heads.items()
    }


def _words(audited: AuditedBundle) -> WordsModel | None:
    if not audited.document.has_words:
        return None
    try:
        words = words_from_text(audited.files[WORDS])
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        problem = f"{WORDS}: {first['msg']}"
        raise BundleError(bundle=audited.manifest.id, problem=problem) from error
    absent = [
        name
        for name in audited.document.features
        if name.startswith("words_") and name not in words.columns
    ]
    if absent:
        problem = f"{WORDS} gives no column {absent}"
        raise BundleError(bundle=audited.manifest.id, problem=problem)
    return words


def _days(audited: AuditedBundle) -> DaysModel | None:
    document = audited.document.days
    return None if document is None else days_from_text(audited.text(DAYS), document)


def _minutes(audited: AuditedBundle) -> MinutesModel | None:
    document = audited.document.minutes
    return None if document is None else minutes_from_text(audited.text(MINUTES), document)


def _policy_id(document: BundleDocument) -> str:
    parts = [document.policy.model_dump_json()]
    parts += [certificate.model_dump_json() for certificate in document.certificates]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:ID_LENGTH]
