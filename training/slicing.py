"""Slices of a table that people ask about: a model may be good on the whole and bad for some."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from models.columns import UTC_EPOCH, Flags, Floats
from models.features.catalogue import FEATURE_NAMES
from training.dataset import RiskTable

NEWCOMER_DAYS = 10.0
"""With fewer booked days on a project a person is new to it."""
SLOW_PAYER = 0.3
"""From this share of late payments on a client is slow; the prior of a new client lies below."""


def slices_by_name(table: RiskTable) -> dict[str, Flags]:
    """Give the rows of each slice: segment, month, newcomers, and prompt or slow clients."""
    return {
        **_by_text(table.segment),
        **_by_text(tuple(f"month.{month}" for month in _months(table))),
        **_by_newness(table),
        **_by_payment_habit(table),
    }


def _by_text(names: tuple[str, ...]) -> dict[str, Flags]:
    column = np.array(names, dtype=object)
    return {name: np.asarray(column == name) for name in sorted(set(names))}


def _months(table: RiskTable) -> list[str]:
    moments = (UTC_EPOCH + timedelta(microseconds=us) for us in table.assessed_us.tolist())
    return [f"{moment:%Y-%m}" for moment in moments]


def _by_newness(table: RiskTable) -> dict[str, Flags]:
    days = _feature(table, "project_days_before")
    return {"person.newcomer": days < NEWCOMER_DAYS, "person.settled": days >= NEWCOMER_DAYS}


def _by_payment_habit(table: RiskTable) -> dict[str, Flags]:
    late = _feature(table, "client_late_rate")
    return {"client.prompt": late < SLOW_PAYER, "client.slow": late >= SLOW_PAYER}


def _feature(table: RiskTable, name: str) -> Floats:
    """A column of the catalogue; NaN compares as false, so unknown rows are in no such slice."""
    if name not in FEATURE_NAMES:
        return np.full(len(table), np.nan)
    column: Floats = table.features[:, FEATURE_NAMES.index(name)]
    return column
