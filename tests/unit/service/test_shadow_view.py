"""A challenger beside the champion: counted over all items, judged where people have spoken."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import log_loss as reference_log_loss
from sklearn.metrics import roc_auc_score

from data.schemas.vocabulary import ReasonCode, Verdict
from service.scoring.shadow_view import auc, log_loss, shadow_view
from tests.builders.items import timesheet
from tests.fakes.scorer import CLEAR

WRONG = {"verdict": Verdict.REJECT, "reason_codes": (ReasonCode.MISCODED,)}


def _world(seed):
    generator = np.random.default_rng(seed)
    probability = np.round(generator.uniform(size=60), 1)
    weight = generator.uniform(1.0, 20.0, 60)
    return probability, generator.uniform(size=60) < probability, weight


@pytest.mark.parametrize("seed", range(5))
def test_figures_are_those_of_the_library_ties_and_weights_included(seed):
    probability, is_wrong, weight = _world(seed)
    assert auc(probability, is_wrong=is_wrong, weight=weight) == pytest.approx(
        roc_auc_score(is_wrong, probability, sample_weight=weight)
    )
    clipped = np.clip(probability, 1e-6, 1 - 1e-6)
    assert log_loss(probability, is_wrong=is_wrong, weight=weight) == pytest.approx(
        reference_log_loss(is_wrong, clipped, sample_weight=weight)
    )


def test_where_all_are_sound_nobody_can_be_told_apart():
    probability, _, weight = _world(1)
    sound = np.zeros(len(probability), dtype=np.bool_)
    assert auc(probability, is_wrong=sound, weight=weight) is None
    assert log_loss(probability[:0], is_wrong=sound[:0], weight=weight[:0]) is None


def test_a_shadow_is_counted_at_once_and_judged_when_people_have_spoken(workplace):
    workplace.scorer.challenger = "b-2"
    cleared = timesheet(external_id="TS-0")
    workplace.scorer.says(cleared.item_id, **CLEAR)
    workplace.assess(cleared)
    decided = [
        workplace.decided(timesheet(external_id=f"TS-{number}"), **verdict)
        for number, verdict in ((1, {}), (2, WRONG))
    ]
    before = workplace.run(lambda uow: shadow_view("b-2", uow=uow))
    assert (before.items, before.judged) == (3, 0)
    for one in decided:
        workplace.conclude(one)
    told = workplace.run(lambda uow: shadow_view("b-2", uow=uow))
    assert (told.items, told.judged, told.wrong) == (3, 2, 1)
    assert told.agreement == told.champion_clears == pytest.approx(1 / 3)
    assert told.challenger_clears == 1.0
    # Every challenger answers 0.1 and the champion 0.3, and one of two is wrong.
    assert told.champion_log_loss == pytest.approx(-(np.log(0.3) + np.log(0.7)) / 2)
    assert told.challenger_log_loss == pytest.approx(-(np.log(0.1) + np.log(0.9)) / 2)
    assert told.champion_auc == told.challenger_auc == 0.5


def test_a_challenger_nobody_asked_has_nothing_to_show(workplace):
    told = workplace.run(lambda uow: shadow_view("b-9", uow=uow))
    assert (told.items, told.agreement, told.champion_auc) == (0, None, None)
