"""Faults that no rule proves, drawn with a known probability from what a reader can see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.firm.approvals import SignedSheet
from data.firm.chance import Chance, logistic
from data.firm.dates import is_month_end
from data.firm.drafts import SheetDraft, Sign
from data.firm.habits import Habits, is_new_on_line
from data.firm.records import FaultKind
from data.schemas.items import TimeEntry
from data.schemas.values import amount_minor

BASE_LOG_ODDS = -6.5
SIGN_LOG_ODDS = {
    Sign.FOREIGN: 4.6,
    Sign.OVERHEAD: 4.4,
    Sign.REPEAT: 4.3,
    Sign.LONG: 3.4,
    Sign.VAGUE: 4.2,
    Sign.WEEKEND: 0.7,
}
"""What a sign adds; vague words add in proportion to how much of the sheet they fill."""
ROUND_LOG_ODDS, LATE_DAY_LOG_ODDS, NEW_LOG_ODDS, MONTH_END_LOG_ODDS = 0.6, 0.12, 0.6, 0.4
CARELESS_LOG_ODDS = 2.4
LONGEST_LATE_DAYS = 8
KIND_OF_SIGN = {
    Sign.FOREIGN: FaultKind.MISCODED_PROJECT,
    Sign.OVERHEAD: FaultKind.NONBILLABLE_ACTIVITY,
    Sign.REPEAT: FaultKind.NEAR_DUPLICATE,
    Sign.LONG: FaultKind.INFLATED_HOURS,
    Sign.VAGUE: FaultKind.NARRATIVE_INSUFFICIENT,
}
INFLATED_SHARE = 0.2
"""Part of the minutes of an inflated entry that nobody worked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenDraw:
    """How likely a hidden fault was, and the fault that came out of it, if any."""

    probability: float
    kind: FaultKind | None
    amounts_minor: dict[str, int]
    """What each faulty row bills too much."""


def draw_hidden(
    sheets: Sequence[SignedSheet], *, habits: Habits, chance: Chance
) -> dict[str, HiddenDraw]:
    """The draw of every timesheet, by item id."""
    return {
        sheet.item.item_id: _draw(sheet, careless=habits.of(sheet.draft.person), chance=chance)
        for sheet in sheets
    }


def hidden_probability(sheet: SheetDraft, *, careless: float) -> float:
    """The probability that a full review finds a fault that no rule has proved."""
    log_odds = BASE_LOG_ODDS + CARELESS_LOG_ODDS * careless
    log_odds += sum(_sign_log_odds(sheet).values())
    log_odds += ROUND_LOG_ODDS * sheet.is_round
    log_odds += LATE_DAY_LOG_ODDS * min(sheet.days_late, LONGEST_LATE_DAYS)
    log_odds += NEW_LOG_ODDS * is_new_on_line(sheet)
    log_odds += MONTH_END_LOG_ODDS * is_month_end(sheet.monday)
    return logistic(log_odds)


def _sign_log_odds(sheet: SheetDraft) -> dict[Sign, float]:
    counts = dict.fromkeys(Sign, 0)
    for entry in sheet.entries:
        if entry.sign is not None:
            counts[entry.sign] += 1
    vague_share = counts[Sign.VAGUE] / len(sheet.entries)
    return {
        sign: SIGN_LOG_ODDS[sign] * (vague_share if sign is Sign.VAGUE else 1.0)
        for sign, count in counts.items()
        if count
    }


def _draw(sheet: SignedSheet, *, careless: float, chance: Chance) -> HiddenDraw:
    probability = hidden_probability(sheet.draft, careless=careless)
    if not chance.happens(probability):
        return HiddenDraw(probability=probability, kind=None, amounts_minor={})
    weights = {
        sign: weight for sign, weight in _sign_log_odds(sheet.draft).items() if sign in KIND_OF_SIGN
    }
    if not weights:
        longest = max(sheet.item.entries, key=lambda entry: (entry.minutes_billable, entry.id))
        return _found(probability, kind=FaultKind.INFLATED_HOURS, rows=[longest])
    sign = chance.weighted(tuple(weights), weights=tuple(weights.values()))
    signed_ids = {entry.id for entry in sheet.draft.entries if entry.sign is sign}
    rows = [entry for entry in sheet.item.entries if entry.id in signed_ids]
    return _found(probability, kind=KIND_OF_SIGN[sign], rows=rows)


def _found(probability: float, *, kind: FaultKind, rows: Sequence[TimeEntry]) -> HiddenDraw:
    return HiddenDraw(
        probability=probability,
        kind=kind,
        amounts_minor={row.id: _too_much(row, kind=kind) for row in rows},
    )


def _too_much(entry: TimeEntry, *, kind: FaultKind) -> int:
    if kind is not FaultKind.INFLATED_HOURS:
        return entry.amount_minor
    minutes = max(1, round(entry.minutes_billable * INFLATED_SHARE))
    return amount_minor(minutes=minutes, rate_minor=entry.hourly_rate_minor)
