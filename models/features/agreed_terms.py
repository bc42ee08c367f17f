"""How an item stands to what was agreed: ceilings, period, tasks, rates, roles and expenses."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median

import numpy as np

from data.schemas.items import AnyItem
from data.schemas.vocabulary import ClauseKind
from models.codes import UNKNOWN
from models.columns import NO_DAY, Batch, Flags, Floats, Ints, day_number
from models.features.circumstances import last_day_of
from models.features.feature import Feature, FeatureType, KnownAt, signs
from models.features.sheets import Sheets, sheets_of
from models.past.balances import Measure
from models.past.history import History, Past
from models.sums import Sums, key
from models.terms import NO_LIMIT, Terms
from models.timeline import pair

FOUR_WEEKS = 28

_T, _K = FeatureType, KnownAt

FEATURES: tuple[Feature, ...] = (
    Feature(name="ceiling_burn", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(write_off=1, dispute=0, delay=0),
            sentence="{value:.0%} of the ceiling is used with this item"),
    Feature(name="ceiling_burn_4w", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(write_off=0, dispute=0),
            sentence="{value:.1%} of the ceiling was used in the four weeks to this work"),
    Feature(name="hours_to_cap", type=_T.HOURS, known_at=_K.DECISION,
            signs=signs(fault=0, write_off=-1, dispute=0),
            sentence="{value:.0f} hours are left to the cap of the labor category",
            below="The cap of the labor category is exceeded by {value:.0f} hours"),
    Feature(name="days_to_period_end", type=_T.DAYS, known_at=_K.SUBMISSION,
            signs=signs(fault=0, write_off=0, dispute=0, delay=0),
            sentence="{value:.0f} days of the period of performance were left",
            below="The work was done {value:.0f} days after the period of performance"),
    Feature(name="off_scope_share", type=_T.SHARE, known_at=_K.SUBMISSION,
            signs=signs(fault=1, write_off=0, dispute=1),
            sentence="{value:.0%} of the entries are on tasks outside the statement of work"),
    Feature(name="rate_gap", type=_T.SHARE, known_at=_K.SUBMISSION,
            signs=signs(write_off=0, dispute=0),
            sentence="A rate lies {value:.1%} above the card",
            below="A rate lies {value:.1%} below the card"),
    Feature(name="days_since_rate_change", type=_T.DAYS, known_at=_K.SUBMISSION,
            signs=signs(write_off=0, dispute=-1),
            sentence="The rate on the card changed {value:.0f} days before the work"),
    Feature(name="rate_to_card", type=_T.NUMBER, known_at=_K.SUBMISSION,
            signs=signs(fault=0, write_off=0, dispute=0),
            sentence="The rate is {value:.2f} times the middle of the line's card"),
    Feature(name="role_mismatch_share", type=_T.SHARE, known_at=_K.SUBMISSION,
            signs=signs(fault=0, write_off=0, dispute=0),
            sentence="{value:.0%} of the entries are billed in another role than the person's"),
    Feature(name="tenure_days", type=_T.DAYS, known_at=_K.SUBMISSION,
            signs=signs(fault=0, write_off=0, dispute=0),
            sentence="This person joined {value:.0f} days before"),
    Feature(name="expense_labour_ratio", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(fault=0, write_off=0, dispute=0),
            sentence="Expenses of the line are {value:.1%} of its money of time"),
)  # fmt: skip


def agreed_terms(batch: Batch, *, past: Past, history: History, terms: Terms) -> dict[str, Floats]:
    """Give the features of terms; those of single entries only for timesheets."""
    day = np.array([day_number(last_day_of(item)) for item in batch.items], dtype=np.int64)
    columns = {
        **_ceiling(batch, past=past, terms=terms, day=day),
        "tenure_days": _tenure(batch, terms=terms, day=day),
        "expense_labour_ratio": _expense_ratio(batch, past=past),
    }
    sheets = sheets_of(batch)
    if sheets is None:
        return columns
    of_sheets = {
        "hours_to_cap": _hours_to_cap(sheets, past=past, terms=terms),
        "days_to_period_end": _to_period_end(sheets, terms=terms),
        "off_scope_share": sheets.share(_is_off_scope(sheets, terms=terms)),
        "rate_gap": _rate_gap(sheets, terms=terms),
        "role_mismatch_share": sheets.share(
            _is_other_role(batch, sheets, terms=terms, history=history)
        ),
        **_card_ages(batch, sheets, terms=terms, history=history),
    }
    return columns | {name: sheets.spread(column) for name, column in of_sheets.items()}


def _ceiling(batch: Batch, *, past: Past, terms: Terms, day: Ints) -> dict[str, Floats]:
    """Past and own amount over the ceiling, at the level where it is closer; NaN without one."""
    limit = terms.ceilings(batch.line, batch.contract, day)
    of_line = past.used(Measure.LINE_MONEY, batch.line) + batch.amount_minor
    of_contract = past.used(Measure.CONTRACT_MONEY, batch.contract) + batch.amount_minor
    burn = np.fmax(
        _burn(of_line, limit_minor=limit.line_minor),
        _burn(of_contract, limit_minor=limit.contract_minor),
    )
    days = day[:, None] - np.arange(FOUR_WEEKS)
    lately = past.learned.money_of_days(np.broadcast_to(batch.line[:, None], days.shape), days)
    closer = np.minimum(limit.line_minor, limit.contract_minor)
    burn_4w = _burn(lately.sum(axis=1) + batch.amount_minor, limit_minor=closer)
    # Ceilings limit the money of time: expenses have a cap of their own.
    is_expenses = np.diff(batch.first_expense) > 0
    return {
        "ceiling_burn": np.where(is_expenses, np.nan, burn),
        "ceiling_burn_4w": np.where(is_expenses, np.nan, burn_4w),
    }


def _burn(used_minor: Ints, *, limit_minor: Ints) -> Floats:
    has_limit = limit_minor < NO_LIMIT
    return np.where(has_limit, used_minor / np.maximum(limit_minor, 1), np.nan)


def _tenure(batch: Batch, *, terms: Terms, day: Ints) -> Floats:
    people = terms.reference.people
    hired = [
        day_number(people[name].hired_on) if name in people else math.nan
        for name in batch.person_id.tolist()
    ]
    return np.asarray(day - np.array(hired, dtype=np.float64))


def _expense_ratio(batch: Batch, *, past: Past) -> Floats:
    is_expenses = np.diff(batch.first_expense) > 0
    own_minor = np.where(is_expenses, batch.amount_minor, 0)
    expenses = past.used(Measure.LINE_EXPENSES, batch.line) + own_minor
    labour = past.used(Measure.LINE_MONEY, batch.line)
    return np.where(labour > 0, expenses / np.maximum(labour, 1), np.nan)


def _hours_to_cap(sheets: Sheets, *, past: Past, terms: Terms) -> Floats:
    own = sheets.entries
    limit, _ = terms.hours_cap(own.line, own.category, own.work_day)
    used = past.used(Measure.CATEGORY_MINUTES, pair(own.line, own.category))
    strand = key(own.item, own.category)
    total = used + Sums.of(strand, own.minutes_billable).at(strand)
    left = np.where(limit < NO_LIMIT, (limit - total) / 60.0, np.nan)
    return np.fmin.reduceat(left, sheets.starts)


def _to_period_end(sheets: Sheets, *, terms: Terms) -> Floats:
    own = sheets.entries
    _, end = terms.period(own.line, own.work_day)
    left = np.where(end == NO_DAY, np.nan, (end - own.work_day).astype(np.float64))
    return np.fmin.reduceat(left, sheets.starts)


def _is_off_scope(sheets: Sheets, *, terms: Terms) -> Flags:
    own = sheets.entries
    clause = terms.clause(ClauseKind.SCOPE, own.line, own.work_day)
    return terms.scope.is_outside(clause, line=own.line, task=own.task, day=own.work_day)


def _rate_gap(sheets: Sheets, *, terms: Terms) -> Floats:
    """The gap to the card that is furthest from nothing, as a share of the card."""
    own = sheets.entries
    card = terms.rates.card(own.line, own.category, own.location, own.work_day)
    gap = np.where(card > 0, (own.rate_minor - card) / np.maximum(card, 1), np.nan)
    above = np.fmax.reduceat(gap, sheets.starts)
    below = np.fmin.reduceat(gap, sheets.starts)
    return np.where(above >= -below, above, below)


def _is_other_role(batch: Batch, sheets: Sheets, *, terms: Terms, history: History) -> Flags:
    """Whether each entry's category is not that of its person; of nobody unknown."""
    people = terms.reference.people
    roles = np.full(sheets.size, UNKNOWN, dtype=np.int64)
    for place, name in zip(sheets.items.tolist(), batch.person_id[sheets.items], strict=True):
        if name in people:
            roles[place] = history.codes.category.find(people[name].labor_category)
    role = roles[sheets.entries.item]
    return np.asarray((role != UNKNOWN) & (role != sheets.entries.category))


def _card_ages(
    batch: Batch, sheets: Sheets, *, terms: Terms, history: History
) -> dict[str, Floats]:
    """Days since the card changed for the category of a sheet's last entry, and its place on it."""
    cards: dict[int, _Card] = {}
    rows = []
    own = sheets.entries
    stops = np.append(sheets.starts[1:], len(own)) - 1
    for place, last in zip(sheets.items.tolist(), stops.tolist(), strict=True):
        line, day = int(own.line[last]), int(own.work_day[last])
        if line not in cards:
            cards[line] = _Card.of(batch.items[place], terms=terms)
        name = history.codes.category.name(int(own.category[last]))
        middle = cards[line].middle(day=day)
        rate = own.rate_minor[last] / middle if middle else math.nan
        rows.append((cards[line].age(category=name, day=day), rate))
    table = np.array(rows, dtype=np.float64)
    return {"days_since_rate_change": table[:, 0], "rate_to_card": table[:, 1]}


@dataclass(frozen=True, slots=True)
class _Card:
    """The rate card of one line: when each category's rate changed, and every rate in force."""

    changes: dict[str, list[int]]
    spans: list[tuple[int, int, int]]

    @classmethod
    def of(cls, item: AnyItem, *, terms: Terms) -> _Card:
        contract = terms.reference.contracts.get(item.contract_id)
        card = () if contract is None else contract.rate_card
        starts: dict[str, set[int]] = {}
        spans = []
        for row in card:
            if row.line_id == item.line_id:
                first = day_number(row.valid_from)
                last = NO_DAY if row.valid_to is None else day_number(row.valid_to)
                spans.append((first, last, row.hourly_rate_minor))
                starts.setdefault(row.labor_category, set()).add(first)
        # The first rate of a category changes nothing.
        return cls({name: sorted(days)[1:] for name, days in starts.items()}, spans)

    def age(self, *, category: str, day: int) -> float:
        """Days since the category's rate changed; unknown while its first one holds."""
        passed = [start for start in self.changes.get(category, ()) if start <= day]
        return float(day - passed[-1]) if passed else math.nan

    def middle(self, *, day: int) -> float:
        """The median rate in force that day, 0 without one."""
        in_force = [rate for first, last, rate in self.spans if first <= day <= last]
        return float(median(in_force)) if in_force else 0.0
