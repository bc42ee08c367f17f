"""The chain from training rows to a released bundle, on one screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from data.schemas.decision import TrainingRow
from data.schemas.questions import Question
from models.bundle import NO_BUNDLE, Bundle, self_test, unpack
from models.bundle_document import ALWAYS_ASKED, BundleDocument
from models.columns import microseconds
from training.comparison import Comparison, compare
from training.dataset import RiskTable, effective_sample_size
from training.fit import document_of, fit_candidate, pack_candidate
from training.gates import Gate, Passed, judge, weak_heads
from training.papers import papers_of
from training.registry import Registry
from training.row_columns import RowColumns, columns_of
from training.runs import Run
from training.settings import TrainingSettings
from training.side_models import learn_side_models, with_side_models
from training.splits import settled_table, slices_of
from training.versions import code_version

FEWEST_ROWS = 50


class TooFewRowsError(ValueError):
    """There are not enough labelled rows to cut into slices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What a run came to."""

    bundle: str
    version: int
    run_id: str
    gate: Gate
    metrics: dict[str, float]
    dropped: Mapping[Question, Sequence[str]]
    """Heads that were left out of the bundle, with the reasons."""
    rows: int
    rows_of_trail: int
    """Verdicts learned from that were given on a released bundle's word: live decisions."""

    @property
    def is_promoted(self) -> bool:
        """Whether the bundle is the champion now."""
        return isinstance(self.gate, Passed)


def train(
    rows: Iterable[TrainingRow] | RowColumns,
    *,
    registry: Registry,
    settings: TrainingSettings,
    cut: datetime,
    now: datetime,
    progress: Callable[[str], None],
) -> Trained:
    """Train a candidate on what was known by `cut`, compare it, and promote it if it may be.

    1. Tables: labelled, mature rows for each question. 2. Slices by time. 3. Fit and certify; days,
    minutes and reviewers' error beside. 4. Build the bundle as the service will, and compare it
    with the champion, the regression and the base rate on the test slice. 5. Leave out heads that
    a bundle is better off without. 6. Judge. 7. Pack, and try the pack. 8. Record. 9. Promote, or
    write down why not. Raises TooFewRowsError and NothingToLearnError.
    """
    # 1
    columns = rows if isinstance(rows, RowColumns) else columns_of(rows)
    known = columns.take(columns.known_us <= microseconds(cut))
    tables = _tables(known, settings=settings, cut=cut)
    # 2
    slices = {
        question: slices_of(table, question, settings=settings.slices)
        for question, table in tables.items()
    }
    progress(_told_tables(tables))
    # 3
    candidate = fit_candidate(slices, settings=settings, now=now)
    side = learn_side_models(known, cut=cut, maturity_days=settings.slices.outcome_maturity_days)
    candidate = with_side_models(candidate, side)
    # 4
    draft = document_of(candidate, violation=slices[Question.ANY_FAULT], metrics={})
    comparison = compare(
        _tried(pack_candidate(candidate, document=draft)), tables=slices, bundles=registry.bundles
    )
    progress(_headline(comparison.metrics))
    # 5
    dropped = weak_heads(comparison.heads, seed=settings.seed)
    for question, reasons in dropped.items():
        progress(f"{question.value} is left out: {'; '.join(reasons)}")
    # 6
    gate = _judge(comparison, registry=registry, settings=settings)
    # 7
    ess = effective_sample_size(tables[Question.ANY_FAULT].weight)
    metrics = comparison.metrics | {f"{Question.ANY_FAULT.value}_ess": ess}
    document = _final(draft, dropped=dropped, metrics=metrics)
    files = pack_candidate(candidate, document=document)
    bundle = _tried(files)
    # 8
    papers = papers_of(
        bundle, comparison=comparison, slices=slices, gate=gate, dropped=dropped, side=side,
        rows=len(known), now=now,
    )  # fmt: skip
    run_id, version = registry.record(
        files,
        run=Run(
            name=f"bundle-{bundle.id}",
            parameters=_parameters(settings, cut=cut),
            metrics=metrics,
            tables={question.value: table for question, table in tables.items()},
            data_sha256=papers.data_sha256,
            tags={"code": code_version(), "gate": gate.outcome},
            papers=papers.files,
        ),
    )
    # 9
    if isinstance(gate, Passed):
        registry.promote(version, now=now)
    else:
        registry.refuse(version, reasons=gate.reasons)
    progress(f"bundle {bundle.id}, version {version}: {gate.outcome}")
    return Trained(
        bundle=bundle.id,
        version=version,
        run_id=run_id,
        gate=gate,
        metrics=metrics,
        dropped=dropped,
        rows=len(known),
        rows_of_trail=sum(era != NO_BUNDLE for era in tables[Question.ANY_FAULT].era),
    )


def _tables(
    known: RowColumns, *, settings: TrainingSettings, cut: datetime
) -> dict[Question, RiskTable]:
    """The mature rows of each question that has any; the two that are always asked must have."""
    tables = {}
    for question in Question:
        table = settled_table(known, question, cut=cut, settings=settings.slices)
        if question in ALWAYS_ASKED:
            _refuse_few(question, table)
        if len(table) >= FEWEST_ROWS:
            tables[question] = table
    return tables


def _refuse_few(question: Question, table: RiskTable) -> None:
    positives = int(table.is_positive.sum())
    if len(table) < FEWEST_ROWS or not 0 < positives < len(table):
        raise TooFewRowsError(
            f"{question.value} has {len(table)} labelled and mature rows with {positives} "
            f"positives, and needs at least {FEWEST_ROWS} rows of both kinds; wait for more "
            "reviews, or add rows of the past"
        )


def _tried(files: Mapping[str, bytes]) -> Bundle:
    """The bundle as the service will read it from its files, after its own test."""
    bundle = unpack(files)
    self_test(bundle)
    return bundle


def _final(
    draft: BundleDocument, *, dropped: Mapping[Question, object], metrics: Mapping[str, float]
) -> BundleDocument:
    heads = {one: head for one, head in draft.heads.items() if one not in dropped}
    golden = tuple(
        row.model_copy(
            update={"probabilities": {q: p for q, p in row.probabilities.items() if q in heads}}
        )
        for row in draft.golden
    )
    whole = {name: value for name, value in metrics.items() if "." not in name}
    return draft.model_copy(update={"heads": heads, "golden": golden, "metrics": whole})


def _judge(comparison: Comparison, *, registry: Registry, settings: TrainingSettings) -> Gate:
    champion = comparison.champion_metrics
    return judge(
        comparison.heads,
        cleared=comparison.cleared,
        alpha=settings.certify.alpha_cases,
        objections=registry.objections(comparison.metrics, champion=champion),
        seed=settings.seed,
    )


def _parameters(settings: TrainingSettings, *, cut: datetime) -> dict[str, object]:
    nested = {
        "slices": asdict(settings.slices),
        "violation": asdict(settings.violation),
        "delay": asdict(settings.delay),
        "certify": settings.certify.model_dump(),
    }
    flat = {f"{part}.{key}": value for part, own in nested.items() for key, value in own.items()}
    return flat | {"cut": cut.isoformat(), "seed": settings.seed}


def _told_tables(tables: Mapping[Question, RiskTable]) -> str:
    parts = [
        f"{question.value} {len(table)} ({int(table.is_positive.sum())} yes)"
        for question, table in tables.items()
    ]
    return f"items that answer: {', '.join(parts)}"


def _headline(metrics: Mapping[str, float]) -> str:
    parts = [
        f"{label} {metrics[key]:.3f}"
        for label, key in (
            ("AUC of hidden faults", "any_fault_auc"),
            ("of late invoices", "missed_cut_off_auc"),
            ("certified share of cases", "cleared_share_of_cases"),
            ("of money", "cleared_share_of_money"),
        )
        if key in metrics
    ]
    return ", ".join(parts)
