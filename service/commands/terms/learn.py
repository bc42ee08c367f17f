"""Learn to type clauses from a labelled set, and say how well it goes on unseen contracts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from models.clauses.classify import pack
from models.clauses.learn import Evaluation, LabelledClause, evaluate, learn
from service.connectors.clause_sets import (
    ClauseSetMapping,
    UnreadableClausesError,
    read_clause_mapping,
    read_clause_set,
)
from service.scoring.clause_reader import embedded_clauses, keep_classifier

MIN_LABELS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """How well a set was learned, and where the classifier lies."""

    evaluation: Evaluation
    clauses: int
    left_out: int
    out: Path | None


def evaluate_clause_set(file: Path, *, mapping: ClauseSetMapping, folds: int) -> Learned:
    """Say how well clauses of unseen contracts are typed. Raises UnreadableClausesError."""
    clauses, left_out = _clauses(file, mapping=mapping, folds=folds)
    evaluation = evaluate(clauses, folds=folds)
    return Learned(evaluation=evaluation, clauses=len(clauses), left_out=left_out, out=None)


def learn_clauses(
    file: Path, *, mapping: Path, folds: int, out: Path, say: Callable[[str], None]
) -> Learned:
    """Evaluate over folds by contract, train on all, and keep the classifier.

    Raises UnreadableClausesError and FileMistakesError.
    """
    told = read_clause_mapping(mapping)
    clauses, left_out = _clauses(file, mapping=told, folds=folds)
    say(f"{len(clauses)} clauses read, {left_out} shorter ones left out; {folds} folds by contract")
    evaluation = evaluate(clauses, folds=folds)
    known = [*clauses, *(embedded_clauses() if told.has_embedded else ())]
    keep_classifier(pack(learn(known, temperature=evaluation.temperature)), path=out)
    return Learned(evaluation=evaluation, clauses=len(clauses), left_out=left_out, out=out)


def learned_in_words(learned: Learned) -> list[str]:
    """Give a line for each label and the means below them."""
    found = learned.evaluation
    rows = zip(found.labels, found.counts, found.f1, strict=True)
    return [
        f"{'label':<40} {'clauses':>7}  F1",
        *(f"{label[:40]:<40} {count:>7}  {score:.3f}" for label, count, score in rows),
        f"{'macro-F1':<40} {learned.clauses:>7}  {found.macro_f1:.3f}",
        f"{found.contracts} contracts, {found.folds} folds, accuracy {found.accuracy:.3f}",
    ]


def learned_report(learned: Learned) -> dict[str, object]:
    """Give the evaluation as one JSON object."""
    found = learned.evaluation
    return {
        "labels": len(found.labels),
        "clauses": learned.clauses,
        "left_out": learned.left_out,
        "contracts": found.contracts,
        "folds": found.folds,
        "macro_f1": round(found.macro_f1, 4),
        "accuracy": round(found.accuracy, 4),
        "f1": {one: round(score, 4) for one, score in zip(found.labels, found.f1, strict=True)},
        "out": None if learned.out is None else str(learned.out),
    }


def _clauses(
    file: Path, *, mapping: ClauseSetMapping, folds: int
) -> tuple[list[LabelledClause], int]:
    read = read_clause_set(file, mapping=mapping)
    clauses = [
        LabelledClause(text=one.text, label=one.label, contract=one.contract)
        for one in read.clauses
    ]
    labels, contracts = {one.label for one in clauses}, {one.contract for one in clauses}
    if len(labels) < MIN_LABELS:
        raise UnreadableClausesError(file, f"has {len(labels)} label; two at least are needed")
    if len(contracts) < folds:
        raise UnreadableClausesError(
            file,
            f"has clauses of {len(contracts)} contracts, fewer than {folds} folds; add contracts, "
            "or give --folds a smaller number",
        )
    return clauses, read.left_out
