"""From files to one row a case, oldest decision first, by a mapping."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from models.columns import Floats
from training.outside.mapping import (
    Case,
    DroppedRows,
    FileFormat,
    Mapping,
    MappingError,
    Source,
)

DAY = pd.Timedelta(days=1)
EPOCH = pd.Timestamp("1970-01-01", tz="UTC")
EVENTS_BEFORE = "events_before"
DECIDED_AT = "decided_at"


def read_table(mapping: Mapping, *, folder: Path) -> pd.DataFrame:
    """Read, join, roll up and drop rows.

    Raises MappingError where a file, a column or a time is not as the mapping says.
    """
    frame = _read(mapping.source, folder=folder)
    if mapping.joined is not None:
        beside = _read(mapping.joined, folder=folder)
        by = list(mapping.joined.by)
        require(frame, by, where=mapping.source.file)
        require(beside, by, where=mapping.joined.file)
        frame = frame.merge(beside, on=by, how="inner", validate="m:1")
    if mapping.case is not None:
        frame = _roll_up(frame, case=mapping.case, where=mapping.source.file)
    require(frame, _needed(mapping), where=mapping.source.file)
    for rule in mapping.dropped:
        frame = frame[~_is_dropped(frame, rule=rule)]
    decided = moments(frame, mapping.decided, mapping=mapping)
    order = np.argsort(decided, kind="stable")[: int(np.isfinite(decided).sum())]
    return frame.iloc[order].reset_index(drop=True)


def moments(frame: pd.DataFrame, column: str, *, mapping: Mapping) -> Floats:
    """Give times as days since 1970, not a number where there is none."""
    values = frame[column]
    if not pd.api.types.is_datetime64_any_dtype(values):
        form = "ISO8601" if mapping.date_format is None else mapping.date_format
        try:
            values = pd.to_datetime(values, format=form, utc=True)
        except (ValueError, TypeError) as error:
            raise MappingError(
                mapping.source.file,
                f"the column {column} holds a time that {form} does not read: {error}; set "
                "date_format",
            ) from error
    elif values.dt.tz is None:
        values = values.dt.tz_localize("UTC")
    return np.asarray((values - EPOCH) / DAY, dtype=np.float64)


def numbers(frame: pd.DataFrame, column: str, *, where: str) -> Floats:
    """Give numbers, not a number where there is none."""
    try:
        return np.array(pd.to_numeric(frame[column]), dtype=np.float64)
    except (ValueError, TypeError) as error:
        raise MappingError(
            where, f"the column {column} holds what is no number: {error}; make it a category"
        ) from error


def words(frame: pd.DataFrame, column: str) -> list[str]:
    """Give words, empty where there are none."""
    told: list[str] = frame[column].astype("str").where(frame[column].notna(), "").tolist()
    return told


def require(frame: pd.DataFrame, columns: list[str], *, where: str) -> None:
    """Raise MappingError that names the columns which are not there."""
    missing = sorted({name for name in columns if name not in frame.columns})
    if missing:
        raise MappingError(where, f"has no columns {missing}; it has {sorted(frame.columns)}")


def _read(source: Source, *, folder: Path) -> pd.DataFrame:
    path = folder / source.file
    if not path.is_file():
        raise MappingError(source.file, "is not in the data folder; put it there")
    try:
        if source.format is FileFormat.PARQUET:
            frame = pd.read_parquet(path)
        else:
            frame = pd.read_csv(path, encoding=source.encoding)
    except (ValueError, UnicodeError, OSError) as error:
        raise MappingError(source.file, f"cannot be read as {source.format}: {error}") from error
    if source.one_row_per:
        require(frame, list(source.one_row_per), where=source.file)
        frame = frame.drop_duplicates(subset=list(source.one_row_per), keep="first")
    return frame


def _roll_up(frame: pd.DataFrame, *, case: Case, where: str) -> pd.DataFrame:
    require(frame, [case.id, case.activity, case.time], where=where)
    log = frame.assign(**{case.time: pd.to_datetime(frame[case.time], format="ISO8601", utc=True)})
    log = log.sort_values([case.id, case.time], kind="stable")
    place = log.groupby(case.id).cumcount()
    is_decision = log[case.activity].isin(case.decided_by)
    decisions = log[is_decision].drop_duplicates(subset=case.id, keep="first").set_index(case.id)
    first = pd.Series(place[is_decision].to_numpy(), index=log.loc[is_decision, case.id])
    first = first[~first.index.duplicated(keep="first")]
    rows = decisions.assign(**{
        DECIDED_AT: decisions[case.time],
        EVENTS_BEFORE: first.reindex(decisions.index).astype("float64"),
    })  # fmt: skip
    is_later = place.to_numpy() > log[case.id].map(first).fillna(np.inf).to_numpy()
    for event in case.events:
        happened = log[is_later & log[case.activity].isin(event.activities)]
        rows[event.name] = happened.groupby(case.id)[case.time].min().reindex(rows.index)
    return rows.reset_index()


def _is_dropped(frame: pd.DataFrame, *, rule: DroppedRows) -> pd.Series:
    column = frame[rule.column]
    is_dropped = column.isin(rule.words)
    if rule.is_missing:
        is_dropped |= column.isna()
    if rule.at_most is not None:
        is_dropped |= pd.to_numeric(column) <= rule.at_most
    return is_dropped


def _needed(mapping: Mapping) -> list[str]:
    columns = mapping.columns
    told = [name for label in mapping.labels for name in label.columns()]
    told += [name for target in mapping.targets for name in target.value.columns()]
    told += [name for outcome in mapping.outcomes for name in outcome.known.at]
    told += [name for entity in mapping.entities for name in entity]
    told += [rule.column for rule in mapping.dropped]
    single = [name for name in (mapping.due, columns.amount) if name is not None]
    return [mapping.decided, *columns.numbers, *columns.categories, *columns.texts,
            *columns.dates, *single, *mapping.closed, *told]  # fmt: skip
