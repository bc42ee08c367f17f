"""Contracts as they were sold: type, period, duties, lines, projects and rate cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from data.firm.chance import Chance
from data.firm.duties import Duties, deal_duties
from data.firm.trade import BUSINESS_UNITS, THEMES
from data.schemas.clauses import BillingIncrement, OvertimePeriod, Rounding
from data.schemas.contracts import Client, RateCardRow
from data.schemas.people import Person, Project, Task
from data.schemas.vocabulary import ClauseKind, ContractType

PRICE_LEVEL = {"CHF": 1.3, "EUR": 1.0, "GBP": 0.92, "PLN": 2.6, "USD": 1.2}
"""Hourly prices in each currency against the euro price; Poland sells below the exchange rate."""
HOURLY_EUR = {"analyst": 95, "consultant": 130, "senior_consultant": 165, "principal": 210}
"""Hourly euro price of each labor category, from the most junior to the most senior."""
TYPE_CYCLE = (
    ContractType.TIME_AND_MATERIALS_CEILING, ContractType.TIME_AND_MATERIALS,
    ContractType.MILESTONE, ContractType.TIME_AND_MATERIALS_CEILING,
    ContractType.TIME_AND_MATERIALS, ContractType.RETAINER, ContractType.FIXED,
    ContractType.TIME_AND_MATERIALS,
)  # fmt: skip
"""Contract types in the order they are dealt out: three quarters earn by the hour."""
SHAPE_CYCLE = ("covers", "overruns", "covers", "starts", "extends")
"""How contract periods lie to the span, dealt out in turn: five do not divide the eight types."""
SIGN_OFF_PLACES = frozenset({1, 4})
"""Two contracts in seven are countersigned by the client."""
HOURLY_TYPES = frozenset(TYPE_CYCLE) - {ContractType.MILESTONE, ContractType.FIXED}
INCREMENT_CYCLE = (
    BillingIncrement(increment_minutes=15), BillingIncrement(increment_minutes=5),
    BillingIncrement(increment_minutes=6, rounding=Rounding.UP),
    BillingIncrement(increment_minutes=15, rounding=Rounding.DOWN),
)  # fmt: skip
"""How clients who name an increment want minutes billed, dealt out in turn."""
ON_SITE, AT_HOME = "on_site", "home"
SITE_FACTORS: dict[str | None, float] = {None: 1.0, ON_SITE: 1.08}
"""What work costs at each place that the rate card names, against the rates without a place."""
CUT_OFF_DAY = 15
"""Where time may come in thirty days late, it still comes by this day of the next month."""
LONGEST_LATE_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePlan:
    """A contract line with its project, its trade and its rate card."""

    id: str
    contract_number: int
    project: Project
    theme: str
    purchase_order: str | None
    rate_card: tuple[RateCardRow, ...]

    @property
    def extra_task(self) -> Task:
        """A task that the statement of work leaves out; the usual ones are in it."""
        return Task(
            id=f"{self.project.id}.{len(self.project.tasks) + 1}",
            name="Additional requests",
            is_in_scope=False,
        )

    @property
    def escalates_on(self) -> date:
        """The day of the yearly price rise."""
        return max(row.valid_from for row in self.rate_card)

    @property
    def usual_place(self) -> str | None:
        """Where people work who are not in the office: on site, or at home for the same rates."""
        places = (ON_SITE, None, AT_HOME, None)
        return places[self.contract_number % len(places)]

    def card_rate_minor(
        self, labor_category: str, *, day: date, location: str | None = None
    ) -> int:
        """The hourly rate of a labor category on a day: that of the place, where it has one."""
        for place in (location, None):
            for row in self.rate_card:
                ends = row.valid_to or date.max
                is_meant = row.labor_category == labor_category and row.location == place
                if is_meant and row.valid_from <= day <= ends:
                    return row.hourly_rate_minor
        raise UnknownRateError(line_id=self.id, labor_category=labor_category, day=day)


class UnknownRateError(LookupError):
    """The rate card of a line has no rate for a labor category on a day."""

    def __init__(self, *, line_id: str, labor_category: str, day: date) -> None:
        self.line_id, self.labor_category, self.day = line_id, labor_category, day
        super().__init__(
            f"line {line_id} has no rate for {labor_category} on {day}: its rate card does not "
            f"reach that day; extend the card before booking work there"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractPlan:
    """A contract as it was sold; ceilings and caps are fixed once the work is known."""

    id: str
    number: int
    """Its place in the list, from one; what is dealt out in turn goes by it."""
    practice: str
    """What every id begins with."""
    client: Client
    type: ContractType
    theme: str
    signed_on: date
    start: date
    signed_end: date
    end: date
    """The end in force: `signed_end`, or later through an executed change order."""
    overrun_days: int
    """Days that people go on working after the end, on contracts where nobody watches it."""
    max_daily_minutes: int
    late_days: int
    is_forfeit_when_late: bool
    is_client_sign_off_required: bool
    acceptance_window_days: int
    is_deemed_after_window: bool
    bill_within_days: int
    is_lapsed_when_unbilled: bool
    lines: tuple[LinePlan, ...]
    duties: Duties
    """The kinds of clauses that this client demands beyond the ordinary."""
    increment: BillingIncrement | None
    """How minutes are billed: by the contract, else as the client always wants it."""
    middle: date
    """A Monday in the middle of the firm's time."""
    extra_in_scope_from: date | None
    """When a change order brings the extra task of each line into scope, if one ever does."""

    @property
    def excludes_more_from(self) -> date | None:
        """When a change order excludes one more activity, if one ever does."""
        has_exclusions = ClauseKind.EXCLUSIONS in self.duties
        return self.middle if has_exclusions and self.number % 2 else None

    @property
    def cut_off_day(self) -> int | None:
        """Day of the next month by which the work of a month is handed in."""
        return CUT_OFF_DAY if self.late_days == LONGEST_LATE_DAYS else None

    def scope_of(self, line: LinePlan) -> str | None:
        """A contract of one line carries its limits itself; of several, each line has its own."""
        return line.id if len(self.lines) > 1 else None

    @property
    def effort_tolerance(self) -> float:
        """Share by which planned effort may be exceeded: a tenth on every third contract."""
        return 0.1 if self.number % 3 == 0 else 0.0

    @property
    def overtime_period(self) -> OvertimePeriod:
        """The span over which overtime is counted: half of the contracts count whole weeks."""
        return OvertimePeriod.WEEK if self.number % 2 else OvertimePeriod.DAY

    @property
    def is_hourly(self) -> bool:
        """True when the contract earns by the hour."""
        return self.type in HOURLY_TYPES

    @property
    def last_work_day(self) -> date:
        """The last day on which people work, allowed or not."""
        return self.end + timedelta(days=self.overrun_days)


def draw_plan(
    number: int,
    *,
    client: Client,
    managers: tuple[Person, ...],
    span: tuple[date, date],
    chance: Chance,
    practice: str = "",
) -> ContractPlan:
    """Draw the contract at this place in the list; types and shapes are dealt out in turn."""
    kind = TYPE_CYCLE[number % len(TYPE_CYCLE)]
    start, signed_end, end, overrun_days = _period(
        span, shape=SHAPE_CYCLE[number % len(SHAPE_CYCLE)], chance=chance
    )
    theme = chance.pick(tuple(THEMES))
    price = PRICE_LEVEL[client.currency] * chance.uniform(0.9, 1.15)
    escalates_on = _escalation(span, start=start, chance=chance)
    line_count = 2 if kind in HOURLY_TYPES and chance.happens(0.35) else 1
    duties = deal_duties(
        number, cycle=TYPE_CYCLE, is_hourly=[one in HOURLY_TYPES for one in TYPE_CYCLE]
    )
    middle = span[0] + (span[1] - span[0]) / 2
    middle -= timedelta(days=middle.weekday())
    return ContractPlan(
        id=_contract_id(number + 1, practice=practice),
        number=number + 1,
        practice=practice,
        client=client,
        duties=duties,
        increment=_increment(number, duties=duties, client=client),
        middle=middle,
        extra_in_scope_from=middle if number % 2 == 0 and ClauseKind.SCOPE in duties else None,
        type=kind,
        theme=theme,
        signed_on=start - timedelta(days=chance.between(7, 40)),
        start=start,
        signed_end=signed_end,
        end=end,
        overrun_days=overrun_days if kind in HOURLY_TYPES else 0,
        max_daily_minutes=chance.pick((600, 600, 660, 720)),
        late_days=chance.pick((14, 14, 21, 30)),
        is_forfeit_when_late=chance.happens(0.3),
        is_client_sign_off_required=kind in HOURLY_TYPES and number % 7 in SIGN_OFF_PLACES,
        acceptance_window_days=chance.pick((10, 15, 20)),
        is_deemed_after_window=chance.happens(0.4),
        bill_within_days=chance.pick((10, 14)),
        is_lapsed_when_unbilled=chance.happens(0.25),
        lines=tuple(
            _line(
                (number + 1, place + 1),
                practice=practice,
                client=client,
                theme=theme if place == 0 else chance.pick(tuple(THEMES)),
                manager_id=chance.pick(managers).id,
                card=(price, start, escalates_on),
                chance=chance,
            )
            for place in range(line_count)
        ),
    )


def _contract_id(number: int, *, practice: str) -> str:
    return f"{practice}C-{number:03d}"


def _period(span: tuple[date, date], *, shape: str, chance: Chance) -> tuple[date, date, date, int]:
    """Draw start, signed end, end in force, and days of work after it."""
    first, last = span
    days = (last - first).days
    early = first - timedelta(days=chance.between(20, 400))
    late = last + timedelta(days=chance.between(30, 300))
    if shape == "covers":
        return early, late, late, 0
    if shape == "starts":
        return first + timedelta(days=chance.between(14, max(15, days // 2))), late, late, 0
    end = last - timedelta(days=chance.between(25, max(26, days // 2)))
    if shape == "extends":
        return early, end, end + timedelta(days=chance.between(15, 60)), 0
    return early, end, end, chance.between(3, 6)


def _increment(number: int, *, duties: Duties, client: Client) -> BillingIncrement | None:
    if ClauseKind.BILLING_INCREMENT in duties:
        return INCREMENT_CYCLE[number % len(INCREMENT_CYCLE)]
    usual = client.practice.increment_minutes if client.practice else None
    return BillingIncrement(increment_minutes=usual) if usual else None


def _escalation(span: tuple[date, date], *, start: date, chance: Chance) -> date:
    """The day of the yearly price rise, inside the span and after the contract's start."""
    first, last = span
    opening = max(first, start) + timedelta(days=30)
    day = opening + timedelta(days=chance.between(0, max(1, (last - opening).days * 2 // 3)))
    return day.replace(day=1) if day.replace(day=1) > opening else day


def _line(
    place: tuple[int, int],
    *,
    practice: str,
    client: Client,
    theme: str,
    manager_id: str,
    card: tuple[float, date, date],
    chance: Chance,
) -> LinePlan:
    has_order = chance.happens(1.0 if client.purchase_order_required else 0.3)
    contract_number, line_number = place
    contract_id = _contract_id(contract_number, practice=practice)
    line_id = f"{contract_id}-{line_number}"
    project_id = f"{practice}PR-{contract_number:03d}-{line_number}"
    project = Project(
        id=project_id,
        name=f"{client.name}: {theme}",
        client_id=client.id,
        contract_id=contract_id,
        manager_id=manager_id,
        business_unit=BUSINESS_UNITS[theme],
        tasks=tuple(
            Task(id=f"{project_id}.{task_number}", name=name, planned_minutes=60_000)
            for task_number, name in enumerate(THEMES[theme], start=1)
        ),
    )
    return LinePlan(
        id=line_id,
        contract_number=contract_number,
        project=project,
        theme=theme,
        purchase_order=f"PO-{chance.between(100_000, 999_999)}" if has_order else None,
        rate_card=_rate_card(line_id, card=card),
    )


def _rate_card(line_id: str, *, card: tuple[float, date, date]) -> tuple[RateCardRow, ...]:
    price, start, escalates_on = card
    # The card opens before the start and has no end, so that work outside the period still has a
    # rate: it breaks the period clause, not the rate schedule.
    opens = start - timedelta(days=60)
    rows = []
    for place, factor in SITE_FACTORS.items():
        for category, hourly_eur in HOURLY_EUR.items():
            first_minor = round(hourly_eur * price * factor) * 100
            next_minor = round(hourly_eur * price * factor * 1.035) * 100
            rows.append(
                RateCardRow(
                    line_id=line_id, labor_category=category, location=place,
                    hourly_rate_minor=first_minor, valid_from=opens,
                    valid_to=escalates_on - timedelta(days=1),
                )
            )  # fmt: skip
            rows.append(
                RateCardRow(
                    line_id=line_id, labor_category=category, location=place,
                    hourly_rate_minor=next_minor, valid_from=escalates_on,
                )
            )  # fmt: skip
    return tuple(rows)
