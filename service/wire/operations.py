"""Shapes of the operations page: what waits, what was decided, what it was worth, and the trend.

Money stands by currency and is never added across currencies.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from data.schemas.catalogue import ExceptionCode
from data.schemas.values import Probability, Record

MAX_DAYS = 366

Money = dict[str, int]
"""Minor units by currency."""


class OperationsQuery(BaseModel):
    """Which days, and whose items; read from the query string."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: Annotated[int, Field(ge=1, le=MAX_DAYS)] = 30
    client_id: Annotated[str | None, Field(max_length=200)] = None
    business_unit: Annotated[str | None, Field(max_length=200)] = None


class Pile(Record):
    """Some of the open cases: of one kind, client or age."""

    id: str
    name: str
    cases: int
    late: int
    amount_minor: Money
    at_risk_minor: Money


class OpenWork(Record):
    """Everything that still needs somebody."""

    cases: int
    late: int
    amount_minor: Money
    backlog_minutes: float
    by_kind: tuple[Pile, ...]
    by_client: tuple[Pile, ...]
    """Those with most cases first, at most twenty."""
    by_age: tuple[Pile, ...]
    by_status: tuple[Pile, ...]


class StraightThrough(Record):
    """How much of what was assessed in the period was cleared without a person."""

    items: int
    cleared: int
    assessed_minor: Money
    cleared_minor: Money


class HoursView(Record):
    """How long something took, in hours; None without a single one."""

    count: int
    p50_hours: float | None
    p90_hours: float | None


class DecidedMoney(Record):
    """What became of the money of the cases decided in the period, in one currency."""

    currency: str
    cases: int
    asked_minor: int
    to_bill_minor: int
    written_off_minor: int
    moved_minor: int
    stopped_minor: int
    """Asked for, and neither billed nor given up nor moved."""


class DecidedWork(Record):
    """What people decided in the period; repeats of a case count as work, not as money."""

    cases: int
    by_verdict: dict[str, int]
    overrides: int
    override_share: Probability | None
    money: tuple[DecidedMoney, ...]
    hours_to_decision: HoursView
    capacity_minutes: float | None
    """Expected minutes of what was decided, per day on which anybody decided."""


class CodeTally(Record):
    """How often one exception was found in the period, and what it is worth."""

    code: ExceptionCode
    findings: int
    risk_minor: Money
    leak_minor: Money


class PostedWork(Record):
    """Postings of the period by what became of them, and the time from receipt to the ledger."""

    by_status: dict[str, int]
    billed_minor: Money
    cycle: HoursView


class DayFigures(Record):
    """One day, by UTC."""

    day: date
    assessed: int
    cleared: int
    opened: int
    decided: int
    posted: int


class Named(Record):
    """Something to choose: an id and the name people know."""

    id: str
    name: str


class OperationsView(Record):
    """The desk over a period, as far as the reader may see it."""

    since: datetime
    until: datetime
    open: OpenWork
    straight_through: StraightThrough
    decided: DecidedWork
    found: tuple[CodeTally, ...]
    """Those found most often first."""
    posted: PostedWork
    days: tuple[DayFigures, ...]
    clients: tuple[Named, ...]
    """Those the reader may choose."""
    business_units: tuple[str, ...]
