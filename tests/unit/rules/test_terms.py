"""Compiled terms: what is in force on a day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from data.schemas.clauses import WorkingTime
from data.schemas.regions import BillingPractice
from data.schemas.vocabulary import ClauseKind
from models.codes import UNKNOWN, Codes, line_name
from models.columns import NO_DAY, day_number
from models.terms import NO_LIMIT, Terms
from models.timeline import Span, Timeline
from tests.builders.calendars import region
from tests.builders.contracts import clause, client, contract, reference

SPRING, SUMMER, AUTUMN = date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)


def _ints(*numbers: int):
    return np.array(numbers, dtype=np.int64)


@pytest.mark.parametrize(
    ("spans", "answers"),
    [
        # Days 9, 10, 19, 20 of code 3.
        ([], [UNKNOWN] * 4),
        ([Span(3, 10, 19, 7)], [UNKNOWN, 7, 7, UNKNOWN]),
        ([Span(3, 10, None, 7)], [UNKNOWN, 7, 7, 7]),
        ([Span(3, 0, None, 1), Span(3, 10, 19, 7)], [1, 7, 7, 1]),  # the later start
        ([Span(3, 0, None, 1, 1), Span(3, 10, 19, 7, 0)], [1, 1, 1, 1]),  # the higher rank
        ([Span(3, 10, 19, 7), Span(3, 10, 19, 8)], [UNKNOWN, 8, 8, UNKNOWN]),  # the later given
        ([Span(2, 0, None, 5), Span(4, 0, None, 6)], [UNKNOWN] * 4),  # other codes
    ],
)
def test_timeline_gives_the_span_that_holds(spans, answers):
    timeline = Timeline.build(spans)
    assert timeline.at(_ints(3, 3, 3, 3), _ints(9, 10, 19, 20)).tolist() == answers


def test_clause_of_the_line_outranks_the_contracts_while_it_lasts():
    codes = Codes()
    general = clause(WorkingTime(max_daily_minutes=600), id="general")
    own = clause(
        WorkingTime(max_daily_minutes=480), id="own", line_id="L-1",
        valid_from=SPRING, valid_to=SUMMER,
    )  # fmt: skip
    terms = Terms.build(reference(contract(clauses=(general, own))), codes=codes)
    line = codes.line.find(line_name("C-1", "L-1"))
    days = _ints(*(day_number(day) for day in (SPRING, SUMMER, AUTUMN)))
    found = terms.clause(ClauseKind.WORKING_TIME, np.full(3, line), days)
    assert [terms.clauses[place].id for place in found] == ["own", "own", "general"]
    assert terms.daily_minutes(found).tolist() == [480, 480, 600]


def test_terms_of_an_unknown_line_answer_nothing():
    terms = Terms.build(reference(), codes=Codes())
    line, day = _ints(99), _ints(day_number(SPRING))
    assert terms.rates.card(line, line, line, day).tolist() == [UNKNOWN]
    assert [column.tolist() for column in terms.period(line, day)] == [[-NO_DAY], [NO_DAY]]
    assert terms.ceilings(line, line, day).contract_minor.tolist() == [NO_LIMIT]
    assert terms.hours_cap(line, line, day)[0].tolist() == [NO_LIMIT]
    assert terms.is_known(line).tolist() == [False]
    assert terms.is_assigned(line, line, line, day).tolist() == [False]


def test_client_of_a_contract_is_found_by_id():
    terms = Terms.build(reference(clients=[client(name="Acme Ltd")]), codes=Codes())
    found = terms.client_of_contract("C-1")
    assert found is not None
    assert found.name == "Acme Ltd"
    assert terms.client_of_contract("C-9") is None


def test_terms_without_contracts_can_be_asked():
    terms = Terms.build(reference(contract(clauses=())), codes=Codes())
    line, day = _ints(0), _ints(day_number(SPRING))
    assert terms.late_days(terms.clause(ClauseKind.TIMELY_BILLING, line, day)).tolist() == [
        NO_LIMIT
    ]


@pytest.mark.parametrize(
    ("of_client", "of_region", "minutes"),
    [
        (None, None, UNKNOWN),
        (None, 15, 15),
        (6, 15, 6),  # the client outranks its region
        (6, None, 6),
    ],
)
def test_increment_is_the_clients_or_else_its_regions(of_client, of_region, minutes):
    codes = Codes()
    practised = client(practice=BillingPractice(increment_minutes=of_client))
    regions = [region(practice=BillingPractice(increment_minutes=of_region))]
    terms = Terms.build(reference(clients=[practised], regions=regions), codes=codes)
    line = codes.line.find(line_name("C-1", "L-1"))
    assert terms.increment_of(_ints(line, 99)).tolist() == [minutes, UNKNOWN]


def test_increment_of_another_country_or_of_nobody_is_unknown():
    practice = BillingPractice(increment_minutes=15)
    codes = Codes()
    abroad = reference(clients=[client(country="DE")], regions=[region(practice=practice)])
    terms = Terms.build(abroad, codes=codes)
    line = codes.line.find(line_name("C-1", "L-1"))
    assert terms.increment_of(_ints(line)).tolist() == [UNKNOWN]
    strangers = Terms.build(reference(clients=[], regions=[region(practice=practice)]), codes=codes)
    assert strangers.increment_of(_ints(line)).tolist() == [UNKNOWN]
