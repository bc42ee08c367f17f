"""The chain from training rows to a released bundle, on one screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from data.schemas.decision import TrainingRow
from models.bundle import NO_BUNDLE, audit, build, read_manifest, self_test
from training.comparison import Comparison, compare
from training.dataset import RiskTable, delay_table, effective_sample_size, violation_table
from training.fit import document_of, fit_candidate, pack_candidate
from training.gates import Gate, Passed, judge
from training.registry import Registry
from training.settings import TrainingSettings
from training.splits import Slices, boundaries, mature, split

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
    rows: int
    rows_of_trail: int
    """Verdicts learned from that were given on a released bundle's word: live decisions."""

    @property
    def is_promoted(self) -> bool:
        """Whether the bundle is the champion now."""
        return isinstance(self.gate, Passed)


def train(
    rows: Sequence[TrainingRow],
    *,
    registry: Registry,
    settings: TrainingSettings,
    cut: datetime,
    now: datetime,
    progress: Callable[[str], None],
) -> Trained:
    """Train a candidate on what was known by `cut`, compare it, and promote it if it may be.

    1. Tables: labelled, mature rows for each head. 2. Slices by time. 3. Fit and certify.
    4. Compare with the champion, the regression and the base rate on the test slice.
    5. Pack, and try the pack as the service will. 6. Record. 7. Judge. 8. Promote or refuse.
    """
    # 1
    known = [row for row in rows if row.known_at <= cut]
    ages = settings.slices
    faults = mature(violation_table(known), cut=cut, days=ages.verdict_maturity_days)
    late = mature(delay_table(known), cut=cut, days=ages.outcome_maturity_days)
    _refuse_few(violation=faults, delay=late)
    # 2
    violation, delay = _slices(faults, settings=settings), _slices(late, settings=settings)
    progress(f"{len(faults)} items with a verdict, {len(late)} with a billing date")
    # 3
    candidate = fit_candidate(violation=violation, delay=delay, settings=settings, now=now)
    # 4
    comparison = compare(candidate, violation=violation, delay=delay, bundles=registry.bundles)
    metrics = comparison.metrics | {"violation_ess": effective_sample_size(faults.weight)}
    progress(_headline(metrics))
    # 5
    files = pack_candidate(
        candidate, document=document_of(candidate, violation=violation, metrics=metrics)
    )
    bundle = read_manifest(files).id
    self_test(build(audit(files, expected_id=bundle)))
    # 6
    run_id, version = registry.record(
        files,
        name=f"bundle-{bundle}",
        parameters=_parameters(settings, cut=cut),
        metrics=metrics,
        tables={"violation": faults, "delay": late},
    )
    # 7
    gate = _judge(comparison, registry=registry, settings=settings)
    # 8
    if isinstance(gate, Passed):
        registry.promote(version, now=now, gate=gate.outcome)
    else:
        registry.refuse(version, reasons=gate.reasons)
    progress(f"bundle {bundle}, version {version}: {gate.outcome}")
    return Trained(
        bundle=bundle,
        version=version,
        run_id=run_id,
        gate=gate,
        metrics=metrics,
        rows=len(known),
        rows_of_trail=sum(era != NO_BUNDLE for era in faults.era),
    )


def _slices(table: RiskTable, *, settings: TrainingSettings) -> Slices:
    at = boundaries(table.assessed_us, settings=settings.slices)
    return split(table, at=at, gap_days=settings.slices.gap_days)


def _judge(comparison: Comparison, *, registry: Registry, settings: TrainingSettings) -> Gate:
    champion = comparison.champion_metrics
    return judge(
        comparison.heads,
        cleared=comparison.cleared,
        alpha=settings.certify.alpha_cases,
        objections=registry.objections(comparison.metrics, champion=champion),
        seed=settings.seed,
    )


def _refuse_few(**tables: RiskTable) -> None:
    for name, table in tables.items():
        positives = int(table.is_positive.sum())
        if len(table) < FEWEST_ROWS or not 0 < positives < len(table):
            raise TooFewRowsError(
                f"the {name} head has {len(table)} labelled and mature rows with {positives} "
                f"positives, and needs at least {FEWEST_ROWS} rows of both kinds; wait for more "
                "reviews, or add rows of the past"
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


def _headline(metrics: dict[str, float]) -> str:
    parts = [
        f"{label} {metrics[key]:.3f}"
        for label, key in (
            ("AUC of hidden faults", "violation_auc"),
            ("of late invoices", "delay_auc"),
            ("certified share of cases", "cleared_share_of_cases"),
            ("of money", "cleared_share_of_money"),
        )
        if key in metrics
    ]
    return ", ".join(parts)
