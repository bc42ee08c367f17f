"""What a contract says on a day is what items of that day are held against."""

from __future__ import annotations

from datetime import date, timedelta

from data.schemas.clauses import NotToExceed, WorkingTime
from data.schemas.contracts import ChangeOrder, Clause
from data.schemas.vocabulary import ChangeOrderStatus
from service.domain.terms_on import terms_on
from tests.builders.contracts import contract

FIRST = date(2026, 1, 1)
CHANGED = date(2026, 6, 1)
ONE_DAY = timedelta(days=1)


def clause(**overrides) -> Clause:
    given = {
        "id": "day",
        "terms": WorkingTime(max_daily_minutes=600),
        "text": "No more than ten hours a day.",
        "valid_from": FIRST,
        "confirmed_by": "anna",
    }
    return Clause(**(given | overrides))


def order(**overrides) -> ChangeOrder:
    given = {
        "id": "CO-1",
        "number": "1",
        "status": ChangeOrderStatus.EXECUTED,
        "effective_on": CHANGED,
        "clauses": (clause(id="day-2", terms=WorkingTime(max_daily_minutes=480)),),
    }
    return ChangeOrder(**(given | overrides))


def held(day: date, *, clauses=None, orders=()) -> list[tuple[str, str | None]]:
    told = contract(clauses=clauses or (clause(),), change_orders=orders)
    return [(one.clause.id, one.order_number) for one in terms_on(told, on=day)]


def test_a_clause_holds_on_its_first_and_its_last_day_and_not_beside_them():
    ended = (clause(valid_to=CHANGED),)
    assert held(FIRST - ONE_DAY, clauses=ended) == []
    assert held(FIRST, clauses=ended) == held(CHANGED, clauses=ended) == [("day", None)]
    assert held(CHANGED + ONE_DAY, clauses=ended) == []


def test_what_nobody_confirmed_does_not_hold():
    assert held(FIRST, clauses=(clause(confirmed_by=None),)) == []


def test_an_executed_change_order_restates_from_its_day_on():
    assert held(CHANGED - ONE_DAY, orders=(order(),)) == [("day", None)]
    assert held(CHANGED, orders=(order(),)) == [("day-2", "1")]


def test_a_change_order_that_is_not_executed_restates_nothing():
    sent = order(status=ChangeOrderStatus.SENT)
    assert held(CHANGED, orders=(sent,)) == [("day", None)]


def test_of_two_change_orders_the_later_one_holds_whatever_their_place():
    later = order(
        id="CO-2", number="2", effective_on=CHANGED + ONE_DAY, clauses=(clause(id="day-3"),)
    )
    assert held(CHANGED + ONE_DAY, orders=(later, order())) == [("day-3", "2")]


def test_ceilings_of_two_customers_stand_side_by_side():
    ceilings = tuple(
        clause(id=name, terms=NotToExceed(limit_minor=100, client_id=name)) for name in ("a", "b")
    )
    assert held(FIRST, clauses=ceilings) == [("a", None), ("b", None)]
