"""Funds, and the notices that are due before they run out: given in time, but for a few lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from data.firm.chance import Chance
from data.firm.drafts import EntryDraft

THOUSAND_MINOR = 100_000
NOTICE_SHARES = (0.75, 0.85)
AHEAD = timedelta(days=10)
"""How long before the threshold an honest notice is given."""
LATE = timedelta(days=18)
FURTHER_FUNDS_PROBABILITY = 0.4
FEWEST_ENTRIES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Funds:
    """The funds of a line, the order that adds to them, and the notices that were given."""

    funded_minor: int
    notice_share: float
    notices: tuple[date, ...]
    added_minor: int = 0
    added_on: date | None = None


def draw_funds(work: Sequence[EntryDraft], *, is_breached: bool, chance: Chance) -> Funds:
    """Funds round the work of a line, which stands in order of days."""
    if len(work) < FEWEST_ENTRIES:
        return Funds(funded_minor=10**9, notice_share=NOTICE_SHARES[0], notices=())
    total = sum(entry.amount_minor for entry in work)
    share = chance.pick(NOTICE_SHARES)
    if is_breached:
        return _breached(work, total=total, share=share, chance=chance)
    if chance.happens(FURTHER_FUNDS_PROBABILITY):
        return _added(work, total=total, share=share, chance=chance)
    funded = _thousands(total * chance.uniform(1.05, 1.4))
    crossed = _crossing(work, minor=share * funded)
    notices = () if crossed is None else (crossed - AHEAD,)
    return Funds(funded_minor=funded, notice_share=share, notices=notices)


def _breached(work: Sequence[EntryDraft], *, total: int, share: float, chance: Chance) -> Funds:
    """Notice comes two weeks after it was due, or never, though all the funds are used."""
    if chance.happens(0.4):
        return Funds(funded_minor=_thousands(total * 0.99), notice_share=0.95, notices=())
    funded = _thousands(total * 1.04 * 0.85 / share)
    crossed = _crossing(work, minor=share * funded)
    notices = () if crossed is None else (crossed + LATE,)
    return Funds(funded_minor=funded, notice_share=share, notices=notices)


def _added(work: Sequence[EntryDraft], *, total: int, share: float, chance: Chance) -> Funds:
    """Further funds by an executed order; the notice is given anew after it."""
    added_on = work[len(work) * chance.between(40, 60) // 100].work_date
    before = sum(entry.amount_minor for entry in work if entry.work_date < added_on)
    signed = _thousands(before * 1.35) + THOUSAND_MINOR
    added = max(_thousands(total * 1.2) - signed, THOUSAND_MINOR)
    crossed = _crossing(work, minor=share * (signed + added))
    second = added_on if crossed is None else max(added_on, crossed - AHEAD)
    return Funds(
        funded_minor=signed,
        notice_share=share,
        notices=(added_on - 2 * AHEAD, second),
        added_minor=added,
        added_on=added_on,
    )


def _crossing(work: Sequence[EntryDraft], *, minor: float) -> date | None:
    """The day on which the money used reaches `minor`."""
    used = 0
    for entry in work:
        used += entry.amount_minor
        if used >= minor:
            return entry.work_date
    return None


def _thousands(minor: float) -> int:
    return int(minor) // THOUSAND_MINOR * THOUSAND_MINOR
