"""A closed loop of a small firm: what is learned, what is cleared, and what an alarm stops."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from data.firm.records import FirmSize
from data.schemas.questions import Question
from models.audits import Audit
from models.columns import microseconds
from models.policy import PolicySettings
from models.watched_promise import watched_promise
from tests.builders.bundles import bundle, certificate
from training.evaluation.installation import Arm, Life
from training.evaluation.live_year import live
from training.evaluation.months import Month, added_up
from training.evaluation.weekly import WITHOUT_END, Promises, without_end
from training.row_columns import NOT_SAID

LIFE = Life(
    size=FirmSize(people=20, clients=8, contracts=13, months=4, seed=3),
    live_months=2,
    minutes_a_day=40.0,
)
FIRST, LAST = "2026-09", "2026-10"
SEGMENT = "timesheet.regular"
CAP = 1_000_000.0


@cache
def planted():
    """A bundle that clears every ordinary sheet no rule objects to, and has half of them checked.

    It promises that one in a hundred is wrong; in truth it is one in ten.
    """
    granted = certificate(
        members=(SEGMENT,), alpha_cases=0.01, alpha_money=0.01, cap_reporting_minor=CAP,
        expires_at=datetime(2027, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    policy = PolicySettings(cap_reporting_minor=CAP, audit_share=0.5)
    return bundle(certificates=(granted,), policy=policy)


@cache
def lived(arm, *, minutes=LIFE.minutes_a_day):
    """The months of an arm, and what its training was told each time."""
    told = []

    def train(known, now):
        told.append((known, now))
        return planted()

    life = Life(size=LIFE.size, live_months=LIFE.live_months, minutes_a_day=minutes)
    return live(life, arm=arm, train=train), told


def test_nothing_is_learned_before_it_is_known():
    _, told = lived(Arm.RETRAINED)
    assert len(told) >= 7
    for known, now in told:
        assert len(known) > 0
        assert known.known_us.max() <= microseconds(now)
    sizes = [len(known) for known, _ in told]
    assert sizes == sorted(sizes)


def test_a_verdict_of_the_live_months_is_learned_only_where_a_person_read_the_item():
    months, told = lived(Arm.RETRAINED)
    known, now = told[-1]
    assert now >= LIFE.live_from + timedelta(weeks=7)
    is_live = known.assessed_us >= microseconds(LIFE.live_from)
    is_verdict = known.answer(Question.ANY_FAULT) != NOT_SAID
    read = set(known.item_id[is_live & is_verdict])
    whole = added_up(months.values())
    assert 0 < len(read) <= whole.reviewed < whole.arrived


def test_rules_alone_learn_nothing_and_clear_nothing():
    months, told = lived(Arm.RULES_ONLY)
    assert told == []
    assert sorted(months) == [FIRST, LAST]
    whole = added_up(months.values())
    assert (whole.cleared, whole.alarms) == (0, 0)
    assert whole.caught > 0
    assert whole.missed > 0


def test_a_frozen_model_is_trained_once_and_clears_on_though_its_checks_find_faults():
    months, told = lived(Arm.FROZEN)
    assert len(told) == 1
    assert months[LAST].cleared > 0
    assert months[LAST].error > 0.01
    assert added_up(months.values()).alarms == 0


def test_an_alarm_stops_the_clearing_until_a_newer_certificate():
    months, _ = lived(Arm.RETRAINED)
    assert months[FIRST].cleared > 0
    assert added_up(months.values()).alarms == 1
    assert months[LAST].cleared == 0


def test_what_was_drawn_before_an_alarm_says_nothing_after_it():
    promises, one = Promises(), planted()
    promise = watched_promise(one, SEGMENT)
    now = datetime(2026, 9, 15, tzinfo=UTC)
    wrong = Audit(
        item_id="TS-1", segment=SEGMENT, is_wrong=True, amount_reporting_minor=1e5, propensity=0.5
    )
    alarms = [promises.heard(wrong, promise=promise, drawn_at=now, now=now) for _ in range(20)]
    assert alarms.count(True) == 1
    assert promises.frozen(one) == {SEGMENT}
    newer = one.document.certificates[0].provenance.model_copy(
        update={"certified_at": now + timedelta(days=1)}
    )
    again = bundle(certificates=(certificate(members=(SEGMENT,), provenance=newer),))
    assert promises.frozen(again) == frozenset()


def test_a_certificate_without_end_is_otherwise_the_same():
    (before,) = planted().document.certificates
    (after,) = without_end(planted()).document.certificates
    assert after.expires_after_clears == WITHOUT_END
    assert after.expires_at > before.expires_at
    assert (after.threshold, after.members) == (before.threshold, before.members)


def test_the_same_seed_gives_the_same_figures():
    months, _ = lived(Arm.RETRAINED)
    again = live(LIFE, arm=Arm.RETRAINED, train=lambda known, now: planted())
    assert again == months


def test_each_arm_is_given_the_same_work():
    arrived = {
        arm: [month.arrived for _, month in sorted(lived(arm)[0].items())]
        for arm in (Arm.RETRAINED, Arm.RULES_ONLY)
    }
    assert arrived[Arm.RETRAINED] == arrived[Arm.RULES_ONLY]


def test_months_add_up():
    whole = added_up([Month(arrived=4, cleared=2, cleared_wrong=1), Month(arrived=4, cleared=2)])
    assert (whole.cleared_share, whole.error) == (0.5, 0.25)
    assert Month().caught_per_hour == 0.0


def test_leakage_is_caught_or_missed_and_never_both():
    whole = added_up(lived(Arm.RULES_ONLY)[0].values())
    few = added_up(lived(Arm.RULES_ONLY, minutes=4.0)[0].values())
    assert few.read_share < 0.8 < whole.read_share
    assert few.caught < whole.caught
    assert few.caught + few.missed == pytest.approx(whole.caught + whole.missed)
