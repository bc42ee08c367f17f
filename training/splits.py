"""A test slice later than all else, with a gap: a random one would flatter every figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np

from data.schemas.questions import ASKED, LabelSource, Question
from models.columns import microseconds
from models.thinning import uniforms
from training.dataset import RiskTable, table_of
from training.row_columns import RowColumns
from training.settings import SliceSettings

DAY_US = 86_400_000_000
DISPUTE_DAYS = 90
"""A client objects within this time of the invoice, or not at all."""
SALT = "slices"
LONGEST_GAP = 1 / 3
"""Of the time a table spans: a firm of a few months would otherwise have nothing left to learn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slices:
    """One table in four parts; nothing is in two of them, and the test comes later than all."""

    fit: RiskTable
    tune: RiskTable
    calibrate: RiskTable
    test: RiskTable

    @property
    def parts(self) -> tuple[RiskTable, RiskTable, RiskTable, RiskTable]:
        """The slices in the order in which they are used."""
        return self.fit, self.tune, self.calibrate, self.test


def horizon_days(question: Question, *, settings: SliceSettings) -> int:
    """Days after its assessment by which an item's answer is known, whatever it is.

    A verdict takes days, a bill weeks, and an objection up to ninety days after the bill.
    """
    asked = ASKED[question]
    if asked.source is LabelSource.VERDICT:
        return settings.verdict_maturity_days
    if asked.reason is not None:
        return settings.outcome_maturity_days + DISPUTE_DAYS
    return settings.outcome_maturity_days


def mature(table: RiskTable, *, cut: datetime, days: int) -> RiskTable:
    """Keep items old enough at `cut` that their label would be known whatever it is.

    Taking every settled item instead would favour what settles fast: measured, it cost 0.28 of
    calibration error.
    """
    return table.take(table.assessed_us <= microseconds(cut - timedelta(days=days)))


def settled_table(
    rows: RowColumns, question: Question, *, cut: datetime, settings: SliceSettings
) -> RiskTable:
    """Give the rows that answer a question, of items old enough at `cut` for any answer."""
    return mature(table_of(rows, question), cut=cut, days=horizon_days(question, settings=settings))


def slices_of(table: RiskTable, question: Question, *, settings: SliceSettings) -> Slices:
    """Keep the latest rows for the test, and draw fit, tune and calibrate from all before.

    The gap before the test slice is the label horizon of the question, so that the figures people
    read are those of a model whose every label was known before the first item of the test came;
    where the horizon is more than a third of all the time there is, the gap is that third. The
    three slices before share their time: cut one after the other they would leave a model that
    has seen nothing younger than the certificate, months behind a firm that changes. They share
    no group: what is billed together, contract and month, is drawn together. With `purge_groups`
    what the test slice touches is in no other.
    """
    if len(table) == 0:
        return Slices(fit=table, tune=table, calibrate=table, test=table)
    shares = (settings.fit, settings.tune, settings.calibrate)
    test_from = int(np.quantile(table.assessed_us, sum(shares)))
    last_before = test_from - gap_us(table, question, settings=settings)
    test = table.take(table.assessed_us >= test_from)
    before = table.take(table.assessed_us < last_before)
    fit, tune, calibrate = _drawn(before, shares=shares)
    slices = Slices(fit=fit, tune=tune, calibrate=calibrate, test=test)
    return purged(slices) if settings.purge_groups else slices


def gap_us(table: RiskTable, question: Question, *, settings: SliceSettings) -> int:
    """Microseconds kept free before the test slice."""
    horizon = max(horizon_days(question, settings=settings), settings.gap_days) * DAY_US
    span = int(np.ptp(table.assessed_us))
    return min(horizon, int(span * LONGEST_GAP))


def purged(slices: Slices) -> Slices:
    """Drop from each slice the rows whose group comes again in a later one."""
    later: set[str] = set()
    kept: list[RiskTable] = []
    for part in reversed(slices.parts):
        kept.append(part.take(np.array([group not in later for group in part.group], dtype=bool)))
        later |= {group for group in part.group if group}
    test, calibrate, tune, fit = kept
    return Slices(fit=fit, tune=tune, calibrate=calibrate, test=test)


def shared_groups(slices: Slices) -> set[str]:
    """Name what lies on both sides of a boundary: items, and groups that are billed together."""
    return {name for earlier, later in _pairs(slices) for name in _names(earlier) & _names(later)}


def _pairs(slices: Slices) -> Iterator[tuple[RiskTable, RiskTable]]:
    parts = slices.parts
    return ((parts[i], parts[j]) for i in range(len(parts)) for j in range(i + 1, len(parts)))


def _names(table: RiskTable) -> set[str]:
    return set(table.item_id) | {group for group in table.group if group}


def _drawn(table: RiskTable, *, shares: tuple[float, ...]) -> Iterator[RiskTable]:
    """Draw each group, or each item without one, into a slice; the same name, the same slice."""
    names = [group or item for group, item in zip(table.group, table.item_id, strict=True)]
    draw = uniforms(names, salt=SALT)
    edges = [0.0, *(np.cumsum(shares) / sum(shares))]
    for low, high in pairwise(edges):
        yield table.take((draw >= low) & (draw < high))
