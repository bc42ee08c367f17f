"""A challenger's shadow: the same words as if it decided, from what was stored, without effect."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.items import narrative_of
from data.schemas.questions import Question
from data.schemas.vocabulary import Proof, Severity
from models.codes import Codes
from models.columns import to_batch
from models.features.catalogue import FEATURE_NAMES
from models.policy import PolicySettings
from models.shadow import shadow
from tests.builders.bundles import NOW, bundle, certificate
from tests.builders.items import milestone, timesheet, week
from tests.builders.service import Workplace, database
from tests.fakes.scorer import finding

SMALL = timesheet(external_id="TS-small", entries=week(of="TS-small")[:1])
SUSPICION = finding(
    code=ExceptionCode.FUNDING_NOTICE_DUE, proof=Proof.MODEL, severity=Severity.HIGH
)


@pytest.fixture
def said(tmp_path):
    """What was said of an item, at a time when certificates of the builders are in force."""
    place = Workplace(database(tmp_path))

    def assess(item, **fields):
        given = {"features": dict.fromkeys(FEATURE_NAMES, 0.9), "assessed_at": NOW}
        place.scorer.says(item.item_id, **(given | fields))
        return place.assess(item).results[0].assessment

    yield assess
    place.close()


def _cast(assessment, item, **overrides):
    (one,) = _cast_all([assessment], [item], bundle=bundle(**overrides))
    return one


def _cast_all(assessments, items, *, bundle):
    return shadow(assessments, batch=to_batch(items, codes=Codes()), bundle=bundle)


def test_a_shadow_says_what_the_bundle_says_of_the_stored_vector(said):
    challenger = bundle(questions=(*Question,))
    assessment = said(SMALL)
    (one,) = _cast_all([assessment], [SMALL], bundle=challenger)
    vector = np.full((1, len(FEATURE_NAMES)), 0.9)
    answers = challenger.answers(vector, kinds=[SMALL.kind], narratives=[narrative_of(SMALL)])
    assert one.probabilities == {
        question: float(given[0]) for question, given in answers.items() if given[0] == given[0]
    }
    assert Question.DUPLICATE_TIME in one.probabilities
    # Nobody asks an expense's question of a timesheet.
    assert Question.DUPLICATE_EXPENSE not in one.probabilities


def test_a_vector_with_other_values_gets_another_answer(said):
    high, low = said(SMALL), said(timesheet(), features=dict.fromkeys(FEATURE_NAMES, 0.0))
    challenger = bundle()
    casts = _cast_all([high, low], [SMALL, timesheet()], bundle=challenger)
    assert casts[0].probabilities[Question.ANY_FAULT] > casts[1].probabilities[Question.ANY_FAULT]


def test_what_its_certificate_covers_a_challenger_would_clear(said):
    assert _cast(said(SMALL), SMALL).would_clear


@pytest.mark.parametrize(
    ("fields", "overrides"),
    [
        ({"findings": (finding(),)}, {}),
        ({"findings": (SUSPICION,)}, {}),
        ({"assessed_at": NOW + timedelta(days=31)}, {}),
        ({}, {"certificates": ()}),
        ({}, {"certificates": (certificate(threshold=0.0),)}),
        ({}, {"policy": PolicySettings(cap_reporting_minor=1.0)}),
    ],
    ids=["a rule found a fault", "a suspicion no model answers for", "certificate expired",
         "no certificate", "unsure", "over the cap"],
)  # fmt: skip
def test_what_policy_would_not_clear_its_shadow_does_not(said, fields, overrides):
    assert not _cast(said(SMALL, **fields), SMALL, **overrides).would_clear


def test_a_milestone_that_is_not_ready_is_never_cleared(said):
    unready = milestone(is_ready_to_bill=False, amount_minor=100_00)
    granted = certificate(segment="milestone.regular", members=("milestone.regular",))
    assert not _cast(said(unready), unready, certificates=(granted,)).would_clear
    ready = milestone(external_id="M-2", amount_minor=100_00)
    assert _cast(said(ready), ready, certificates=(granted,)).would_clear
