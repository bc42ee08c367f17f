"""Clauses: how well the type of a clause is told, and how fast a contract is read."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from benchmarks.figures import Figure, Say, Section
from benchmarks.scale import Scale
from models.clauses.learn import LabelledClause, evaluate, learn
from models.clauses.propose import Document, Named, propose
from service.connectors.clause_sets import read_clause_mapping, read_clause_set
from service.scoring.clause_reader import embedded_clauses

ROOT = Path(__file__).resolve().parents[1]
MAPPING = ROOT / "data" / "samples" / "mappings" / "cuad.yaml"
NAME = "master_clauses.csv"
FOLDS = 5
TO_BEAT = 0.641
PAGES = 200
CHARACTERS_A_PAGE = 2_400
HOW = (
    "Five folds cut by contract: no clause is typed by a model that saw its contract. The peer is "
    "scikit-learn's `TfidfVectorizer()` into `LinearSVC()` as they come, on the same folds. "
    "Embedded: the clauses written for this project, the places in their lists taken for contracts."
)


def measure(scale: Scale, *, folder: Path, say: Say) -> Section:
    """Evaluate on the embedded clauses, and on CUAD where it lies on this machine."""
    del folder
    ours = embedded_clauses()
    figures = [*_told_apart("embedded clauses", ours), _read_pages(ours)]
    place = cuad_file()
    if place is None:
        said = (
            f"CUAD was left out: there is no {NAME} in the folder COUNTERSIGN_CUAD names, nor in "
            "shared/data/cuad beside this checkout."
        )
        say(said)
        return Section(name="clauses", title="Clauses", how=f"{HOW} {said}", figures=figures)
    clauses = cuad_clauses(place)
    if scale.is_quick:
        clauses = some_contracts(clauses, every=4)
    labels = len({one.label for one in clauses})
    said = f"CUAD: {len(clauses)} spans, {labels} labels; the figure to beat is {TO_BEAT}."
    say(said)
    figures += _told_apart("CUAD", clauses)
    return Section(name="clauses", title="Clauses", how=f"{HOW} {said}", figures=figures)


def cuad_file() -> Path | None:
    """Give CUAD's table where it lies: nothing of it is kept here."""
    told = os.environ.get("COUNTERSIGN_CUAD")
    folder = Path(told) if told else ROOT.parent / "shared" / "data" / "cuad"
    return folder / NAME if (folder / NAME).exists() else None


def cuad_clauses(place: Path) -> list[LabelledClause]:
    """Give CUAD's clauses by the sample mapping."""
    read = read_clause_set(place, mapping=read_clause_mapping(MAPPING))
    return [
        LabelledClause(text=one.text, label=one.label, contract=one.contract)
        for one in read.clauses
    ]


def some_contracts(clauses: Sequence[LabelledClause], *, every: int) -> list[LabelledClause]:
    """Give the clauses of every so many contracts."""
    chosen = set(sorted({one.contract for one in clauses})[::every])
    return [one for one in clauses if one.contract in chosen]


def _told_apart(what: str, clauses: Sequence[LabelledClause]) -> list[Figure]:
    started = time.process_time()
    found = evaluate(clauses, folds=FOLDS)
    seconds = time.process_time() - started
    started = time.process_time()
    peer = _as_they_come(clauses)
    peer_seconds = time.process_time() - started
    name = "TfidfVectorizer() and LinearSVC()"
    return [
        Figure(
            what=f"macro-F1, {what}, {len(found.labels)} labels, {len(clauses)} clauses",
            ours=found.macro_f1,
            unit="",
            peer=name,
            peers=peer,
            ratio_reads="of the peer's",
        ),
        Figure(
            what=f"CPU for the five folds, {what}",
            ours=seconds,
            unit="s",
            peer=name,
            peers=peer_seconds,
            ratio_reads="of the time",
        ),
    ]


def _as_they_come(clauses: Sequence[LabelledClause]) -> float:
    labels = np.array([one.label for one in clauses])
    told = cross_val_predict(
        make_pipeline(TfidfVectorizer(), LinearSVC()),
        [one.text for one in clauses],
        labels,
        groups=[one.contract for one in clauses],
        cv=GroupKFold(n_splits=FOLDS),
    )
    return float(f1_score(labels, told, average="macro"))


def _read_pages(clauses: Sequence[LabelledClause]) -> Figure:
    """Type, and read the figures of, every clause of a long document."""
    model = Named(name="embedded", classifier=learn(clauses, temperature=0.1))
    text = "\n\n".join(one.text for one in clauses)
    long = (text * (PAGES * CHARACTERS_A_PAGE // len(text) + 1))[: PAGES * CHARACTERS_A_PAGE]
    document = Document.of(long, currency="EUR", signed_on=date(2026, 1, 1))
    started = time.process_time()
    drafts = propose(document, model=model)
    seconds = time.process_time() - started
    return Figure(
        what=f"pages read a second of CPU ({len(drafts)} clauses proposed)",
        ours=PAGES / seconds,
        unit="1/s",
    )
