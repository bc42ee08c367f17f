"""The worktop: what may be shown before the server has answered, and what a press reaches."""

from __future__ import annotations

from datetime import UTC, datetime

from review_app.screens.deciding import decision_bar
from review_app.screens.deciding.asking import Ask
from review_app.screens.queue.steps import stands
from service.wire.cases import CaseDetail
from tests.builders.review import busy_tuesday

CASES = {one.case.id: one for one in busy_tuesday(now=datetime(2026, 3, 10, 9, 0, tzinfo=UTC))}
PROVED, SUSPECTED = CASES["C-000001"], CASES["C-000004"]


def ask(detail: CaseDetail, *, calls_first: bool = False) -> Ask:
    return Ask(
        detail=detail,
        take=lambda *_: None,
        take_first_call=(lambda *_: None) if calls_first else None,
    )


def test_a_suspicion_needs_no_more_than_the_key_of_approval():
    assert decision_bar.is_plain_approval(ask(SUSPECTED))


def test_a_proved_fault_is_never_approved_before_its_reason_is_given():
    assert not decision_bar.is_plain_approval(ask(PROVED))


def test_an_own_call_never_brings_the_next_case():
    must_call = SUSPECTED.model_copy(update={"must_call_first": True})
    assert not decision_bar.is_plain_approval(ask(must_call, calls_first=True))


def test_a_new_version_or_a_new_stage_is_another_thing_on_the_screen():
    newer = SUSPECTED.model_copy(
        update={"case": SUSPECTED.case.model_copy(update={"version": SUSPECTED.case.version + 1})}
    )
    told = SUSPECTED.model_copy(update={"must_call_first": True})
    assert len({stands(one) for one in (SUSPECTED, newer, told, PROVED)}) == 4
