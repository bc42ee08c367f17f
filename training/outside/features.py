"""The features of somebody's table: what a row said when it was decided, and its entities' past."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.columns import Flags, Floats, Ints
from training.outside.history import latest_events, open_now, past_outcomes
from training.outside.mapping import Mapping, Target
from training.outside.outcomes import Outcome, first_told, label_outcome, target_outcome
from training.outside.table import moments, numbers, words

FEWEST_OF_A_CATEGORY = 10
"""A category seen less often in the train rows is one of the others."""
OTHER = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number to tell beforehand."""

    outcome: Outcome
    unit: str
    is_wait: bool
    """Days from the decision on: what has not happened yet has waited so far."""
    group: str
    """The feature that is its usual number in the first entity, empty without entities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Rows as they stood when decided, oldest first; nothing here was fitted."""

    title: str
    decided: Floats
    """Days since 1970."""
    labels: tuple[Outcome, ...]
    targets: tuple[Quantity, ...]
    numbers: dict[str, Floats]
    past: frozenset[str]
    """Those of the numbers that are the past of an entity, and so known before by how they are
    computed."""
    categories: dict[str, list[str]]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """Features as numbers: categories as codes fitted on the train rows, 0 for any other."""

    names: tuple[str, ...]
    rows: Floats
    is_category: tuple[bool, ...]


def facts_of(frame: pd.DataFrame, *, mapping: Mapping) -> Facts:
    """Compute what was known of each row when it was decided."""
    decided = moments(frame, mapping.decided, mapping=mapping)
    labels = tuple(label_outcome(one, frame=frame, mapping=mapping) for one in mapping.labels)
    targets = tuple(_quantity(one, frame=frame, mapping=mapping) for one in mapping.targets)
    columns = mapping.columns
    texts = [" ".join(part) for part in zip(*(words(frame, name) for name in columns.texts),
                                            strict=True)] if columns.texts else []  # fmt: skip
    past = _past(
        frame,
        decided=decided,
        outcomes=(*labels, *(one.outcome for one in targets)),
        mapping=mapping,
    )
    return Facts(
        title=mapping.title,
        decided=decided,
        labels=labels,
        targets=targets,
        numbers=_row_numbers(frame, decided=decided, mapping=mapping) | _text_numbers(texts) | past,
        past=frozenset(past),
        categories={name: words(frame, name) for name in columns.categories},
        texts=tuple(texts),
    )


def encode(facts: Facts, *, train: Flags) -> Encoded:
    """Turn categories into codes, the commonest of the train rows first."""
    coded = {name: _codes(values, train=train) for name, values in facts.categories.items()}
    columns = [*facts.numbers.values(), *coded.values()]
    return Encoded(
        names=(*facts.numbers, *coded),
        rows=np.column_stack(columns) if columns else np.empty((len(facts.decided), 0)),
        is_category=(*(False for _ in facts.numbers), *(True for _ in coded)),
    )


def one_hot(encoded: Encoded) -> Floats:
    """Give numbers on a log scale of both signs, then a column of 0 and 1 for each code."""
    is_category = np.array(encoded.is_category, dtype=bool)
    plain = encoded.rows[:, ~is_category]
    parts = [np.sign(plain) * np.log1p(np.abs(plain))]
    for column in np.flatnonzero(is_category):
        codes = encoded.rows[:, column]
        parts.append((codes[:, None] == np.arange(1.0, codes.max() + 1.0)).astype(np.float64))
    return np.hstack(parts)


def _group_codes(values: list[tuple[str, ...]]) -> Ints:
    """Number groups of equal values."""
    book: dict[tuple[str, ...], int] = {}
    return np.array([book.setdefault(value, len(book)) for value in values], dtype=np.int64)


def _quantity(target: Target, *, frame: pd.DataFrame, mapping: Mapping) -> Quantity:
    days = target.value.days
    named = [columns for columns in mapping.entities if columns]
    return Quantity(
        outcome=target_outcome(target, frame=frame, mapping=mapping),
        unit=target.unit,
        is_wait=days is not None and days[0] == mapping.decided,
        group=f"{' and '.join(named[0])}: {target.name}, median" if named else "",
    )


def _row_numbers(frame: pd.DataFrame, *, decided: Floats, mapping: Mapping) -> dict[str, Floats]:
    where = mapping.source.file
    found = {name: numbers(frame, name, where=where) for name in mapping.columns.numbers}
    if mapping.columns.amount is not None:
        amount = numbers(frame, mapping.columns.amount, where=where)
        found |= {"amount": amount, "amount_in_tens": _is_whole(amount / 10.0)}
        found["amount_in_ones"] = _is_whole(amount)
    for name in mapping.columns.dates:
        found |= _calendar(moments(frame, name, mapping=mapping), decided=decided, name=name)
    return {name: column for name, column in found.items() if np.ptp(np.nan_to_num(column)) > 0}


def _calendar(moment: Floats, *, decided: Floats, name: str) -> dict[str, Floats]:
    time = pd.to_datetime(pd.Series(moment), unit="D", utc=True)
    return {
        f"{name} weekday": time.dt.day_of_week.to_numpy(dtype=np.float64),
        f"{name} day of month": time.dt.day.to_numpy(dtype=np.float64),
        f"{name} days to month end": (time.dt.days_in_month - time.dt.day).to_numpy(
            dtype=np.float64
        ),
        f"{name} hour": (moment % 1.0) * 24.0,
        f"{name} days ahead": moment - decided,
    }


def _text_numbers(texts: list[str]) -> dict[str, Floats]:
    if not texts:
        return {}
    return {
        "characters": np.array([len(text) for text in texts], dtype=np.float64),
        "words": np.array([len(text.split()) for text in texts], dtype=np.float64),
        "digits": np.array([sum(map(str.isdigit, text)) for text in texts], dtype=np.float64),
    }


def _past(
    frame: pd.DataFrame, *, decided: Floats, outcomes: tuple[Outcome, ...], mapping: Mapping
) -> dict[str, Floats]:
    closed = first_told(frame, mapping.closed, mapping=mapping) if mapping.closed else None
    due = None if mapping.due is None else moments(frame, mapping.due, mapping=mapping)
    column = mapping.columns.amount
    amount = None if column is None else numbers(frame, column, where=mapping.source.file)
    found: dict[str, Floats] = {}
    for columns in mapping.entities:
        told = [words(frame, name) for name in columns]
        entity = (_group_codes(list(zip(*told, strict=True))) if told
                  else np.zeros(len(decided), dtype=np.int64))  # fmt: skip
        who = " and ".join(columns) or "everybody"
        for outcome in outcomes:
            past = past_outcomes(outcome, entity=entity, decided=decided)
            # Of everybody together only what is recent tells more than the date does.
            names = past if columns else ("recent", "last_3")
            found |= {f"{who}: {outcome.name}, {name}": past[name] for name in names}
        for outcome in outcomes[: len(mapping.labels)]:
            events = latest_events(outcome, entity=entity, decided=decided)
            found |= {f"{who}: {outcome.name}, {name}": events[name] for name in events}
        if closed is not None and columns:
            still = open_now(entity=entity, decided=decided, closed=closed, due=due, amount=amount)
            found |= {f"{who}: {name}": column for name, column in still.items()}
    return found


def _is_whole(amount: Floats) -> Floats:
    return (np.abs(amount - np.round(amount)) < 1e-9).astype(np.float64)  # noqa: PLR2004


def _codes(values: list[str], *, train: Flags) -> Floats:
    counts = pd.Series(values)[train].value_counts(sort=True)
    kept = [name for name, count in counts.items() if count >= FEWEST_OF_A_CATEGORY and name]
    book = {name: float(place) for place, name in enumerate(kept, start=1)}
    return np.array([book.get(value, OTHER) for value in values])
