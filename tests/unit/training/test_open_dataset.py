"""The table for notebooks: one row an item, answers missing where nobody gave them."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest

from data.schemas.questions import LabelSource, Question
from data.schemas.vocabulary import Lane, Route
from tests.builders.training_rows import START, reviewed_rows, training_row
from training.open_dataset import COLUMNS, answer_column, open_dataset
from training.row_files import UnreadableRowError, write_rows

FAULT, LATE = answer_column(Question.ANY_FAULT), answer_column(Question.MISSED_CUT_OFF)


def opened(rows, folder):
    write_rows(rows, path=folder / "rows.parquet")
    return open_dataset(folder / "rows.parquet")


def test_verdict_and_outcome_of_an_item_stand_in_one_row_and_two_columns(tmp_path):
    frame = opened(reviewed_rows(30), tmp_path)
    assert len(frame) == 30
    assert (FAULT, LATE) == ("verdict.any_fault", "outcome.missed_cut_off")
    assert frame[FAULT].dtype == frame[LATE].dtype == "boolean"
    assert frame[[FAULT, LATE]].notna().all().all()
    assert frame["assessed_at"].is_monotonic_increasing


def test_what_nobody_answered_is_missing_and_never_false(tmp_path):
    cleared = training_row(answers={}, lane=None, route=Route.AUTO_CLEAR, propensity=0.05)
    frame = opened([cleared], tmp_path)
    assert frame[FAULT].isna().all()
    assert frame["lane"].isna().all()
    assert frame["rater"].isna().all()
    assert frame["verdict_at"].isna().all()
    assert frame["weight"].tolist() == [20.0]


def test_the_last_answer_on_the_last_version_stands(tmp_path):
    def verdict(says, *, day, **more):
        return training_row(
            answers={Question.ANY_FAULT: says}, known_at=START + timedelta(days=day),
            lane=Lane.INDEX, **more,
        )  # fmt: skip

    newer = START + timedelta(days=5)
    frame = opened(
        [
            verdict(False, day=9, assessed_at=newer, rater="b", active_seconds=30.0),
            verdict(True, day=8, assessed_at=newer, rater="a"),
            verdict(True, day=20),
        ],
        tmp_path,
    )
    assert frame[FAULT].tolist() == [False]
    assert frame["rater"].tolist() == ["b"]
    assert frame["active_seconds"].tolist() == [30.0]


def test_money_is_in_units_of_its_currency(tmp_path):
    rows = [
        training_row(item_id="test:1", amount_minor=12_345),
        training_row(item_id="test:2", amount_minor=12_345, currency="JPY"),
    ]
    assert opened(rows, tmp_path)["amount"].tolist() == [123.45, 12_345.0]


def test_what_the_model_had_said_stands_beside_what_people_answered(tmp_path):
    rows = [
        training_row(item_id="test:1", bundle="b1", probability=0.31),
        training_row(item_id="test:2"),
    ]
    said = opened(rows, tmp_path)["probability"]
    assert said[0] == 0.31
    assert pd.isna(said[1])


def test_waiting_items_tell_how_long_they_wait(tmp_path):
    waiting = training_row(
        answers={}, label_source=LabelSource.OUTCOME, days_to_bill=12.0, is_billed=False
    )
    frame = opened([waiting], tmp_path)
    assert frame["days_to_bill"].tolist() == [12.0]
    assert frame["is_billed"].tolist() == [False]


def test_every_column_is_explained_in_order(tmp_path):
    frame = opened(reviewed_rows(3), tmp_path)
    assert list(frame.columns) == list(COLUMNS)
    assert all(sentence and sentence[0].isupper() for sentence in COLUMNS.values())


def test_a_home_gives_the_past_and_the_trail_together(tmp_path):
    write_rows([training_row(item_id="test:past")], path=tmp_path / "past-rows.parquet")
    write_rows([training_row(item_id="test:trail")], path=tmp_path / "training-rows.jsonl")
    assert set(open_dataset(str(tmp_path))["item_id"]) == {"test:past", "test:trail"}


def test_an_empty_home_says_what_to_do(tmp_path):
    with pytest.raises(UnreadableRowError, match="run 'countersign train' once"):
        open_dataset(tmp_path)
    assert isinstance(opened([], tmp_path), pd.DataFrame)
