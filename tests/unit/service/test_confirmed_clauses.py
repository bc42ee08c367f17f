"""What a person confirmed out of a document outlives the next copy of the contract's file."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from data.schemas.clauses import WorkingTime
from service.domain.confirmed_clauses import with_confirmed
from service.domain.errors import ConfirmedOtherwiseError
from tests.builders.contracts import clause, contract

LATER = datetime(2026, 5, 1, tzinfo=UTC)
WRITTEN = clause(WorkingTime(max_daily_minutes=600), id="day")
CONFIRMED = clause(
    WorkingTime(max_daily_minutes=480), id="prop-1", valid_from=date(2026, 7, 1),
    proposed_by="clauses:test",
)  # fmt: skip
ENDED = WRITTEN.model_copy(update={"valid_to": date(2026, 6, 30)})
KNOWN = contract(clauses=(ENDED, CONFIRMED), recorded_at=LATER)


def test_the_same_file_again_changes_nothing():
    assert with_confirmed(contract(clauses=(WRITTEN,)), known=KNOWN) == KNOWN


def test_a_clause_of_the_file_with_an_end_of_its_own_is_cut_too():
    written = WRITTEN.model_copy(update={"valid_to": date(2026, 12, 31)})
    assert with_confirmed(contract(clauses=(written,)), known=KNOWN) == KNOWN


@pytest.mark.parametrize("since", [date(2026, 7, 1), date(2026, 9, 1)])
def test_a_clause_of_the_file_beside_a_confirmed_one_is_refused(since):
    written = WRITTEN.model_copy(update={"valid_from": since})
    with pytest.raises(ConfirmedOtherwiseError, match=r"'day' of the file .* 'prop-1'") as refused:
        with_confirmed(contract(clauses=(written,)), known=KNOWN)
    assert "2026-07-01" in refused.value.remedy
    unconfirmed = written.model_copy(update={"confirmed_by": None})
    merged = with_confirmed(contract(clauses=(unconfirmed,)), known=KNOWN)
    assert merged.clauses == (unconfirmed, CONFIRMED)


def test_a_changed_file_keeps_the_confirmed_clause():
    merged = with_confirmed(contract(clauses=(WRITTEN,), name="Other"), known=KNOWN)
    assert (merged.name, merged.clauses) == ("Other", (ENDED, CONFIRMED))


def test_a_file_that_holds_the_clause_decides_on_it():
    own = CONFIRMED.model_copy(update={"valid_to": date(2026, 8, 31)})
    brought = contract(clauses=(WRITTEN, own))
    assert with_confirmed(brought, known=KNOWN) == brought


def test_what_nobody_confirmed_or_a_file_wrote_is_not_kept():
    open_proposal = CONFIRMED.model_copy(update={"confirmed_by": None})
    written = WRITTEN.model_copy(update={"id": "gone"})
    known = contract(clauses=(open_proposal, written))
    brought = contract(clauses=())
    assert with_confirmed(brought, known=known) == brought


def test_a_clause_of_a_line_that_went_goes_with_it():
    line = contract().lines[0]
    old = line.model_copy(update={"id": "L-9"})
    known = contract(lines=(line, old), clauses=(CONFIRMED.model_copy(update={"line_id": "L-9"}),))
    brought = contract(clauses=())
    assert with_confirmed(brought, known=known) == brought
