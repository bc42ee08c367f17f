"""Training rows come back from the disk as they were, as rows and as columns."""

from __future__ import annotations

import json
from dataclasses import fields

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.schemas.questions import LabelSource, Question
from data.schemas.vocabulary import Lane
from models.features.catalogue import FEATURE_NAMES
from tests.builders.training_rows import reviewed_rows, training_row
from training.row_columns import columns_of, together
from training.row_files import UnreadableRowError, read_columns, read_rows, write_rows

ROWS = [
    *reviewed_rows(12),
    training_row(item_id="test:open", answers={}, lane=None, propensity=0.05, group="C-1/2026-03"),
    training_row(
        item_id="test:told", narrative="call\nmemo", rater="r-1", active_seconds=40.5,
        is_score_shown=True, probability=0.31,
    ),
    training_row(
        item_id="test:billed", label_source=LabelSource.OUTCOME, days_to_bill=12.5, is_billed=False,
        answers={Question.WRITE_OFF: True, Question.DISPUTED_PRICE: False},
        features={**dict.fromkeys(FEATURE_NAMES), "a_feature_of_later": 1.0},
    ),
]  # fmt: skip


def same(one, other):
    for field in fields(one):
        left, right = getattr(one, field.name), getattr(other, field.name)
        np.testing.assert_array_equal(left, right, err_msg=field.name)


def test_rows_survive_as_json_lines(tmp_path):
    write_rows(ROWS, path=tmp_path / "rows.jsonl")
    assert read_rows(tmp_path / "rows.jsonl") == ROWS


def test_rows_survive_as_parquet_with_a_value_for_every_feature(tmp_path):
    write_rows(ROWS, path=tmp_path / "rows.parquet")
    names = {name for row in ROWS for name in row.features}
    filled = [
        row.model_copy(update={"features": dict.fromkeys(names) | row.features}) for row in ROWS
    ]
    assert read_rows(tmp_path / "rows.parquet") == filled


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.parquet"])
def test_columns_say_what_the_rows_say(name, tmp_path):
    write_rows(ROWS, path=tmp_path / name)
    same(read_columns(tmp_path / name), columns_of(ROWS))


def test_a_parquet_file_of_rows_is_a_plain_table_of_named_columns(tmp_path):
    write_rows(ROWS, path=tmp_path / "rows.parquet")
    table = pq.read_table(tmp_path / "rows.parquet")
    assert {"item_id", "answer.any_fault", "feature.late_days"} <= set(table.column_names)
    assert table.column("answer.disputed_price").to_pylist()[-1] is False
    assert table.column("answer.any_fault").to_pylist()[-1] is None


def test_files_from_before_probabilities_were_kept_are_read_without_them(tmp_path):
    path = tmp_path / "rows.parquet"
    write_rows(ROWS, path=path)
    pq.write_table(pq.read_table(path).drop_columns(["probability"]), path)
    assert np.isnan(read_columns(path).probability).all()
    assert {row.probability for row in read_rows(path)} == {None}


@given(st.lists(st.sampled_from(ROWS), max_size=20), st.integers(0, 20))
def test_rows_put_together_in_parts_are_the_rows(rows, cut):
    same(together([columns_of(rows[:cut]), columns_of(rows[cut:])]), columns_of(rows))


def test_a_line_that_is_no_row_is_named(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text(training_row().model_dump_json() + "\n{}\n")
    for read in (read_rows, read_columns):
        with pytest.raises(UnreadableRowError, match="line 2 is not a training row"):
            read(path)


def test_a_missing_file_is_told_with_what_to_do(tmp_path):
    for name in ("rows.jsonl", "rows.parquet"):
        with pytest.raises(UnreadableRowError, match="firm-rows --out"):
            read_columns(tmp_path / name)


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("lane", pa.array(["lift"]), "unknown lane"),
        ("kind", pa.array(["invoice"]), "unknown kind"),
        ("propensity", pa.array([0.0]), "propensity outside"),
        ("item_id", pa.array([None], type=pa.string()), "rows without item_id"),
    ],
)
def test_a_parquet_file_with_a_wrong_value_is_refused(column, value, told, tmp_path):
    path = tmp_path / "rows.parquet"
    write_rows([training_row(lane=Lane.INDEX)], path=path)
    table = pq.read_table(path)
    pq.write_table(table.set_column(table.column_names.index(column), column, value), path)
    with pytest.raises(UnreadableRowError, match=told):
        read_columns(path)


def test_a_parquet_file_of_something_else_is_refused(tmp_path):
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"row": [json.dumps({})]}), path)
    with pytest.raises(UnreadableRowError, match="has no columns"):
        read_columns(path)
    path.write_bytes(b"no parquet")
    with pytest.raises(UnreadableRowError, match="is not a Parquet file"):
        read_columns(path)
