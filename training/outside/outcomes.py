"""What came of each row, and when that was known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.columns import Flags, Floats
from training.outside.mapping import Known, Label, Mapping, Target, Value
from training.outside.table import moments, numbers, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Of each row a value (1 and 0 for yes and no) and the days it was known, else not a number."""

    name: str
    value: Floats
    told: Floats
    """When it happened to be told: an event."""
    known: Floats
    """From when it may be counted among others: the quick ones wait for the slow."""

    @property
    def is_known(self) -> Flags:
        """Say which rows will ever tell."""
        told: Flags = np.isfinite(self.value) & np.isfinite(self.known)
        return told


def label_outcome(label: Label, *, frame: pd.DataFrame, mapping: Mapping) -> Outcome:
    """Give yes (1) and no (0)."""
    told, known = _known(label.known, frame=frame, mapping=mapping)
    if label.present is not None:
        value = frame[label.present].notna().to_numpy(dtype=np.float64)
    elif label.word is not None:
        column, word = label.word
        value = np.array([said == word for said in words(frame, column)], dtype=np.float64)
    else:
        assert label.value is not None  # noqa: S101 - the schema says so
        assert label.above is not None  # noqa: S101 - and this
        number = _value(label.value, frame=frame, mapping=mapping)
        value = np.where(np.isfinite(number), (number > label.above).astype(np.float64), np.nan)
    return Outcome(name=label.name, value=value, told=told, known=known)


def target_outcome(target: Target, *, frame: pd.DataFrame, mapping: Mapping) -> Outcome:
    """Give numbers in the unit of the target."""
    value = _value(target.value, frame=frame, mapping=mapping)
    if target.above is not None:
        value = np.where(value > target.above, value, np.nan)
    told, known = _known(target.known, frame=frame, mapping=mapping)
    return Outcome(name=target.name, value=value, told=told, known=known)


def first_told(frame: pd.DataFrame, columns: tuple[str, ...], *, mapping: Mapping) -> Floats:
    """Give the time of the first column in this order that a row has."""
    given = np.full(len(frame), np.nan)
    for column in columns:
        given = np.where(np.isfinite(given), given, moments(frame, column, mapping=mapping))
    return given


def _known(known: Known, *, frame: pd.DataFrame, mapping: Mapping) -> tuple[Floats, Floats]:
    decided = moments(frame, mapping.decided, mapping=mapping)
    if known.days_after is not None:
        return decided + known.days_after, decided + known.days_after
    told = first_told(frame, known.at, mapping=mapping)
    return told, np.maximum(told, decided + known.not_before_days)


def _value(value: Value, *, frame: pd.DataFrame, mapping: Mapping) -> Floats:
    where = mapping.source.file
    if value.column is not None:
        return numbers(frame, value.column, where=where)
    if value.days is not None:
        start, end = (moments(frame, column, mapping=mapping) for column in value.days)
        return end - start
    if value.difference is not None:
        first, second = (numbers(frame, column, where=where) for column in value.difference)
        return first - second
    assert value.ratio is not None  # noqa: S101 - the schema says so
    over, under = (numbers(frame, column, where=where) for column in value.ratio)
    share: Floats = np.divide(over, under, out=np.full(len(over), np.nan), where=under > 0)
    return share
