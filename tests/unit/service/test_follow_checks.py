"""Checks of cleared items: counted in the order of their draw, and loud when a promise breaks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.vocabulary import AuditEvent, ReasonCode, Verdict
from service.domain.check import MATURITY, CheckOutcome
from service.ports.stores import FactKind
from service.usecases.learning.follow_checks import follow_checks
from tests.builders.items import timesheet, week
from tests.builders.service import COLLEAGUE
from tests.fakes.scorer import CHECK, CLEAR, SEGMENT

WRONG = {"verdict": Verdict.REJECT, "reason_codes": (ReasonCode.MISCODED,)}


def _check(workplace, number):
    """Submit an item that is cleared and drawn for a check; gives its case."""
    sheet = timesheet(external_id=f"TS-{number}")
    workplace.scorer.says(sheet.item_id, **CHECK)
    workplace.clock.forward(seconds=1)
    return workplace.open_case(sheet)


def _answer(workplace, case, **verdict):
    decision = workplace.decide(workplace.claim(case.id), **verdict)
    workplace.clock.forward(seconds=31)
    workplace.conclude(decision)
    return decision


def _counted(workplace):
    found = workplace.run(lambda uow: uow.checks.counted(after=None, segment=SEGMENT))
    return [(one.draw.item_id, one.is_wrong) for one in found]


def _open(workplace):
    return [one.outcome for one in workplace.run(lambda uow: uow.checks.open(SEGMENT))]


def _alarms(workplace):
    return workplace.run(lambda uow: uow.watches.newest_alarms())


def _follow(workplace):
    workplace.run(
        lambda uow: follow_checks(
            SEGMENT, uow=uow, watcher=workplace.watcher, now=workplace.clock.now()
        )
    )


def test_what_was_drawn_is_written_down_before_anybody_looks(workplace):
    case = _check(workplace, 1)
    (check,) = workplace.run(lambda uow: uow.checks.open(SEGMENT))
    assert check.outcome is CheckOutcome.WAITING
    assert (check.draw.item_id, check.draw.bundle) == (case.item_id, "b")
    assert check.draw.propensity == CHECK["propensity"]
    assert check.draw.drawn_at == workplace.clock.now()


def test_what_is_cleared_without_a_check_is_no_draw(workplace):
    sheet = timesheet()
    workplace.scorer.says(sheet.item_id, **CLEAR)
    workplace.assess(sheet)
    assert workplace.run(lambda uow: uow.checks.segments()) == []


def test_a_check_counts_once_its_undo_window_is_over(workplace):
    case = _check(workplace, 1)
    decision = workplace.decide(workplace.claim(case.id), **WRONG)
    _follow(workplace)
    assert (_counted(workplace), _open(workplace)) == ([], [CheckOutcome.WAITING])
    workplace.conclude(decision)
    workplace.conclude(decision)
    assert _counted(workplace) == [("test:TS-1", True)]


def test_a_check_undone_in_time_says_nothing(workplace):
    case = _check(workplace, 1)
    decision = workplace.decide(workplace.claim(case.id), **WRONG)
    workplace.undo(decision)
    workplace.conclude(decision)
    assert (_counted(workplace), _open(workplace)) == ([], [CheckOutcome.WAITING])


def test_checks_count_in_the_order_in_which_they_were_drawn(workplace):
    first, second = _check(workplace, 1), _check(workplace, 2)
    _answer(workplace, second, **WRONG)
    assert _counted(workplace) == []
    _answer(workplace, first)
    assert _counted(workplace) == [("test:TS-1", False), ("test:TS-2", True)]


def test_nobody_waits_for_a_check_longer_than_its_maturity(workplace):
    forgotten, second = _check(workplace, 1), _check(workplace, 2)
    _answer(workplace, second, **WRONG)
    workplace.clock.forward(seconds=(MATURITY - timedelta(minutes=1)).total_seconds())
    _follow(workplace)
    assert _counted(workplace) == []
    workplace.clock.forward(minutes=2)
    _follow(workplace)
    assert _counted(workplace) == [("test:TS-2", True)]
    # What is answered after its turn says nothing any more.
    _answer(workplace, forgotten, **WRONG)
    assert _counted(workplace) == [("test:TS-2", True)]


def test_a_check_whose_item_came_anew_is_passed_over(workplace):
    _check(workplace, 1)
    second = _check(workplace, 2)
    workplace.assess(timesheet(external_id="TS-1", entries=week(of="TS-1")[:4]))
    _answer(workplace, second)
    assert _counted(workplace) == [("test:TS-2", False)]


def test_planted_faults_raise_an_alarm_that_freezes_the_segment(workplace):
    for number in range(2):
        _answer(workplace, _check(workplace, number), **WRONG)
    alarm = _alarms(workplace)[SEGMENT]
    assert "2 of 2 audits found a fault" in alarm.why
    (entry,) = workplace.audited(AuditEvent.SEGMENT_FROZEN)
    assert (entry["subject"], entry["actor"]) == (SEGMENT, "policy")
    assert entry["facts"] == {"why": alarm.why, "checks": 2, "wrong": 2, "bundle": "b"}
    facts = workplace.run(lambda uow: uow.facts.since(0))
    assert [one.subject_id for one in facts if one.kind is FactKind.SEGMENT_FROZEN] == [
        f"{alarm.number}:{SEGMENT}"
    ]


def test_sound_checks_raise_no_alarm(workplace):
    for number in range(12):
        _answer(workplace, _check(workplace, number))
    assert _alarms(workplace) == {}
    assert len(_counted(workplace)) == 12


def test_after_an_alarm_the_watch_begins_anew_with_what_is_drawn_later(workplace):
    earlier = [_check(workplace, number) for number in range(3)]
    for case in earlier[:2]:
        _answer(workplace, case, **WRONG)
    alarm = _alarms(workplace)[SEGMENT]
    _answer(workplace, earlier[2], **WRONG)
    _answer(workplace, _check(workplace, 4), **WRONG)
    assert _alarms(workplace)[SEGMENT] == alarm
    since = workplace.run(lambda uow: uow.checks.counted(after=alarm.at, segment=SEGMENT))
    assert [one.draw.item_id for one in since] == ["test:TS-4"]
    _answer(workplace, _check(workplace, 5), **WRONG)
    assert _alarms(workplace)[SEGMENT].number > alarm.number


@pytest.mark.parametrize("verdict", [Verdict.ESCALATE, Verdict.REQUEST_INFORMATION])
def test_a_verdict_that_sends_the_case_on_is_no_answer(workplace, verdict):
    case = _check(workplace, 1)
    note = {"note": "who knows", "reason_codes": (ReasonCode.OTHER,)}
    workplace.decide(workplace.claim(case.id, COLLEAGUE), COLLEAGUE, verdict=verdict, **note)
    _follow(workplace)
    assert _open(workplace) == [CheckOutcome.WAITING]
