"""How near each head comes to the best possible score, on firms whose probabilities are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context

import numpy as np
from sklearn.metrics import average_precision_score

from data.firm.practices import size_of_firm, stream_firm
from data.firm.records import FirmSize, Truth
from data.schemas.questions import ASKED, LabelSource, Question
from data.schemas.vocabulary import ItemKind
from models.columns import UTC_EPOCH, Flags, Floats
from training.baseline import fit_baseline, fit_untuned
from training.dataset import RiskTable
from training.evaluate import calibration_error
from training.evaluation.unreleased import fit_bundle
from training.history_rows import history_rows, past_work_of
from training.report import Report
from training.row_columns import RowColumns, columns_of, together
from training.settings import TrainingSettings
from training.splits import Slices, settled_table

PROCESSES = 2
MONTHS = 18
ENTRIES_A_PERSON_MONTH = 26.5
FEWEST_PEOPLE = 60
TRAINED_SHARE = 0.8
"""Of the items, by time; the models know what was known then, and are asked about the rest."""
FIT_SHARE, TUNE_SHARE = 0.8, 0.1
FEWEST_POSITIVES = 30
"""In the test part: the rank of a handful of faults is chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """How one question's answers rank in one firm; PR-AUC unless it says otherwise."""

    question: Question
    positives: int
    base_rate: float
    oracle: float
    ours: float
    regression: float
    untuned: float
    ece: float

    @property
    def share(self) -> float:
        """Of the oracle's PR-AUC."""
        return self.ours / self.oracle


def size_of(entries: int, *, seed: int) -> FirmSize:
    """Give a firm that records about so many time entries in a year and a half."""
    people = max(FEWEST_PEOPLE, round(entries / (MONTHS * ENTRIES_A_PERSON_MONTH)))
    return size_of_firm(people, months=MONTHS, seed=seed)


def evaluate_heads(
    *, seeds: Sequence[int], entries: int, progress: Callable[[str], None]
) -> Report:
    """Train on four fifths of each firm, two firms at a time, and rank the last fifth by truth."""
    ranked: dict[Question, list[Ranked]] = defaultdict(list)
    sizes = [size_of(entries, seed=seed) for seed in seeds]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        answered = zip(sizes, pool.map(rank_firm, sizes), strict=True)
        for done, (size, answers) in enumerate(answered, start=1):
            for one in answers:
                ranked[one.question].append(one)
            shares = [one.share for one in answers]
            progress(
                f"{done / len(sizes):.0%} done; firm {size.seed}: {np.mean(shares):.3f} of the "
                "oracle's PR-AUC on average"
            )
    return _report(ranked, seeds=seeds, entries=entries)


def rank_firm(size: FirmSize) -> list[Ranked]:
    """Train on a firm's earlier items and rank its later ones, question by question."""
    rows, truth = _lived(size)
    cut_us = int(np.quantile(rows.assessed_us, TRAINED_SHARE))
    known = rows.take(rows.known_us <= cut_us)
    cut = UTC_EPOCH + timedelta(microseconds=cut_us)
    tables = {question: _slices(known, question, cut=cut) for question in Question}
    bundle = fit_bundle(tables, now=cut)
    later = _later(rows, cut_us=cut_us)
    kinds = [ItemKind(kind) for kind in later.kind]
    answers = bundle.answers(later.features, kinds=kinds, narratives=later.narrative.tolist())
    ranked = []
    for question in bundle.heads:
        judged = _judged(later, question)
        one = _rank(
            question,
            answers=answers[question][judged],
            rows=later.features[judged],
            truth=[truth[item_id] for item_id in later.item_id[judged]],
            fit=tables[question].fit,
        )
        if one is not None:
            ranked.append(one)
    return ranked


def _lived(size: FirmSize) -> tuple[RowColumns, dict[str, Truth]]:
    """Every item of the firm as it was assessed on its day, practice by practice."""
    parts: list[RowColumns] = []
    truth: dict[str, Truth] = {}
    for firm in stream_firm(size, workers=1):
        work = past_work_of(firm)
        last = max(label.known_at for label in work.labels)
        rows = history_rows(work, cut=last, salt=f"evaluation {size.seed}", progress=_in_silence)
        parts.append(columns_of(rows))
        truth |= firm.truth
    return together(parts), truth


def _slices(known: RowColumns, question: Question, *, cut: datetime) -> Slices:
    """All that is known, for fitting: what is judged lies after the cut, in no slice."""
    table = settled_table(known, question, cut=cut, settings=TrainingSettings().slices)
    if len(table) == 0:
        return Slices(fit=table, tune=table, calibrate=table, test=table)
    first, second = np.quantile(table.assessed_us, [FIT_SHARE, FIT_SHARE + TUNE_SHARE])
    tune = (table.assessed_us >= first) & (table.assessed_us < second)
    late = table.take(table.assessed_us >= second)
    return Slices(
        fit=table.take(table.assessed_us < first), tune=table.take(tune), calibrate=late, test=late
    )


def _later(rows: RowColumns, *, cut_us: int) -> RowColumns:
    """One row of each item that came after the cut."""
    late = rows.take(rows.assessed_us > cut_us)
    _, first = np.unique(late.item_id.astype(str), return_index=True)
    return late.take(first)


def _judged(rows: RowColumns, question: Question) -> Flags:
    """What a rule has proved is no question of a hidden fault any more."""
    asked = ASKED[question]
    is_asked: Flags = np.isin(rows.kind, [kind.value for kind in asked.kinds])
    return is_asked & ~rows.is_rule_proved if asked.source is LabelSource.VERDICT else is_asked


def _rank(
    question: Question, *, answers: Floats, rows: Floats, truth: Sequence[Truth], fit: RiskTable
) -> Ranked | None:
    is_positive = np.array([one.answers[question] for one in truth], dtype=np.bool_)
    positives = int(is_positive.sum())
    if positives < FEWEST_POSITIVES:
        return None
    best = np.array([one.probabilities[question] for one in truth])
    regression = fit_baseline(fit.features, is_positive=fit.is_positive, weight=fit.weight)
    untuned = fit_untuned(fit.features, is_positive=fit.is_positive, weight=fit.weight)
    return Ranked(
        question=question,
        positives=positives,
        base_rate=positives / len(truth),
        oracle=float(average_precision_score(is_positive, best)),
        ours=float(average_precision_score(is_positive, answers)),
        regression=float(average_precision_score(is_positive, regression.probabilities(rows))),
        untuned=float(average_precision_score(is_positive, untuned.probabilities(rows))),
        ece=calibration_error(answers, is_positive=is_positive, weight=np.ones(len(answers))),
    )


def _report(
    ranked: Mapping[Question, Sequence[Ranked]], *, seeds: Sequence[int], entries: int
) -> Report:
    lines = [_line(question, ranked[question]) for question in Question if question in ranked]
    everything = [one for own in ranked.values() for one in own]
    share = float(np.mean([np.mean([one.share for one in own]) for own in ranked.values()]))
    return Report(
        title=f"Heads: {len(seeds)} firms of about {entries:,} entries, PR-AUC on later items",
        columns=("question", "base rate", "oracle", "ours", "share", "ECE", "regression",
                 "untuned LightGBM"),
        rows=[*lines, ("average of heads", "", "", "", f"{share:.3f}",
                       f"{np.mean([one.ece for one in everything]):.4f}", "", "")],
        figures={
            "oracle_share_pr_auc": share,
            "ece": float(max(np.mean([one.ece for one in own]) for own in ranked.values())),
            **{f"oracle_share_pr_auc.{question.value}": float(np.mean([o.share for o in own]))
               for question, own in ranked.items()},
        },
        notes=(
            "The oracle ranks by the probability each answer was drawn with: no score can do "
            "better but by luck.",
            "ECE is over ten bins of equal mass; the figure of the whole is the worst head's.",
        ),
    )  # fmt: skip


def _line(question: Question, own: Sequence[Ranked]) -> tuple[str, ...]:
    def mean(name: str) -> float:
        return float(np.mean([getattr(one, name) for one in own]))

    return (
        question.value.replace("_", " "),
        f"{mean('base_rate'):.3%}",
        f"{mean('oracle'):.3f}",
        f"{mean('ours'):.3f}",
        f"{mean('share'):.3f}",
        f"{mean('ece'):.4f}",
        f"{mean('regression') / mean('oracle'):.3f}",
        f"{mean('untuned') / mean('oracle'):.3f}",
    )


def _in_silence(_: str) -> None:
    """A firm in a child process has nobody to tell its days to."""
