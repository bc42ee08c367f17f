"""M1 acceptance missing, M2 accepted but unbilled, M3 evidence incomplete."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import Acceptance
from data.schemas.vocabulary import AcceptanceKind, ClauseKind, Severity
from tests.builders.checking import finding_of, found_codes, invoice, rows_of
from tests.builders.contracts import clauses, contract, reference
from tests.builders.items import MONDAY, acceptance, at, milestone

M1 = ExceptionCode.MILESTONE_ACCEPTANCE_MISSING
M2 = ExceptionCode.MILESTONE_UNBILLED_AFTER_ACCEPTANCE
M3 = ExceptionCode.MILESTONE_EVIDENCE_INCOMPLETE


def _day(days: int):
    return MONDAY + timedelta(days=days)


SUBMITTED = acceptance(AcceptanceKind.SUBMITTED, MONDAY)
ACCEPTED = acceptance(AcceptanceKind.ACCEPTED, _day(3))
REJECTED = acceptance(AcceptanceKind.REJECTED, _day(4))
CONDITIONAL = acceptance(AcceptanceKind.CONDITIONAL, _day(4))
AGAIN = acceptance(AcceptanceKind.SUBMITTED, _day(5))
DEEMED = Acceptance(window_days=10, is_deemed_after_window=True, bill_within_days=10)


def _under(terms: Acceptance):
    return reference(contract(clauses=clauses(terms)))


@pytest.mark.parametrize(
    ("events", "is_found"),
    [
        ((SUBMITTED, ACCEPTED), False),
        ((ACCEPTED,), False),
        ((SUBMITTED,), True),
        ((), True),
        ((SUBMITTED, CONDITIONAL), True),
        ((SUBMITTED, REJECTED), True),
        ((SUBMITTED, ACCEPTED, REJECTED), True),  # taken back
        ((REJECTED, ACCEPTED, SUBMITTED), True),  # the order of time counts, not of the list
        ((SUBMITTED, REJECTED, AGAIN, acceptance(AcceptanceKind.ACCEPTED, _day(6))), False),
    ],
)
def test_last_answer_of_the_client_counts(events, is_found):
    found = finding_of(M1, milestone(acceptance=events))
    assert rows_of(found) == ({"test:MS-1": 20_000_00} if is_found else {})


def test_milestone_that_is_not_ready_to_bill_waits_without_a_finding():
    assert found_codes(milestone(acceptance=(), is_ready_to_bill=False)) == []


@pytest.mark.parametrize(
    ("terms", "events", "days", "is_found"),
    [
        # Submitted on day 0, window of ten days: day 10 is the last to speak up.
        (DEEMED, (SUBMITTED,), 10, True),
        (DEEMED, (SUBMITTED,), 11, False),
        (Acceptance(window_days=10), (SUBMITTED,), 11, True),  # silence is not agreed to count
        (DEEMED, (SUBMITTED, REJECTED), 30, True),
        (DEEMED, (SUBMITTED, CONDITIONAL), 30, True),
        (DEEMED, (SUBMITTED, REJECTED, AGAIN), 15, True),  # a new window from day 5
        (DEEMED, (SUBMITTED, REJECTED, AGAIN), 16, False),
        (DEEMED, (), 30, True),  # never handed over
    ],
)
def test_silence_past_the_window_counts_as_acceptance(terms, events, days, is_found):
    found = found_codes(
        milestone(acceptance=events), under=_under(terms), decided_at=at(_day(days))
    )
    assert (M1 in found) is is_found


def test_window_is_counted_on_the_local_calendar():
    # 12 March, 23:30 UTC is day 10 in London and already day 11 in Vienna.
    moment = datetime(2026, 3, 12, 23, 30, tzinfo=UTC)
    for zone, is_found in (("Europe/London", True), ("Europe/Vienna", False)):
        item = milestone(acceptance=(SUBMITTED,), zone=zone)
        assert (M1 in found_codes(item, under=_under(DEEMED), decided_at=moment)) is is_found


def test_missing_acceptance_says_what_was_last_heard():
    found = finding_of(M1, milestone(acceptance=(SUBMITTED, REJECTED)), under=_under(DEEMED))
    assert found.severity is Severity.CRITICAL
    assert found.evidence[0].actual == "rejected on 2026-03-06"
    waiting = finding_of(M1, milestone(acceptance=(SUBMITTED,)), under=_under(DEEMED))
    assert waiting.evidence[0].expected == "acceptance by the client, or silence until 2026-03-13"


@pytest.mark.parametrize(
    ("days", "exposure_minor"),
    [
        (13, None),  # accepted on day 3, ten days to bill: day 13 is in time
        (14, -48_22),  # 20,000.00 x 0.08 x 11 / 365 = 48.219
        (76, -320_00),  # 20,000.00 x 0.08 x 73 / 365
    ],
)
def test_accepted_and_unbilled_money_costs_the_days_since_acceptance(days, exposure_minor):
    found = finding_of(M2, milestone(), decided_at=at(_day(days)))
    assert (found.exposure_minor if found else None) == exposure_minor


def test_lapse_clause_leaks_the_whole_amount():
    under = _under(Acceptance(is_lapsed_when_unbilled=True))
    assert finding_of(M2, milestone(), under=under, decided_at=at(_day(13))) is None
    found = finding_of(M2, milestone(), under=under, decided_at=at(_day(14)))
    assert (found.exposure_minor, found.severity) == (-20_000_00, Severity.HIGH)


def test_billed_milestone_is_not_waiting():
    found = found_codes(milestone(), invoices=[invoice("test:MS-1")], decided_at=at(_day(60)))
    assert M2 not in found


def test_deemed_acceptance_starts_the_days_to_bill():
    item = milestone(acceptance=(SUBMITTED,))
    # Deemed accepted on day 11: day 21 is in time, day 22 is eleven days after.
    assert finding_of(M2, item, under=_under(DEEMED), decided_at=at(_day(21))) is None
    found = finding_of(M2, item, under=_under(DEEMED), decided_at=at(_day(22)))
    assert found.evidence[0].actual == "accepted on 2026-03-13, 11 days ago, and not billed"


def test_signature_after_deemed_acceptance_does_not_reset_the_days():
    item = milestone(acceptance=(SUBMITTED, acceptance(AcceptanceKind.ACCEPTED, _day(20))))
    assert M2 in found_codes(item, under=_under(DEEMED), decided_at=at(_day(22)))


def test_accepted_milestone_waits_even_if_nobody_marked_it_ready():
    item = milestone(is_ready_to_bill=False)
    assert found_codes(item, decided_at=at(_day(60))) == [M2]


@pytest.mark.parametrize(
    ("changes", "actuals"),
    [
        ({}, []),
        ({"evidence_provided": ("test report",)}, ["design document is missing"]),
        ({"open_predecessors": ("Kick-off",)}, ["Kick-off is open"]),
        (
            {"evidence_provided": (), "open_predecessors": ("Kick-off",)},
            ["design document is missing", "test report is missing", "Kick-off is open"],
        ),
        ({"evidence_provided": (), "is_ready_to_bill": False}, []),
        ({"evidence_required": (), "evidence_provided": ()}, []),
    ],
)
def test_ready_milestone_has_all_evidence_and_no_open_predecessor(changes, actuals):
    found = finding_of(M3, milestone(**changes))
    assert ([row.actual for row in found.evidence] if found else []) == actuals
    assert (found.exposure_minor if found else 0) == (20_000_00 if actuals else 0)


def test_milestone_of_no_known_contract_still_needs_acceptance_and_evidence():
    item = milestone(contract_id="C-unknown", acceptance=(), evidence_provided=())
    assert found_codes(item) == [M1, M3]


def test_contract_without_these_clauses_asks_for_neither():
    terms = contract(clauses=clauses(without=[ClauseKind.ACCEPTANCE, ClauseKind.DELIVERABLES]))
    item = milestone(acceptance=(), evidence_provided=())
    assert found_codes(item, under=reference(terms)) == []
