"""The training data as a table for notebooks: one row per assessed item, every column explained."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data.schemas.questions import ASKED, LabelSource, Question
from data.schemas.values import minor_per_major
from models.columns import Flags, Ints, Strings
from models.features.catalogue import FEATURE_NAMES, FEATURES
from training.dataset import MAX_WEIGHT
from training.row_columns import NOT_SAID, QUESTIONS, Marks, RowColumns, together
from training.row_files import UnreadableRowError, read_columns

HOME_FILES = ("past-rows.parquet", "training-rows.jsonl")
"""Rows of the past, and those exported from the audit trail, as they lie in a home."""
FACTS = {
    "item_id": "Name of the item: source and external id.",
    "kind": "Timesheet, milestone or expense report.",
    "assessed_at": "When the item was assessed; every feature is as of then (UTC).",
    "amount": "Amount of the item in units of its currency.",
    "currency": "Currency of the contract.",
    "group": "Contract and month, which are billed together; missing where a row does not say.",
    "narrative": "What people wrote of the item, one row a line.",
    "is_rule_proved": "A rule had proved a fault, so the item is no question for a model.",
    "is_suspected": "A likely fault that no model answers for had kept it from being cleared.",
    "route": "Where policy sent the item.",
    "lane": "Why a person saw it; missing where nobody did.",
    "propensity": "Probability with which the item came to a person.",
    "weight": "One over the propensity, at most 20: how many items a reviewed one stands for.",
    "era": "The bundle that was in force; rules-only before the first.",
    "probability": "Probability of a hidden fault as the model in force gave it; missing without.",
    "rater": "Pseudonym of who gave the last verdict; missing without one.",
    "active_seconds": "Seconds of work on the last verdict.",
    "is_score_shown": "Whether that person had seen the score.",
    "verdict_at": "When the last verdict was given (UTC).",
    "outcome_at": "When the last outcome was known (UTC).",
    "days_to_bill": "Days from the assessment to the invoice, or so far where none has left.",
    "is_billed": "False where the item still waits; missing where nothing is known of billing.",
}
PREFIX_OF_SOURCE = {LabelSource.VERDICT: "verdict.", LabelSource.OUTCOME: "outcome."}
FEATURE = "feature."
FIGURE = re.compile(r"\{value[^}]*\}")
"""Where a reason sentence puts the value."""


def answer_column(question: Question) -> str:
    """Name the column of a question's answer: verdicts and outcomes stay apart."""
    return f"{PREFIX_OF_SOURCE[ASKED[question].source]}{question.value}"


COLUMNS: dict[str, str] = {
    **FACTS,
    **{
        answer_column(question): (
            f"{'A reviewer found' if asked.source is LabelSource.VERDICT else 'It came to'} "
            f"{question.value.replace('_', ' ')}; missing where nobody has answered."
        )
        for question, asked in ASKED.items()
    },
    **{f"{FEATURE}{one.name}": FIGURE.sub("N", one.sentence) + "." for one in FEATURES},
}
"""Every column of the table, in its order, with one sentence."""


def open_dataset(place: Path | str) -> pd.DataFrame:
    """Give the training data of a file of rows, or of an installation's home folder.

    One row per assessed item, oldest first, with the columns of COLUMNS. An answer is missing,
    never false, where nobody gave it: not reviewed is not faultless. Where an item was answered
    more than once the last answer stands. Raises UnreadableRowError.
    """
    rows = _last_versions(together([read_columns(path) for path in _files(Path(place))]))
    if len(rows) == 0:
        return pd.DataFrame(columns=list(COLUMNS))
    _, item = np.unique(rows.item_id.astype(str), return_inverse=True)
    verdict = _last(rows, item=item, source=LabelSource.VERDICT)
    outcome = _last(rows, item=item, source=LabelSource.OUTCOME)
    columns = {
        **_facts(rows.take(_last_row(item))),
        **_verdict_facts(rows, place=verdict),
        **_outcome_facts(rows, place=outcome),
        **_answers(rows, item=item),
    }
    frame = pd.DataFrame({name: columns[name] for name in COLUMNS})
    return frame.sort_values(["assessed_at", "item_id"], ignore_index=True)


def _files(place: Path) -> list[Path]:
    if not place.is_dir():
        return [place]
    found = [place / name for name in HOME_FILES if (place / name).is_file()]
    if not found:
        raise UnreadableRowError(
            f"{place.name} holds none of {list(HOME_FILES)}; run 'countersign train' once, or give "
            "a file of rows"
        )
    return found


def _last_versions(rows: RowColumns) -> RowColumns:
    """The rows of the last assessment of each item, in the order in which they became known."""
    if len(rows) == 0:
        return rows
    _, item = np.unique(rows.item_id.astype(str), return_inverse=True)
    newest = np.full(int(item.max()) + 1, np.iinfo(np.int64).min)
    np.maximum.at(newest, item, rows.assessed_us)
    kept = np.flatnonzero(rows.assessed_us == newest[item])
    return rows.take(kept[np.argsort(rows.known_us[kept], kind="stable")])


def _last_row(item: Ints) -> Ints:
    """The last row of each item; where an index repeats, numpy keeps what it is given last."""
    place = np.zeros(int(item.max()) + 1, dtype=np.int64)
    place[item] = np.arange(len(item))
    return place


def _last(rows: RowColumns, *, item: Ints, source: LabelSource) -> Ints:
    """The last row of each item that says something by a source, NOT_SAID where none does."""
    is_told = (rows.answers != NOT_SAID).any(axis=1) | (rows.is_billed != NOT_SAID)
    told = np.flatnonzero((rows.label_source == source.value) & is_told)
    place = np.full(int(item.max()) + 1, NOT_SAID, dtype=np.int64)
    place[item[told]] = told
    return place


def _facts(rows: RowColumns) -> dict[str, Any]:
    minor = {code: minor_per_major(code) for code in set(rows.currency.tolist())}
    features = {
        f"{FEATURE}{name}": rows.features[:, column] for column, name in enumerate(FEATURE_NAMES)
    }
    return features | {
        "item_id": _texts(rows.item_id),
        "kind": _texts(rows.kind),
        "assessed_at": _times(rows.assessed_us),
        "amount": rows.amount_minor / np.array([minor[code] for code in rows.currency]),
        "currency": _texts(rows.currency),
        "group": _texts(rows.group),
        "narrative": _texts(rows.narrative),
        "is_rule_proved": rows.is_rule_proved,
        "is_suspected": rows.is_suspected,
        "route": _texts(rows.route),
        "lane": _texts(rows.lane),
        "propensity": rows.propensity,
        "weight": np.minimum(1.0 / rows.propensity, MAX_WEIGHT),
        "era": _texts(rows.bundle),
        "probability": rows.probability,
    }


def _verdict_facts(rows: RowColumns, *, place: Ints) -> dict[str, Any]:
    is_there = place != NOT_SAID
    given = rows.take(np.maximum(place, 0))
    return {
        "rater": _texts(np.where(is_there, given.rater, "")),
        "active_seconds": np.where(is_there, given.active_seconds, np.nan),
        "is_score_shown": _booleans(np.where(is_there, given.is_score_shown, NOT_SAID)),
        "verdict_at": _times(given.known_us, where=is_there),
    }


def _outcome_facts(rows: RowColumns, *, place: Ints) -> dict[str, Any]:
    is_there = place != NOT_SAID
    given = rows.take(np.maximum(place, 0))
    return {
        "outcome_at": _times(given.known_us, where=is_there),
        "days_to_bill": np.where(is_there, given.days_to_bill, np.nan),
        "is_billed": _booleans(np.where(is_there, given.is_billed, NOT_SAID)),
    }


def _answers(rows: RowColumns, *, item: Ints) -> dict[str, Any]:
    columns = {}
    for place, question in enumerate(QUESTIONS):
        said = rows.answers[:, place]
        told = np.flatnonzero(said != NOT_SAID)
        answer = np.full(int(item.max()) + 1, NOT_SAID, dtype=np.int8)
        answer[item[told]] = said[told]
        columns[answer_column(question)] = _booleans(answer)
    return columns


def _booleans(marks: Marks) -> pd.arrays.BooleanArray:
    return pd.arrays.BooleanArray(marks == 1, marks == NOT_SAID)


def _texts(values: Strings) -> pd.Series:
    column = pd.Series(values, dtype="string")
    return column.mask(column == "")


def _times(values_us: Ints, *, where: Flags | None = None) -> pd.Series:
    moments = pd.Series(values_us.astype("datetime64[us]")).dt.tz_localize("UTC")
    return moments if where is None else moments.where(where)
