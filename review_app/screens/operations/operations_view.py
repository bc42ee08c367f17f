"""The operations page as people read it: figures in words, tables in rows, the trend in points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from data.schemas.catalogue import CATALOGUE
from data.schemas.vocabulary import CaseStatus, ItemKind, PostingStatus
from review_app import formats
from service.wire.operations import HoursView, OperationsView, Pile

UNKNOWN = "–"  # noqa: RUF001 - a dash for what is not known
SERIES = {
    "assessed": "Assessed",
    "cleared": "Cleared",
    "opened": "Cases opened",
    "decided": "Cases decided",
    "posted": "Bills posted",
}
HOURS_PER_DAY = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A figure under the name of its definition, with a note and where it leads."""

    name: str
    figure: str
    note: str = ""
    page: str = ""
    query: Mapping[str, str] | None = None


def work_tiles(view: OperationsView) -> Iterator[Tile]:
    """What waits now."""
    open_work, capacity = view.open, view.decided.capacity_minutes
    yield Tile(
        name="open_cases",
        figure=formats.count(open_work.cases),
        note=money(open_work.amount_minor),
        page="cases",
    )
    yield Tile(
        name="late_cases",
        figure=formats.count(open_work.late),
        page="cases",
        query={"cases_due": "overdue"},
    )
    yield Tile(name="backlog_minutes", figure=formats.hours(round(open_work.backlog_minutes)))
    yield Tile(
        name="days_of_backlog",
        figure=formats.decimal(open_work.backlog_minutes / capacity) if capacity else UNKNOWN,
        note=f"{formats.hours(round(capacity))} a day" if capacity else "nothing decided yet",
    )


def flow_tiles(view: OperationsView) -> Iterator[Tile]:
    """How the period went."""
    through, decided = view.straight_through, view.decided
    yield Tile(
        name="straight_through_items",
        figure=share(through.cleared, through.items),
        note=f"{formats.count(through.cleared)} of {formats.count(through.items)}",
    )
    shares = [
        f"{currency} {share(through.cleared_minor.get(currency, 0), assessed)}"
        for currency, assessed in through.assessed_minor.items()
    ]
    yield Tile(
        name="straight_through_money",
        figure=" + ".join(shares) or UNKNOWN,
        note=f"{money(through.cleared_minor) or 'nothing'} cleared",
    )
    of_decided = f"{decided.overrides} of {sum(decided.by_verdict.values())}"
    yield Tile(
        name="override_share",
        figure=share(decided.overrides, sum(decided.by_verdict.values())),
        note=of_decided,
    )
    yield Tile(
        name="time_to_decision",
        figure=span(decided.hours_to_decision.p50_hours),
        note=_ninety(decided.hours_to_decision),
    )
    cycle = view.posted.cycle
    yield Tile(name="cycle", figure=span(cycle.p50_hours), note=_ninety(cycle))


def money_tiles(view: OperationsView) -> Iterator[Tile]:
    """What was kept from leaking, and what was found to leak."""
    stopped = {one.currency: one.stopped_minor for one in view.decided.money}
    written_off = {one.currency: one.written_off_minor for one in view.decided.money}
    yield Tile(name="leakage_stopped", figure=money(stopped) or UNKNOWN)
    yield Tile(name="written_off", figure=money(written_off) or UNKNOWN)
    found: dict[str, int] = {}
    for tally in view.found:
        for currency, minor in tally.leak_minor.items():
            found[currency] = found.get(currency, 0) + minor
    yield Tile(name="leakage_found", figure=money(found) or UNKNOWN)
    refused = view.posted.by_status.get(PostingStatus.REFUSED, 0)
    done = view.posted.by_status.get(PostingStatus.DONE, 0)
    yield Tile(
        name="refused_posting",
        figure=formats.count(refused),
        note=f"{formats.count(done)} posted, {money(view.posted.billed_minor) or 'nothing billed'}",
        page="exceptions",
    )


def decided_rows(view: OperationsView) -> dict[str, dict[str, str]]:
    """Decided money, one row a currency."""
    return {
        one.currency: {
            "Currency": one.currency,
            "Cases": formats.count(one.cases),
            "Asked for": formats.amount(one.asked_minor, currency=one.currency),
            "To bill": formats.amount(one.to_bill_minor, currency=one.currency),
            "Written off": formats.amount(one.written_off_minor, currency=one.currency),
            "Moved": formats.amount(one.moved_minor, currency=one.currency),
            "Stopped": formats.amount(one.stopped_minor, currency=one.currency),
        }
        for one in view.decided.money
    }


def pile_rows(piles: tuple[Pile, ...], *, title: str) -> dict[str, dict[str, str]]:
    """Open cases in rows of one kind, client, age or state."""
    return {
        one.id: {
            title: one.name if one.id not in _WORDED else formats.words(one.name),
            "Cases": formats.count(one.cases),
            "Late": formats.count(one.late),
            "Amount": money(one.amount_minor),
            "At risk": money(one.at_risk_minor),
        }
        for one in piles
    }


def found_rows(view: OperationsView) -> dict[str, dict[str, str]]:
    """What was found, one row a code."""
    return {
        one.code: {
            "Finding": CATALOGUE[one.code].title,
            "Found": formats.count(one.findings),
            "At risk": money(one.risk_minor),
            "Not billed": money(one.leak_minor),
        }
        for one in view.found
    }


def day_points(view: OperationsView) -> list[dict[str, object]]:
    """The trend as points: a day, a series and a number."""
    return [
        {"Day": one.day, "Series": words, "Items": getattr(one, name)}
        for one in view.days
        for name, words in SERIES.items()
    ]


def day_rows(view: OperationsView) -> dict[str, dict[str, str]]:
    """The trend as a table, newest day first."""
    return {
        str(one.day): {
            "Day": formats.day(one.day),
            **{words: formats.count(getattr(one, name)) for name, words in SERIES.items()},
            "Straight through": share(one.cleared, one.assessed),
        }
        for one in reversed(view.days)
    }


def trend_in_words(view: OperationsView) -> str:
    """The trend for whoever does not see the chart."""
    first, last = view.days[0].day, view.days[-1].day
    sums = {words: sum(getattr(one, name) for one in view.days) for name, words in SERIES.items()}
    told = ", ".join(f"{words.lower()} {formats.count(number)}" for words, number in sums.items())
    return f"From {_day(first)} to {_day(last)}: {told}. The table below has every day."


def money(by_currency: Mapping[str, int]) -> str:
    """`EUR 1,000.00 + USD 20.00`; empty where there is none."""
    return " + ".join(
        formats.money(minor, currency=currency)
        for currency, minor in sorted(by_currency.items())
        if minor
    )


def share(part: int, whole: int) -> str:
    """`42.5 %`, and a dash of nothing."""
    return f"{formats.decimal(100 * part / whole)} %" if whole else UNKNOWN


def span(hours: float | None) -> str:
    """Hours as people say them: minutes, hours or days."""
    if hours is None:
        return UNKNOWN
    if hours < 1:
        return f"{round(hours * 60)} min"
    if hours < 2 * HOURS_PER_DAY:
        return f"{formats.decimal(hours)} h"
    return f"{formats.decimal(hours / HOURS_PER_DAY)} days"


def _ninety(hours: HoursView) -> str:
    if hours.p90_hours is None:
        return "none yet"
    return f"nine in ten within {span(hours.p90_hours)}; {formats.count(hours.count)} in all"


def _day(day: date) -> str:
    return formats.full_day(day)


_WORDED = frozenset({*(one.value for one in ItemKind), *(one.value for one in CaseStatus)})
