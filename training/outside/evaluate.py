"""Our learning on data that no one here wrote, beside the models to beat on the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from models.conformal import covered
from training.outside import rivals
from training.outside.chances import blended_chances
from training.outside.compare import FIGURES, Line, compare, mean_error
from training.outside.features import Facts, Quantity, facts_of
from training.outside.leaking import refuse_leaks
from training.outside.mapping import Mapping, MappingError, read_mapping
from training.outside.outcomes import Outcome
from training.outside.quantities import COVERAGE, ENDS, blended_quantities
from training.outside.table import read_table
from training.outside.tasks import TooFewRowsError, cut_task
from training.report import Report

SEED = 11
TITLE = "Learning on tables from outside"
REGRESSION, TREES = "regression", "LightGBM"
ROWS_REGRESSION, ROWS_TREES = "regression, no past", "LightGBM, no past"
ALL, GROUP = "median", "median of group"
RIVALS = (REGRESSION, ROWS_REGRESSION, TREES, ROWS_TREES, ALL, GROUP)
COLUMNS = ("question", "figure", "ours", *RIVALS, "better by", "95 % of draws")
NOTES = (
    "Rows are cut at 70 % by the time of the decision; a train row is one whose outcome was known "
    "at the cut. All models have the same features, none later than the decision; 'no past' "
    "leaves the history of customers, people and projects out.",
    "Regression: one-hot codes and flags of what is missing (ridge for numbers). LightGBM: its own "
    "defaults, at most 400 trees at 0.03, stopped early. Ours chooses on forward folds inside the "
    "train rows.",
    "'Better by' is against the best of the others on that line; positive is better.",
    "Coverage is nominally 80 %. Under LightGBM: its raw 10 % and 90 % quantiles; under "
    "regression: the same, conformalised once on the last quarter of the train rows.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of one question of one table."""

    question: str
    lines: tuple[Line, ...] = ()
    coverage: tuple[Coverage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Share of outcomes inside an interval, and how wide it was on average."""

    model: str
    share: float
    width: float


def evaluate_outside(
    folder: Path | None, *, progress: Callable[[str], None], mappings: Path | None = None
) -> Report:
    """Evaluate every mapping whose table lies in the folder; say which are left out, and why.

    The mappings are those that come with the product, unless another folder of them is given.
    Raises MappingError where a mapping cannot be used, or where a feature knows the outcome.
    """
    answers: list[Answer] = []
    left_out: list[str] = []
    for mapping in _mappings(mappings):
        missing = _missing(mapping, folder=folder)
        if missing or folder is None:
            left_out.append(f"Left out: {mapping.title}; {missing}.")
            progress(left_out[-1])
            continue
        try:
            for answer in evaluate_mapping(mapping, folder=folder):
                answers.append(answer)
                progress(_progress(answer))
        except TooFewRowsError as error:
            left_out.append(f"Left out: {error}.")
    return _report(answers, notes=(*NOTES, *left_out))


def evaluate_mapping(mapping: Mapping, *, folder: Path) -> Iterator[Answer]:
    """Evaluate each question of one table.

    Raises MappingError and TooFewRowsError.
    """
    facts = facts_of(read_table(mapping, folder=folder), mapping=mapping)
    for label in facts.labels:
        yield _label_answer(facts, label)
    for quantity in facts.targets:
        yield _quantity_answer(facts, quantity)


def _mappings(folder: Path | None) -> list[Mapping]:
    if folder is not None:
        return [read_mapping(path) for path in sorted(folder.glob("*.yaml"))]
    with as_file(files("data").joinpath("outside")) as shipped:
        return [read_mapping(path) for path in sorted(shipped.glob("*.yaml"))]


def _missing(mapping: Mapping, *, folder: Path | None) -> str:
    if folder is None:
        return "no folder of data was named"
    sources = (mapping.source, mapping.joined)
    names = [one.file for one in sources if one is not None and not (folder / one.file).is_file()]
    return f"the folder has no {' and no '.join(names)}" if names else ""


def _label_answer(facts: Facts, label: Outcome) -> Answer:
    task = cut_task(facts, label)
    refuse_leaks(task)
    actual = task.value[task.final.tell]
    if np.ptp(actual) == 0:
        raise TooFewRowsError(f"{facts.title}: every test row has the same {label.name!r}")
    ours = blended_chances(task).probability
    alone = task.without_past()
    others = {
        REGRESSION: rivals.regression(task),
        ROWS_REGRESSION: rivals.regression(alone),
        TREES: rivals.plain_trees(task),
        ROWS_TREES: rivals.plain_trees(alone),
    }
    lines = tuple(
        compare(name, actual=actual, ours=ours, others=others, figure=figure, sign=sign, seed=SEED)
        for name, (figure, sign) in FIGURES.items()
    )
    return Answer(question=f"{facts.title}: {label.name}", lines=lines)


def _quantity_answer(facts: Facts, quantity: Quantity) -> Answer:
    task = cut_task(facts, quantity.outcome)
    actual = task.value[task.final.tell]
    ours = blended_quantities(task, quantity=quantity)
    alone = task.without_past()
    others = {
        REGRESSION: rivals.ridge(task),
        ROWS_REGRESSION: rivals.ridge(alone),
        TREES: rivals.plain_quantile(task, level=0.5),
        ROWS_TREES: rivals.plain_quantile(alone, level=0.5),
        ALL: rivals.usual_of_all(task),
    }
    if quantity.group:
        others[GROUP] = rivals.usual_of_group(task, quantity=quantity)
    line = compare(
        f"MAE ({quantity.unit})", actual=actual, ours=ours.middle, others=others,
        figure=mean_error, sign=-1.0, seed=SEED,
    )  # fmt: skip
    raw = tuple(rivals.plain_quantile(task, level=level) for level in ENDS)
    intervals = {"ours": (ours.low, ours.high), REGRESSION: rivals.fixed_interval(task), TREES: raw}
    coverage = tuple(
        Coverage(
            model=model,
            share=float(covered(low, high, actual=actual).mean()),
            width=float(np.mean(high - low)),
        )
        for model, (low, high) in intervals.items()
    )
    return Answer(
        question=f"{facts.title}: {quantity.outcome.name}", lines=(line,), coverage=coverage
    )


def _report(answers: list[Answer], *, notes: tuple[str, ...]) -> Report:
    lines = [(answer.question, line) for answer in answers for line in answer.lines]
    figures = {
        "outside_lines": float(len(lines)),
        "outside_better_lines": float(sum(line.is_better for _, line in lines)),
        "outside_clearly_worse_lines": float(sum(line.is_clearly_worse for _, line in lines)),
    }
    figures |= {f"outside: {question}, {line.figure}": line.ours for question, line in lines}
    figures |= {
        f"outside: {answer.question}, coverage": one.share
        for answer in answers
        for one in answer.coverage
        if one.model == "ours"
    }
    rows = [row for answer in answers for row in _rows(answer)]
    return Report(title=TITLE, columns=COLUMNS, rows=rows, figures=figures, notes=notes)


def _rows(answer: Answer) -> Iterator[list[str]]:
    for line in answer.lines:
        others = [_number(line.others.get(name)) for name in RIVALS]
        yield [answer.question, line.figure, _number(line.ours), *others, f"{line.gain:+.3f}",
               f"{line.low:+.3f} to {line.high:+.3f}"]  # fmt: skip
    if answer.coverage:
        told = {one.model: f"{one.share:.0%} ({one.width:.1f})" for one in answer.coverage}
        cells = [told.get(name, "") for name in ("ours", *RIVALS)]
        yield [answer.question, f"coverage of {COVERAGE:.0%} (width)", *cells, "", ""]


def _progress(answer: Answer) -> str:
    told = ", ".join(f"{line.figure} {line.ours:.3f} ({line.gain:+.3f})" for line in answer.lines)
    return f"{answer.question}: {told}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


__all__ = ["Answer", "Coverage", "MappingError", "evaluate_mapping", "evaluate_outside"]
