"""What counts as a label, for which head, and with what weight."""

from __future__ import annotations

import json
import math
from datetime import timedelta

import numpy as np
import pytest

from data.schemas.assessment import Finding
from data.schemas.catalogue import ExceptionCode
from data.schemas.decision import Label, LabelSource, TrainingRow
from data.schemas.vocabulary import Lane, Proof, Route, Severity
from models.assess import assess
from models.codes import Codes
from models.columns import to_batch
from models.features.catalogue import FEATURE_NAMES
from models.past.history import History
from models.terms import Terms
from tests.builders.contracts import reference
from tests.builders.items import DECIDED_AT, entry, timesheet
from tests.builders.training_rows import START, reviewed_rows, training_row
from training.dataset import (
    UnreadableRowError,
    delay_table,
    effective_sample_size,
    label_rows,
    read_rows,
    violation_table,
    write_rows,
)


def assessment_of(item):
    codes = Codes()
    (said,) = assess(
        to_batch([item], codes=codes), history=History(codes=codes),
        terms=Terms.build(reference(), codes=codes), bundle=None, decided_at=DECIDED_AT,
        coin=lambda name: 0.5, new_id=lambda: "A-1",
    )  # fmt: skip
    return said


def label(source, **what):
    known_at = DECIDED_AT + timedelta(days=2)
    return Label(item_id="test:TS-1", source=source, known_at=known_at, **what)


def test_verdict_and_outcome_become_two_rows():
    rows = label_rows(
        assessment_of(timesheet()),
        labels=[
            label(LabelSource.VERDICT, is_violation=True),
            label(LabelSource.OUTCOME, is_delayed=False),
        ],
    )
    assert [(row.label_source, row.is_violation, row.is_delayed) for row in rows] == [
        (LabelSource.VERDICT, True, None),
        (LabelSource.OUTCOME, None, False),
    ]
    assert rows[0].known_at == DECIDED_AT + timedelta(days=2)
    assert violation_table(rows).segment == ("timesheet.regular",)


def test_an_item_nobody_reviewed_is_unlabelled_and_never_faultless():
    (row,) = label_rows(assessment_of(timesheet()), labels=[])
    assert row.is_violation is None
    assert len(violation_table([row])) == 0


def test_a_proved_fault_is_outside_the_question():
    said = assessment_of(timesheet(entries=(entry(hourly_rate_minor=13_000),)))
    assert said.findings[0].code is ExceptionCode.RATE_MISMATCH
    (row,) = label_rows(said, labels=[label(LabelSource.VERDICT, is_violation=True)])
    assert row.is_rule_proved
    assert len(violation_table([row])) == 0


def test_a_suspicion_is_outside_the_question_and_rows_of_before_had_none():
    said = assessment_of(timesheet())
    doubt = Finding(
        code=ExceptionCode.LIKELY_CLIENT_DISPUTE, severity=Severity.HIGH, proof=Proof.MODEL,
        probability=0.3, clause_id=None, summary="", evidence=(), exposure_minor=1,
    )  # fmt: skip
    labels = [label(LabelSource.VERDICT, is_violation=True)]
    (row,) = label_rows(said.model_copy(update={"findings": (doubt,)}), labels=labels)
    assert row.is_suspected
    assert len(violation_table([row])) == 0
    note = doubt.model_copy(update={"severity": Severity.LOW})
    score = doubt.model_copy(update={"code": ExceptionCode.LIKELY_VIOLATION})
    (row,) = label_rows(said.model_copy(update={"findings": (note, score)}), labels=labels)
    assert not row.is_suspected
    assert len(violation_table([row])) == 1
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
        ({"label_source": LabelSource.OUTCOME}, False),  # a credit note is no verdict
    ],
)
def test_only_verdicts_of_items_drawn_by_a_known_chance_count(changed, counts):
    assert len(violation_table([training_row(**changed)])) == counts


def test_a_correction_outranks_what_it_corrects():
    first = training_row(is_violation=False)
    second = training_row(is_violation=True, known_at=START + timedelta(days=9))
    for rows in ([first, second], [second, first]):
        table = violation_table(rows)
        assert table.is_positive.tolist() == [True]


def test_weights_are_one_over_the_propensity_up_to_twenty():
    rows = [
        training_row(item_id=f"test:TS-{i}", propensity=chance, lane=Lane.AUDIT)
        for i, chance in enumerate((1.0, 0.5, 0.05, 0.01))
    ]
    assert violation_table(rows).weight.tolist() == [1.0, 2.0, 20.0, 20.0]
    # (1 + 2 + 20 + 20)^2 / (1 + 4 + 400 + 400) = 1849 / 805
    assert effective_sample_size(violation_table(rows).weight) == pytest.approx(1849 / 805)


def test_billing_dates_count_for_every_item_alike():
    row = training_row(
        lane=None, propensity=0.05, route=Route.AUTO_CLEAR, is_violation=None, is_delayed=True,
        label_source=LabelSource.OUTCOME, is_rule_proved=True,
    )  # fmt: skip
    table = delay_table([row])
    assert table.weight.tolist() == [1.0]
    assert table.is_positive.tolist() == [True]


def test_an_amount_without_a_rate_is_above_every_cap():
    table = violation_table([training_row(currency="TRY")])
    assert table.amount.tolist() == [math.inf]


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.parquet"])
def test_rows_survive_the_disk(name, tmp_path):
    rows = reviewed_rows(20)
    rows[0] = training_row(features={"late_days": None, "a_feature_of_later": 1.0})
    write_rows(rows, path=tmp_path / name)
    assert read_rows(tmp_path / name) == rows


def test_a_feature_a_row_does_not_have_is_unknown():
    table = violation_table([training_row(features={"late_days": 2.0})])
    known = ~np.isnan(table.features[0])
    assert [FEATURE_NAMES[i] for i in np.flatnonzero(known)] == ["late_days"]


def test_a_line_that_is_no_row_is_named(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text(training_row().model_dump_json() + "\n{}\n")
    with pytest.raises(UnreadableRowError, match="line 2 is not a training row"):
        read_rows(path)
