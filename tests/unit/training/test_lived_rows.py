"""The rows of a lived firm: what people answered, what nobody saw, and no look into the future."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache

from data.firm.records import FirmSize
from data.schemas.questions import LabelSource, Question
from data.schemas.vocabulary import Lane, Route
from models.bundle import NO_BUNDLE
from models.columns import microseconds
from models.policy import PolicySettings
from tests.builders.bundles import bundle, certificate
from training.evaluation.installation import Life
from training.evaluation.lived_rows import lived_rows

LIFE = Life(
    size=FirmSize(people=20, clients=8, contracts=13, months=4, seed=3, end=date(2026, 10, 31)),
    live_months=2,
    minutes_a_day=4.0,
)
CAP = 1_000_000.0


def clearing():
    """A bundle that clears every ordinary sheet no rule objects to, and checks a third of them."""
    granted = certificate(cap_reporting_minor=CAP, expires_at=datetime(2027, 1, 1, tzinfo=UTC))
    policy = PolicySettings(cap_reporting_minor=CAP, audit_share=0.33)
    return bundle(certificates=(granted,), policy=policy)


@cache
def lived():
    """The rows, and what training was told each time."""
    told = []

    def train(known, now):
        told.append((known, now))
        return clearing()

    return lived_rows(LIFE, progress=lambda _: None, train=train), told


def answered(row):
    return Question.ANY_FAULT in row.answers


def test_the_past_was_read_in_full_and_without_a_model():
    past = [one for one in lived()[0] if one.bundle == NO_BUNDLE]
    read = {one.item_id for one in past if answered(one)}
    assert len(read) > 0.9 * len({one.item_id for one in past})
    assert {one.probability for one in past} == {None}


def test_live_items_have_the_probability_that_was_said():
    live = [one for one in lived()[0] if one.bundle != NO_BUNDLE]
    assert live
    assert all(one.probability is not None for one in live)
    assert all(one.assessed_at >= LIFE.live_from for one in live)


def test_what_was_cleared_and_not_drawn_is_answered_by_nobody():
    cleared = [one for one in lived()[0] if one.route is Route.AUTO_CLEAR]
    unseen = [one for one in cleared if one.lane is None]
    assert unseen
    assert not any(answered(one) for one in unseen)
    checked = [one for one in cleared if one.lane is Lane.AUDIT and answered(one)]
    assert checked
    assert not any(one.is_score_shown for one in checked)


def test_a_desk_with_little_time_leaves_items_without_an_answer():
    live = [one for one in lived()[0] if one.bundle != NO_BUNDLE]
    sent = {one.item_id for one in live if one.route is Route.REVIEW}
    read = {one.item_id for one in live if answered(one)}
    assert read & sent
    assert sent - read


def test_training_is_told_nothing_before_it_is_known():
    rows, told = lived()
    assert len(told) == 3
    for known, now in told:
        assert known.known_us.max() <= microseconds(now)
    assert max(one.known_at for one in rows) <= LIFE.ends
    outcomes = [one for one in rows if one.label_source is LabelSource.OUTCOME]
    assert all(one.known_at > one.assessed_at for one in outcomes)
