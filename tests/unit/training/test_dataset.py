"""What counts as a label, for which head, and with what weight."""

from __future__ import annotations

import json
import math
from datetime import timedelta

import numpy as np
import pytest

from data.schemas.assessment import Finding
from data.schemas.catalogue import ExceptionCode
from data.schemas.decision import Label, TrainingRow
from data.schemas.questions import LabelSource, Question
from data.schemas.vocabulary import Lane, Proof, Route, Severity
from models.assess import assess
from models.codes import Codes
from models.columns import to_batch
from models.features.catalogue import FEATURE_NAMES
from models.past.history import History
from models.terms import Terms
from tests.builders.contracts import reference
from tests.builders.items import DECIDED_AT, entry, timesheet
from tests.builders.training_rows import START, training_row
from training.dataset import effective_sample_size, label_rows, table_of


def assessment_of(item):
    codes = Codes()
    (said,) = assess(
        to_batch([item], codes=codes), history=History(codes=codes),
        terms=Terms.build(reference(), codes=codes), bundle=None, decided_at=DECIDED_AT,
        coin=lambda name: 0.5, new_id=lambda: "A-1",
    )  # fmt: skip
    return said


def faults(rows):
    return table_of(rows, Question.ANY_FAULT)


def label(source, **what):
    known_at = DECIDED_AT + timedelta(days=2)
    return Label(item_id="test:TS-1", source=source, known_at=known_at, **what)


def test_verdict_and_outcome_become_two_rows():
    rows = label_rows(
        assessment_of(timesheet()),
        item=timesheet(),
        labels=[
            label(LabelSource.VERDICT, answers={Question.ANY_FAULT: True}),
            label(LabelSource.OUTCOME, answers={Question.MISSED_CUT_OFF: False}),
        ],
    )
    assert [(row.label_source, row.answers) for row in rows] == [
        (LabelSource.VERDICT, {Question.ANY_FAULT: True}),
        (LabelSource.OUTCOME, {Question.MISSED_CUT_OFF: False}),
    ]
    assert rows[0].known_at == DECIDED_AT + timedelta(days=2)
    assert faults(rows).segment == ("timesheet.regular",)


def test_an_item_nobody_reviewed_is_unlabelled_and_never_faultless():
    (row,) = label_rows(assessment_of(timesheet()), item=timesheet(), labels=[])
    assert row.answers == {}
    assert len(faults([row])) == 0


def test_what_the_model_had_said_goes_with_the_label():
    said = assessment_of(timesheet())
    scored = said.model_copy(update={"violation_probability": 0.31})
    labels = [label(LabelSource.VERDICT, answers={Question.ANY_FAULT: False})]
    told = [label_rows(one, item=timesheet(), labels=labels)[0] for one in (said, scored)]
    assert [row.probability for row in told] == [None, 0.31]


def test_a_proved_fault_is_outside_the_question():
    said = assessment_of(timesheet(entries=(entry(hourly_rate_minor=13_000),)))
    assert said.findings[0].code is ExceptionCode.RATE_MISMATCH
    (row,) = label_rows(
        said,
        item=timesheet(),
        labels=[label(LabelSource.VERDICT, answers={Question.ANY_FAULT: True})],
    )
    assert row.is_rule_proved
    assert len(faults([row])) == 0


def test_a_suspicion_that_no_model_answers_for_is_outside_the_question():
    said = assessment_of(timesheet())
    doubt = Finding(
        code=ExceptionCode.MILESTONE_LATE_PENALTY, severity=Severity.HIGH, proof=Proof.MODEL,
        probability=0.3, clause_id=None, summary="", evidence=(), exposure_minor=1,
    )  # fmt: skip
    labels = [label(LabelSource.VERDICT, answers={Question.ANY_FAULT: True})]
    (row,) = label_rows(
        said.model_copy(update={"findings": (doubt,)}), item=timesheet(), labels=labels
    )
    assert row.is_suspected
    assert len(faults([row])) == 0
    note = doubt.model_copy(update={"severity": Severity.LOW})
    answered = doubt.model_copy(update={"code": ExceptionCode.LIKELY_CLIENT_DISPUTE})
    (row,) = label_rows(
        said.model_copy(update={"findings": (note, answered)}), item=timesheet(), labels=labels
    )
    assert not row.is_suspected
    assert len(faults([row])) == 1
    older = row.model_dump(mode="json", exclude={"is_suspected"})
    assert TrainingRow.model_validate_json(json.dumps(older)) == row


@pytest.mark.parametrize(
    ("changed", "counts"),
    [
        ({}, True),
        ({"lane": Lane.AUDIT, "route": Route.AUTO_CLEAR, "propensity": 0.05}, True),
        ({"lane": Lane.DOUBLE}, True),
        ({"lane": Lane.GOLD}, False),  # chosen for a known answer
        ({"lane": Lane.RETURNED}, False),  # came back because something was wrong
        ({"lane": None}, False),
        ({"answers": {Question.MISSED_CUT_OFF: True}}, False),  # a bill is no verdict
    ],
)
def test_only_verdicts_of_items_drawn_by_a_known_chance_count(changed, counts):
    assert len(faults([training_row(**changed)])) == counts


def test_a_correction_outranks_what_it_corrects():
    first = training_row(answers={Question.ANY_FAULT: False})
    second = training_row(answers={Question.ANY_FAULT: True}, known_at=START + timedelta(days=9))
    for rows in ([first, second], [second, first]):
        table = faults(rows)
        assert table.is_positive.tolist() == [True]


def test_weights_are_one_over_the_propensity_up_to_twenty():
    rows = [
        training_row(item_id=f"test:TS-{i}", propensity=chance, lane=Lane.AUDIT)
        for i, chance in enumerate((1.0, 0.5, 0.05, 0.01))
    ]
    assert faults(rows).weight.tolist() == [1.0, 2.0, 20.0, 20.0]
    # (1 + 2 + 20 + 20)^2 / (1 + 4 + 400 + 400) = 1849 / 805
    assert effective_sample_size(faults(rows).weight) == pytest.approx(1849 / 805)


def test_billing_dates_count_for_every_item_alike():
    row = training_row(
        lane=None, propensity=0.05, route=Route.AUTO_CLEAR, answers={Question.MISSED_CUT_OFF: True},
        label_source=LabelSource.OUTCOME, is_rule_proved=True,
    )  # fmt: skip
    table = table_of([row], Question.MISSED_CUT_OFF)
    assert table.weight.tolist() == [1.0]
    assert table.is_positive.tolist() == [True]


def test_an_amount_without_a_rate_is_above_every_cap():
    table = faults([training_row(currency="TRY")])
    assert table.amount.tolist() == [math.inf]


def test_a_feature_a_row_does_not_have_is_unknown():
    table = faults([training_row(features={"late_days": 2.0})])
    known = ~np.isnan(table.features[0])
    assert [FEATURE_NAMES[i] for i in np.flatnonzero(known)] == ["late_days"]
