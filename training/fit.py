"""From sliced tables to a candidate: heads, calibrators, thresholds and the documents of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np

from data.schemas.questions import ASKED, LabelSource, Question
from models.boosting import Head
from models.bundle import pack
from models.bundle_document import ALWAYS_ASKED, BundleDocument, HeadDocument
from models.calibration import choose_calibrator
from models.certificate import Certificate, Provenance
from models.certify import CertifySettings, certify
from models.columns import UTC_EPOCH, Flags, Floats
from models.features.catalogue import FEATURE_NAMES
from models.golden import golden_rows, golden_text
from models.heads import fit_question
from models.joined import join_document_of, kinds_of
from models.parts import Parts
from models.policy import PolicySettings
from models.rules.check import RULES_VERSION
from models.scored_slice import ScoredSlice
from training.dataset import RiskTable
from training.flags import flag_threshold
from training.head_slices import for_head, is_learnable, joined
from training.joining import fit_kinds, joined_head
from training.settings import TrainingSettings
from training.splits import Slices
from training.words import LearnedWords, learn_words

GOLDEN_ROWS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A model that nobody relies on yet."""

    parts: Parts
    flag_thresholds: Mapping[Question, float]
    words: LearnedWords
    certificates: tuple[Certificate, ...]
    policy: PolicySettings
    reviewer_error: Mapping[str, float] = field(default_factory=dict)

    @property
    def heads(self) -> Mapping[Question, Head]:
        """The head of every question that enough is known of."""
        return self.parts.heads


class NothingToLearnError(ValueError):
    """A slice holds no rows, or only one kind of them."""


def fit_candidate(
    tables: Mapping[Question, Slices], *, settings: TrainingSettings, now: datetime
) -> Candidate:
    """Fit a head for each question that enough is known of, and certify on the calibrate slice.

    1. Words: learned from the verdicts of the fit slices, and read as columns of every table.
    2. Heads: trees and a curve for each question, the certified one joined with heads of kinds;
    where to call a yes a finding.
    3. Certificates: for the certified question alone.

    `tables` holds at least the questions that are always asked. Raises NothingToLearnError.
    """
    # 1
    words = learn_words(tables)
    # 2
    learned = {
        question: slices
        for question, slices in tables.items()
        if question in ALWAYS_ASKED or is_learnable(question, slices)
    }
    heads, thresholds = {}, {}
    for question in (one for one in Question if one in learned):
        slices = for_head(question, learned[question])
        head = _fit(question, table=slices.fit, words=words, settings=settings)
        if question is Question.ANY_FAULT:
            head = _joined(head, tables=tables, words=words, settings=settings)
        heads[question] = _curved(head, question=question, slices=slices, words=words)
        later = joined(slices.tune, slices.calibrate)
        thresholds[question] = flag_threshold(
            _answers(heads[question], later, words=words), table=later
        )
    # 3
    faults = tables[Question.ANY_FAULT]
    cap = _cap(faults.fit, settings=settings.certify)
    return Candidate(
        parts=Parts(features=_features(words), heads=heads, words=words.model),
        flag_thresholds=thresholds,
        words=words,
        certificates=_certify(
            heads[Question.ANY_FAULT], slices=faults, words=words, cap=cap,
            settings=settings.certify, now=now,
        ),
        policy=PolicySettings(cap_reporting_minor=cap),
    )  # fmt: skip


def document_of(
    candidate: Candidate, *, violation: Slices, metrics: dict[str, float]
) -> BundleDocument:
    """Write down everything about a candidate but its trees and words."""
    fit, words, parts = violation.fit, candidate.words, candidate.parts
    step = max(1, len(violation.test) // GOLDEN_ROWS)
    shown = violation.test.take(np.arange(len(violation.test)) % step == 0)
    return BundleDocument(
        features=parts.features,
        usual=_usual(words.widened(fit), names=parts.features),
        heads={
            question: HeadDocument(
                calibrator=head.calibrator,
                line=head.line,
                line_weight=head.line_weight,
                flag_threshold=candidate.flag_thresholds[question],
            )
            for question, head in parts.heads.items()
        },
        join=join_document_of(parts.heads[Question.ANY_FAULT]),
        days=None if parts.days is None else parts.days.document,
        minutes=None if parts.minutes is None else parts.minutes.document,
        has_words=parts.words is not None,
        certificates=candidate.certificates,
        policy=candidate.policy,
        rules_version=RULES_VERSION,
        metrics=metrics,
        trained_from=_moment(int(fit.assessed_us[0])),
        trained_to=_moment(int(fit.assessed_us[-1])),
        golden=golden_rows(parts, rows=words.widened(shown)[:GOLDEN_ROWS]),
        golden_text=golden_text(parts.words),
        reviewer_error=dict(candidate.reviewer_error),
    )


def pack_candidate(candidate: Candidate, *, document: BundleDocument) -> dict[str, bytes]:
    """Give the files of a candidate's bundle; a head the document leaves out stays out."""
    kept = {one: head for one, head in candidate.heads.items() if one in document.heads}
    parts = candidate.parts
    return pack(
        document,
        parts=Parts(
            features=parts.features,
            heads=kept,
            words=parts.words,
            days=parts.days,
            minutes=parts.minutes,
        ),
    )


def table_sha256(table: RiskTable) -> str:
    """Name the data of a table by its content."""
    digest = hashlib.sha256("\n".join(table.item_id).encode())
    for column in (table.features, table.is_positive, table.propensity, table.assessed_us):
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()


def _features(words: LearnedWords) -> tuple[str, ...]:
    return (*FEATURE_NAMES, *words.columns)


def _fit(
    question: Question, *, table: RiskTable, words: LearnedWords, settings: TrainingSettings
) -> Head:
    positives = int(table.is_positive.sum())
    if not 0 < positives < len(table):
        raise NothingToLearnError(
            f"the fit slice of {question.value} has {len(table)} rows and {positives} "
            "positives; export more reviewed items, or a longer time"
        )
    is_verdict = ASKED[question].source is LabelSource.VERDICT
    return fit_question(
        question,
        words.widened(table),
        is_positive=table.is_positive,
        weight=table.weight,
        settings=settings.violation if is_verdict else settings.delay,
        features=_features(words),
    )


def _joined(
    own: Head,
    *,
    tables: Mapping[Question, Slices],
    words: LearnedWords,
    settings: TrainingSettings,
) -> Head:
    faults = tables[Question.ANY_FAULT]
    kinds = fit_kinds(
        tables,
        rows=words.widened(faults.fit),
        features=own.features,
        settings=settings.violation,
    )
    return joined_head(own, kinds=kinds, tune=(words.widened(faults.tune), faults.tune))


def _curved(head: Head, *, question: Question, slices: Slices, words: LearnedWords) -> Head:
    # A certificate's limit depends on the amount, so another curve moves items across it: the
    # certified question's curve is chosen without the labels that test it.
    tune, later = slices.tune, slices.calibrate
    if question is Question.ANY_FAULT:
        tune, later = _halves(slices.tune)
    calibrator = choose_calibrator(
        fit=_scored_labels(head, tune, words=words),
        later=_scored_labels(head, later, words=words),
    )
    return replace(head, calibrator=calibrator)


def _halves(table: RiskTable) -> tuple[RiskTable, RiskTable]:
    is_earlier = np.arange(len(table)) < len(table) // 2
    return table.take(is_earlier), table.take(~is_earlier)


def _scored_labels(
    head: Head, table: RiskTable, *, words: LearnedWords
) -> tuple[Floats, Flags, Floats]:
    return head.scores(words.widened(table)), table.is_positive, table.weight


def _answers(head: Head, table: RiskTable, *, words: LearnedWords) -> Floats:
    return head.probabilities(words.widened(table))


def _cap(table: RiskTable, *, settings: CertifySettings) -> float:
    amounts = table.amount[np.isfinite(table.amount)]
    return float(np.quantile(amounts, settings.cap_quantile)) if len(amounts) else 0.0


def _certify(
    head: Head,
    *,
    slices: Slices,
    words: LearnedWords,
    cap: float,
    settings: CertifySettings,
    now: datetime,
) -> tuple[Certificate, ...]:
    tune, calibrate = slices.tune, slices.calibrate
    if len(tune) == 0 or len(calibrate) == 0 or cap <= 0:
        return ()
    provenance = Provenance(
        model_sha256=_sha256_of(head),
        data_sha256=table_sha256(calibrate),
        tune_from=_moment(int(tune.assessed_us[0])),
        tune_to=_moment(int(tune.assessed_us[-1])),
        calibrate_from=_moment(int(calibrate.assessed_us[0])),
        calibrate_to=_moment(int(calibrate.assessed_us[-1])),
        certified_at=now,
    )
    return certify(
        tune=_scored(tune, probability=_answers(head, tune, words=words)),
        calibrate=_scored(calibrate, probability=_answers(head, calibrate, words=words)),
        cap=cap,
        settings=settings,
        provenance=provenance,
    )


def _sha256_of(head: Head) -> str:
    """Name a head by its trees and those it is joined with."""
    digest = hashlib.sha256(head.text().encode())
    for kind in kinds_of(head).values():
        digest.update(kind.text().encode())
    return digest.hexdigest()


def _scored(table: RiskTable, *, probability: Floats) -> ScoredSlice:
    return ScoredSlice(
        item_id=table.item_id,
        segment=table.segment,
        score=probability,
        amount=table.amount,
        is_violation=table.is_positive,
        propensity=table.propensity,
        era=table.era,
    )


def _usual(rows: Floats, *, names: tuple[str, ...]) -> dict[str, float | None]:
    usual: dict[str, float | None] = {}
    for column, name in enumerate(names):
        known = rows[:, column][~np.isnan(rows[:, column])]
        usual[name] = float(np.median(known)) if len(known) else None
    return usual


def _moment(us: int) -> datetime:
    return UTC_EPOCH + timedelta(microseconds=us)
