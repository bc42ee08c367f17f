"""Timesheets in the making: what people did and wrote, before ids, signatures and limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto

from data.firm.dates import month_end
from data.firm.plans import ContractPlan, LinePlan
from data.firm.staffing import Spell
from data.firm.world import ZONES
from data.schemas.catalogue import ExceptionCode
from data.schemas.people import Person
from data.schemas.values import amount_minor


class Sign(Enum):
    """Something a careful reader may notice about an entry; most of the time it is harmless."""

    VAGUE = auto()
    FOREIGN = auto()
    OVERHEAD = auto()
    REPEAT = auto()
    LONG = auto()
    WEEKEND = auto()
    BLOCK = auto()
    FAVOUR = auto()


class ApprovalFault(Enum):
    """The ways a signature can be worth nothing."""

    SELF_APPROVED = auto()
    OVER_AUTHORITY = auto()
    CLIENT_MISSING = auto()
    EDITED_AFTERWARDS = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDraft:
    """One piece of work on one day."""

    work_date: date
    minutes_worked: int
    minutes_billable: int
    task_id: str
    labor_category: str
    rate_minor: int
    narrative: str
    recorded_at: datetime | None = None
    sign: Sign | None = None
    activity: str | None = None
    location: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    is_overlapping: bool = False
    """Clocked in before the entry before it was clocked out."""
    change_order_id: str | None = None
    adjustment_reason: str = ""
    is_misbilled: bool = False
    """Billed for other minutes than the increment makes of those worked."""
    id: str = ""

    @property
    def amount_minor(self) -> int:
        """Billable money of this entry."""
        return amount_minor(minutes=self.minutes_billable, rate_minor=self.rate_minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetDraft:
    """One person's week on one line; `key` names it until it gets its external id."""

    key: int
    spell: Spell
    monday: date
    submitted_at: datetime
    entries: tuple[EntryDraft, ...]
    is_round: bool = False
    days_late: int = 0
    """Days from the Friday of the week to the submission."""
    planted: ExceptionCode | None = None
    near_miss: ExceptionCode | None = None
    """A fault that this sheet comes as near to as can be, without bearing it."""
    approval_fault: ApprovalFault | None = None
    follows: int | None = None
    """The sheet that this one adds forgotten entries to."""
    external_id: str = ""

    @property
    def person(self) -> Person:
        """Who worked."""
        return self.spell.person

    @property
    def plan(self) -> ContractPlan:
        """The contract worked for."""
        return self.spell.plan

    @property
    def line(self) -> LinePlan:
        """The contract line worked on."""
        return self.spell.line

    @property
    def zone(self) -> str:
        """The time zone the person works in."""
        return ZONES[self.person.country]

    @property
    def amount_minor(self) -> int:
        """The sum of the rounded lines."""
        return sum(entry.amount_minor for entry in self.entries)

    @property
    def billed_month_end(self) -> date:
        """The end of the month whose invoice bills this sheet."""
        return month_end(max(entry.work_date for entry in self.entries))


def minutes_by_person_day(sheets: Iterable[SheetDraft]) -> dict[tuple[str, date], int]:
    """Minutes each person worked on each day, over all lines."""
    totals: dict[tuple[str, date], int] = {}
    for sheet in sheets:
        for entry in sheet.entries:
            place = (sheet.person.id, entry.work_date)
            totals[place] = totals.get(place, 0) + entry.minutes_worked
    return totals


def lines_by_person_day(sheets: Iterable[SheetDraft]) -> dict[tuple[str, date], set[int]]:
    """The sheets on which each person booked each day."""
    places: dict[tuple[str, date], set[int]] = {}
    for sheet in sheets:
        for entry in sheet.entries:
            places.setdefault((sheet.person.id, entry.work_date), set()).add(sheet.key)
    return places
