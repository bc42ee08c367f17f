"""Faults that no rule proves, each drawn with a known probability from what a reader can see.

Every kind has its own log-odds: a base that is next to nothing, what its sign adds, and what the
circumstances add. A sheet may bear several kinds, each drawn for itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from data.firm.approvals import SignedSheet
from data.firm.chance import Chance, Floats
from data.firm.dates import is_month_end
from data.firm.drafts import EntryDraft, SheetDraft, Sign
from data.firm.habits import LONGEST_LATE_DAYS, Habits, is_new_on_line
from data.firm.records import FaultKind
from data.firm.signs import BLOCK_MINUTES
from data.schemas.items import TimeEntry
from data.schemas.values import amount_minor

BASE_LOG_ODDS = -9.0


class Seen(StrEnum):
    """What a reader sees on a timesheet and, last, two things that only the past tells."""

    FOREIGN = "foreign"
    FOREIGN_MORE = "foreign_more"
    """Foreign entries after the first, up to two."""
    VAGUE = "vague"
    VAGUE_SHARE = "vague_share"
    OVERHEAD = "overhead"
    OVERHEAD_SHARE = "overhead_share"
    REPEAT = "repeat"
    LONG = "long"
    LONG_MORE = "long_more"
    """Days near the limit after the first, up to three."""
    BLOCK = "block"
    BLOCK_HOURS = "block_hours"
    """Hours of the longest block above the shortest that counts, up to four."""
    FAVOUR = "favour"
    FAVOUR_SHARE = "favour_share"
    BANNED_WEEKEND = "banned_weekend"
    """Weekend work where, after a change, the firm does not accept it any more."""
    ROUND = "round"
    LATE = "late"
    """Days late as a share of the most."""
    NEW = "new"
    MONTH_END = "month_end"
    CARELESS = "careless"
    PRESSURE = "pressure"


_S = Seen
LOG_ODDS: dict[FaultKind, dict[Seen, float]] = {
    FaultKind.MISCODED_PROJECT: {
        _S.FOREIGN: 8.2, _S.FOREIGN_MORE: 1.0, _S.NEW: 1.2, _S.MONTH_END: 0.4, _S.CARELESS: 1.6,
    },
    FaultKind.NARRATIVE_INSUFFICIENT: {
        _S.VAGUE: 4.4, _S.VAGUE_SHARE: 5.6, _S.LATE: 1.2, _S.MONTH_END: 0.5, _S.CARELESS: 1.2,
    },
    FaultKind.NONBILLABLE_ACTIVITY: {
        _S.OVERHEAD: 7.2, _S.OVERHEAD_SHARE: 4.0, _S.MONTH_END: 0.4, _S.CARELESS: 1.6,
    },
    FaultKind.NEAR_DUPLICATE: {
        _S.REPEAT: 8.0, _S.LATE: 2.4, _S.ROUND: 0.4, _S.CARELESS: 1.6,
    },
    FaultKind.INFLATED_HOURS: {
        _S.LONG: 5.6, _S.LONG_MORE: 0.8, _S.ROUND: 0.6, _S.MONTH_END: 0.6, _S.CARELESS: 1.6,
        _S.BANNED_WEEKEND: 9.5,
    },
    FaultKind.BLOCK_BILLING: {
        _S.BLOCK: 7.2, _S.BLOCK_HOURS: 0.8, _S.LATE: 1.0, _S.CARELESS: 1.6,
    },
    FaultKind.OUT_OF_SCOPE: {
        _S.FAVOUR: 7.6, _S.FAVOUR_SHARE: 3.0, _S.PRESSURE: 2.0, _S.NEW: 0.6, _S.CARELESS: 0.8,
    },
}  # fmt: skip
"""What each thing seen adds to the log-odds of each kind."""
SIGN_OF_KIND = {
    FaultKind.MISCODED_PROJECT: Sign.FOREIGN,
    FaultKind.NARRATIVE_INSUFFICIENT: Sign.VAGUE,
    FaultKind.NONBILLABLE_ACTIVITY: Sign.OVERHEAD,
    FaultKind.NEAR_DUPLICATE: Sign.REPEAT,
    FaultKind.INFLATED_HOURS: Sign.LONG,
    FaultKind.BLOCK_BILLING: Sign.BLOCK,
    FaultKind.OUT_OF_SCOPE: Sign.FAVOUR,
}
SHARE_TOO_MUCH = {FaultKind.INFLATED_HOURS: 0.2, FaultKind.BLOCK_BILLING: 0.2}
"""Part of the minutes of a faulty row that is not owed; all of it for the other kinds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenDraw:
    """How likely each kind of hidden fault was, and what each that came true bills too much."""

    probabilities: Mapping[FaultKind, float]
    amounts_minor: Mapping[FaultKind, Mapping[str, int]]
    """By kind and row, for the kinds that came true."""

    @property
    def probability(self) -> float:
        """The probability of any kind at all."""
        return float(1.0 - np.prod([1.0 - one for one in self.probabilities.values()]))


def draw_hidden(
    sheets: Sequence[SignedSheet],
    *,
    habits: Habits,
    weekends_banned_from: date | None,
    chance: Chance,
) -> dict[str, HiddenDraw]:
    """The draw of every timesheet, by item id."""
    kinds = tuple(LOG_ODDS)
    table = probabilities_of(
        [_seen(one.draft, habits=habits, banned_from=weekends_banned_from) for one in sheets]
    )
    is_true = chance.each_happens(table)
    return {
        sheet.item.item_id: HiddenDraw(
            probabilities=dict(zip(kinds, table[row].tolist(), strict=True)),
            amounts_minor={
                kind: {entry.id: _too_much(entry, kind=kind) for entry in _rows(sheet, kind=kind)}
                for place, kind in enumerate(kinds)
                if is_true[row, place]
            },
        )
        for row, sheet in enumerate(sheets)
    }


def probabilities_of(seen: Sequence[Mapping[Seen, float]]) -> Floats:
    """The probability of each kind, in the order of LOG_ODDS, for each sheet: (sheets, kinds)."""
    places = {name: place for place, name in enumerate(Seen)}
    values = np.zeros((len(seen), len(places)))
    for row, one in enumerate(seen):
        for name, value in one.items():
            values[row, places[name]] = value
    weights = np.array([[own.get(name, 0.0) for own in LOG_ODDS.values()] for name in Seen])
    log_odds = values @ weights + BASE_LOG_ODDS
    table: Floats = 1.0 / (1.0 + np.exp(-log_odds))
    return table


def _seen(sheet: SheetDraft, *, habits: Habits, banned_from: date | None) -> dict[Seen, float]:
    seen = {
        Seen.ROUND: float(sheet.is_round),
        Seen.LATE: min(sheet.days_late, LONGEST_LATE_DAYS) / LONGEST_LATE_DAYS,
        Seen.NEW: float(is_new_on_line(sheet)),
        Seen.MONTH_END: float(is_month_end(sheet.monday)),
        Seen.CARELESS: habits.of(sheet.person),
        Seen.PRESSURE: habits.pressure_of(sheet.plan.client),
    }
    rows: dict[Sign, list[EntryDraft]] = {}
    for entry in sheet.entries:
        if entry.sign is not None:
            rows.setdefault(entry.sign, []).append(entry)
    for sign, entries in rows.items():
        seen.update(_told_by(sign, entries=entries, of_all=len(sheet.entries)))
    if Sign.WEEKEND in rows and is_banned(sheet, banned_from=banned_from):
        seen[Seen.BANNED_WEEKEND] = 1.0
    return seen


def is_banned(sheet: SheetDraft, *, banned_from: date | None) -> bool:
    """True on contracts with an even number, once weekend work is not accepted any more."""
    is_in_force = banned_from is not None and sheet.monday >= banned_from
    return is_in_force and int(sheet.plan.id[-3:]) % 2 == 0


def _told_by(sign: Sign, *, entries: Sequence[EntryDraft], of_all: int) -> dict[Seen, float]:
    """What the entries with one sign show together."""
    count, share = len(entries), len(entries) / of_all
    if sign is Sign.FOREIGN:
        return {Seen.FOREIGN: 1.0, Seen.FOREIGN_MORE: min(count - 1.0, 2.0)}
    if sign is Sign.LONG:
        return {Seen.LONG: 1.0, Seen.LONG_MORE: min(count - 1.0, 3.0)}
    if sign is Sign.BLOCK:
        longest = max(entry.minutes_billable for entry in entries)
        hours = min(max(longest - BLOCK_MINUTES, 0) / 60.0, 4.0)
        return {Seen.BLOCK: 1.0, Seen.BLOCK_HOURS: hours}
    shares = {
        Sign.VAGUE: (Seen.VAGUE, Seen.VAGUE_SHARE),
        Sign.OVERHEAD: (Seen.OVERHEAD, Seen.OVERHEAD_SHARE),
        Sign.FAVOUR: (Seen.FAVOUR, Seen.FAVOUR_SHARE),
    }
    if sign in shares:
        is_there, how_much = shares[sign]
        return {is_there: 1.0, how_much: share}
    return {Seen.REPEAT: 1.0} if sign is Sign.REPEAT else {}


def _rows(sheet: SignedSheet, *, kind: FaultKind) -> Iterator[TimeEntry]:
    """The rows that bear a fault: those with its sign, else the one that bills the most."""
    signs = {SIGN_OF_KIND[kind]}
    if kind is FaultKind.INFLATED_HOURS and not any(
        one.sign is Sign.LONG for one in sheet.draft.entries
    ):
        signs = {Sign.WEEKEND}
    ids = {entry.id for entry in sheet.draft.entries if entry.sign in signs}
    if not ids:
        ids = {max(sheet.item.entries, key=lambda one: (one.minutes_billable, one.id)).id}
    yield from (entry for entry in sheet.item.entries if entry.id in ids)


def _too_much(entry: TimeEntry, *, kind: FaultKind) -> int:
    if kind not in SHARE_TOO_MUCH:
        return entry.amount_minor
    minutes = max(1, round(entry.minutes_billable * SHARE_TOO_MUCH[kind]))
    return amount_minor(minutes=minutes, rate_minor=entry.hourly_rate_minor)
