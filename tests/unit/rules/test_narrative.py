"""T19: what a narrative must say."""

from __future__ import annotations

from datetime import date

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import BillingGuidelines
from data.schemas.vocabulary import Severity
from tests.builders.checking import finding_of, rows_of
from tests.builders.contracts import change_order, clause, clauses, contract, reference
from tests.builders.items import entry, timesheet

T19 = ExceptionCode.NARRATIVE_INSUFFICIENT


def _under(**terms):
    return reference(contract(clauses=clauses(BillingGuidelines(**terms))))


def _found(narrative: str, *, under, **overrides):
    sheet = timesheet(entries=(entry(narrative=narrative, **overrides),))
    return finding_of(T19, sheet, under=under)


@pytest.mark.parametrize(
    ("narrative", "min_words", "actual"),
    [
        ("", 0, "0 words"),
        ("... !", 0, "0 words"),
        ("Work", 0, None),
        ("Built the import", 3, None),  # exactly three
        ("Built import", 3, "2 words"),
        ("Built", 2, "1 word"),
        ("Fixed bug 4711", 3, None),  # a number counts
        ("Built", 1, None),
        ("re-built", 2, None),  # two runs of letters
    ],
)
def test_narrative_has_as_many_words_as_agreed_and_at_least_one(narrative, min_words, actual):
    found = _found(narrative, under=_under(min_words=min_words))
    assert (found.evidence[0].actual if found else None) == actual


@pytest.mark.parametrize(
    ("narrative", "is_found"),
    [
        ("Various work on reports", True),
        ("VARIOUS, work!", True),
        ("Did various   works", False),
        ("Invarious work", False),
        ("Work of various kinds", False),  # not side by side
        ("This and that as discussed", True),
        ("Straße: Besprechung", True),
        ("Built the import", False),
    ],
)
def test_banned_phrase_is_found_as_whole_words_without_case_and_punctuation(narrative, is_found):
    phrases = ("various work", "as discussed", "STRASSE", "...")
    found = _found(narrative, under=_under(banned_phrases=phrases))
    assert (found is not None) == is_found


def test_finding_names_the_phrase_as_the_client_wrote_it():
    found = _found("misc. Work", under=_under(banned_phrases=("Stuff", "Misc work")))
    assert found.evidence[0].actual == "says 'Misc work'"
    assert found.evidence[0].expected == "none of the phrases that the client bans"
    assert found.severity is Severity.MEDIUM


def test_finding_says_how_many_words_are_missing():
    found = _found("Built it", under=_under(min_words=5))
    assert (found.evidence[0].actual, found.evidence[0].expected) == (
        "2 words",
        "at least 5 words",
    )


@pytest.mark.parametrize(
    ("minutes", "rate_minor", "probability", "exposure_minor"),
    [
        (480, 12_000, 0.25, 240_00),  # 960.00 x 0.25
        (60, 1_01, 0.5, 51),  # 1.01 x 0.5 = 0.505, half up
        (60, 1_01, 0.3, 30),  # 0.303
        (60, 1_00, 0.0, 0),
    ],
)
def test_share_that_clients_reject_is_at_risk(minutes, rate_minor, probability, exposure_minor):
    under = _under(rejection_probability=probability)
    found = _found("", under=under, minutes_worked=minutes, hourly_rate_minor=rate_minor)
    assert rows_of(found) == {"E-1": exposure_minor}


def test_work_that_is_not_billed_may_say_what_it_will():
    assert _found("", under=_under(), minutes_billable=0) is None


def test_without_guidelines_an_empty_narrative_breaks_nothing():
    assert _found("", under=None) is None


def test_guidelines_of_a_change_order_hold_from_its_day():
    order = change_order(
        effective_on=date(2026, 3, 4), clauses=(clause(BillingGuidelines(min_words=50)),)
    )
    found = finding_of(T19, timesheet(), under=reference(contract(change_orders=(order,))))
    assert list(rows_of(found)) == ["TS-1-3", "TS-1-4", "TS-1-5"]


def test_equal_narratives_are_all_found():
    rows = [entry(id=f"E-{n}", minutes_worked=30 + n, narrative="misc") for n in range(4)]
    found = finding_of(T19, timesheet(entries=rows), under=_under(banned_phrases=("misc",)))
    assert len(found.evidence) == 4
