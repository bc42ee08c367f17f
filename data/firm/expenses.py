"""Travel and materials: the trips people make, and what they claim for them each month."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from data.firm.chance import Chance
from data.firm.dates import local_moment, month_end
from data.firm.drafts import ApprovalFault, SheetDraft
from data.firm.plans import PRICE_LEVEL, ContractPlan, LinePlan
from data.firm.world import ZONES
from data.schemas.calendars import Preapproval, Trip
from data.schemas.catalogue import ExceptionCode
from data.schemas.items import Expense, PaidBy
from data.schemas.people import Person
from data.schemas.vocabulary import ClauseKind

PLACES = {"Rotterdam": 64, "Leipzig": 48, "Lyon": 56, "Geneva": 76}
"""Where sites are, with what a day there may cost in euro."""
TRAVEL_DAY_SHARE = 0.75
MARKUP = 0.05
RECEIPT_THRESHOLD_EUR, PREAPPROVAL_ABOVE_EUR = 80, 600
TRAVELS_PROBABILITY, MATERIALS_PROBABILITY, FOREIGN_PROBABILITY = 0.30, 0.3, 0.2
LONGEST_TRIP_DAYS = 3
HOTELS = ("Hotel Continental", "Harbour Inn", "Station Hotel", "Park Lodge", "Aparthotel Nord")
RIDES = ("City Taxi", "Rail Ticket Office", "Airport Shuttle", "Rental Cars Ltd")
SHOPS = ("Survey Supplies", "Office Depot", "Test Lab Direct", "Cloud Sandbox Ltd")
FOREIGN = ("GBP", Decimal("0.85"))
"""A receipt in another currency, and what it shows for one of the contract's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDraft:
    """One person's expenses of a trip for one line, before ids and signatures."""

    key: int
    person: Person
    plan: ContractPlan
    line: LinePlan
    trip: Trip
    submitted_at: datetime
    expenses: tuple[Expense, ...]
    preapprovals: tuple[Preapproval, ...] = ()
    planted: ExceptionCode | None = None
    approval_fault: ApprovalFault | None = None
    external_id: str = ""

    @property
    def zone(self) -> str:
        """The time zone the person works in."""
        return ZONES[self.person.country]

    @property
    def amount_minor(self) -> int:
        """The sum of what the client is asked."""
        return sum(one.billable_minor for one in self.expenses)

    @property
    def billed_month_end(self) -> date:
        """The end of the month whose invoice bills this report."""
        return month_end(max(one.incurred_on for one in self.expenses))


def travel(sheets: Sequence[SheetDraft], *, chance: Chance) -> tuple[ReportDraft, ...]:
    """The honest expense reports: about one for each month of somebody who travels."""
    reports: list[ReportDraft] = []
    for sheet in _weeks_on_site(sheets, chance=chance):
        draft = _Claim(sheet=sheet, number=len(reports) + 1, chance=chance)
        reports.append(draft.report())
    return tuple(reports)


def daily_minor(plan: ContractPlan, place: str) -> int:
    """What a day at a place may cost under a contract."""
    return round(PLACES[place] * PRICE_LEVEL[plan.client.currency]) * 100


def in_currency(plan: ContractPlan, euro: int) -> int:
    """A round amount of the contract's currency that is worth this many euro, in minor units."""
    return round(euro * PRICE_LEVEL[plan.client.currency]) * 100


def share_of(minor: int, share: float) -> int:
    """A share of money, rounded half up."""
    exact = Decimal(minor) * Decimal(str(share))
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def receipt(name: str) -> str:
    """The hash of a scanned receipt."""
    return hashlib.sha256(f"receipt {name}".encode()).hexdigest()


def _weeks_on_site(sheets: Sequence[SheetDraft], *, chance: Chance) -> Iterator[SheetDraft]:
    """At most one week a month and line of each person, inside the term of the contract."""
    by_month: dict[tuple[str, str, date], list[SheetDraft]] = defaultdict(list)
    for sheet in sheets:
        first, last = sheet.monday, sheet.monday + timedelta(days=6)
        is_inside = sheet.plan.start <= first and last <= sheet.plan.end
        if ClauseKind.EXPENSES in sheet.plan.duties and is_inside and sheet.follows is None:
            by_month[sheet.person.id, sheet.line.id, month_end(first)].append(sheet)
    for place in sorted(by_month):
        if chance.happens(TRAVELS_PROBABILITY):
            yield chance.pick(by_month[place])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """One report in the making."""

    sheet: SheetDraft
    number: int
    chance: Chance

    def report(self) -> ReportDraft:
        sheet, chance = self.sheet, self.chance
        start = min(entry.work_date for entry in sheet.entries)
        days = chance.between(1, LONGEST_TRIP_DAYS)
        trip = Trip(
            id=f"{sheet.plan.practice}TRIP-{self.number:05d}",
            person_id=sheet.person.id,
            project_id=sheet.line.project.id,
            place=chance.pick(tuple(PLACES)),
            start=start,
            end=start + timedelta(days=days - 1),
        )
        expenses = [*self._days(trip), *self._nights(trip), *self._rides(trip)]
        preapprovals: list[Preapproval] = []
        is_buying = ClauseKind.MATERIALS in sheet.plan.duties
        if is_buying and chance.happens(MATERIALS_PROBABILITY):
            bought, preapprovals = self._materials(trip)
            expenses.append(bought)
        handed_in_at = local_moment(
            trip.end + timedelta(days=chance.between(2, 9)),
            zone=sheet.zone,
            hour=chance.between(9, 16),
            minute=chance.between(0, 59),
        )
        return ReportDraft(
            key=self.number,
            person=sheet.person,
            plan=sheet.plan,
            line=sheet.line,
            trip=trip,
            submitted_at=handed_in_at,
            expenses=tuple(expenses),
            preapprovals=tuple(preapprovals),
        )

    def _days(self, trip: Trip) -> Iterator[Expense]:
        rate = daily_minor(self.sheet.plan, trip.place)
        for day in _days_of(trip):
            is_travel_day = day in {trip.start, trip.end}
            minor = share_of(rate, TRAVEL_DAY_SHARE) if is_travel_day else rate
            merchant = f"Daily allowance {self.sheet.person.id}"
            yield self._expense(trip, day=day, category="per_diem", merchant=merchant, minor=minor)

    def _nights(self, trip: Trip) -> Iterator[Expense]:
        hotel = self.chance.pick(HOTELS)
        for day in _days_of(trip)[:-1]:
            minor = in_currency(self.sheet.plan, 95) + self.chance.between(0, 9_999)
            yield self._expense(trip, day=day, category="hotel", merchant=hotel, minor=minor)

    def _rides(self, trip: Trip) -> Iterator[Expense]:
        for day in sorted({trip.start, trip.end}):
            minor = self.chance.between(1_250, 14_990)
            merchant = self.chance.pick(RIDES)
            yield self._expense(trip, day=day, category="transport", merchant=merchant, minor=minor)

    def _materials(self, trip: Trip) -> tuple[Expense, list[Preapproval]]:
        plan, chance = self.sheet.plan, self.chance
        minor = in_currency(plan, chance.between(180, 950)) + chance.between(0, 99)
        bought = self._expense(
            trip, day=trip.start, category="materials", merchant=chance.pick(SHOPS), minor=minor
        )
        bought = bought.model_copy(
            update={"billable_minor": minor + share_of(minor, MARKUP), "trip_id": None}
        )
        if minor <= in_currency(plan, PREAPPROVAL_ABOVE_EUR):
            return bought, []
        allowed = Preapproval(
            id=f"{plan.practice}PA-{self.number:05d}",
            project_id=trip.project_id,
            approved_on=trip.start - timedelta(days=chance.between(0, 20)),
            limit_minor=-(-minor // 10_000) * 10_000,
            category=chance.pick((None, "materials")),
        )
        return bought.model_copy(update={"preapproval_id": allowed.id}), [allowed]

    def _expense(
        self, trip: Trip, *, day: date, category: str, merchant: str, minor: int
    ) -> Expense:
        currency, shown = self.sheet.plan.client.currency, minor
        if category == "hotel" and currency == "EUR" and self.chance.happens(FOREIGN_PROBABILITY):
            currency, shown = FOREIGN[0], share_of(minor, float(FOREIGN[1]))
        # An allowance needs no receipt; it stays below the threshold.
        paper = receipt(f"{trip.id} {category} {day}") if category != "per_diem" else None
        return Expense(
            id="new",
            incurred_on=day,
            project_id=trip.project_id,
            category=category,
            merchant=merchant,
            amount_minor=shown,
            currency=currency,
            cost_minor=minor,
            billable_minor=minor,
            paid_by=PaidBy.OTHER if category == "per_diem" else PaidBy.CARD,
            receipt_sha256=paper,
            trip_id=trip.id,
            recorded_at=datetime.combine(day, time(20, 0, tzinfo=UTC)),
        )


def _days_of(trip: Trip) -> list[date]:
    return [trip.start + timedelta(days=n) for n in range((trip.end - trip.start).days + 1)]
