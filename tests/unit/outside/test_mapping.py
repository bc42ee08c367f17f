"""What a mapping refuses, and what it makes of a table."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pandas as pd
import pytest

from tests.builders.outside_tables import MAPPING, ledger, write_ledger, write_mapping
from training.outside.features import facts_of
from training.outside.mapping import MappingError, read_mapping
from training.outside.table import read_table


def refusal(tmp_path, **changes: object) -> str:
    with pytest.raises(MappingError) as caught:
        read_mapping(write_mapping(tmp_path, **changes))
    return str(caught.value)


def test_a_mapping_says_where_it_is_wrong(tmp_path):
    assert "ledger.yaml: source.file" in refusal(tmp_path, source={})
    assert "labels.0" in refusal(tmp_path, labels=[{"name": "x", "known": {"at": ["paid"]}}])
    assert "colums" in refusal(tmp_path, colums={})
    assert "README" in refusal(tmp_path, source={})


def test_a_mapping_without_an_outcome_is_refused(tmp_path):
    assert "write labels or targets" in refusal(tmp_path, labels=[], targets=[])


def test_a_column_that_only_time_tells_is_never_learned_from(tmp_path):
    columns = {**MAPPING["columns"], "dates": ["issued", "paid"]}
    assert "only time tells" in refusal(tmp_path, columns=columns)


def test_a_missing_file_and_a_missing_column_are_named_with_what_to_do(tmp_path):
    mapping = read_mapping(write_mapping(tmp_path))
    with pytest.raises(MappingError, match="put it there"):
        read_table(mapping, folder=tmp_path)
    write_ledger(tmp_path, ledger(50).drop(columns=["due", "lines"]))
    with pytest.raises(MappingError, match=r"has no columns \['due', 'lines'\]"):
        read_table(mapping, folder=tmp_path)


def test_a_time_that_cannot_be_read_is_named(tmp_path):
    write_ledger(tmp_path, ledger(50).assign(issued="1/2/2024"))
    with pytest.raises(MappingError, match="set date_format"):
        read_table(read_mapping(write_mapping(tmp_path)), folder=tmp_path)


def test_a_number_that_is_none_is_named(tmp_path):
    write_ledger(tmp_path, ledger(50).assign(lines="many"))
    mapping = read_mapping(write_mapping(tmp_path))
    with pytest.raises(MappingError, match="make it a category"):
        facts_of(read_table(mapping, folder=tmp_path), mapping=mapping)


def test_rows_that_a_mapping_drops_are_gone_and_the_rest_is_in_order(tmp_path):
    frame = ledger(200).sample(frac=1.0, random_state=1)
    write_ledger(tmp_path, frame)
    dropped = [
        {"column": "channel", "words": ["post"], "why": "nobody posts"},
        {"column": "amount", "at_most": 300.0, "why": "too small"},
    ]
    table = read_table(read_mapping(write_mapping(tmp_path, dropped=dropped)), folder=tmp_path)
    kept = frame[(frame["channel"] != "post") & (frame["amount"] > 300.0)]
    assert len(table) == len(kept)
    assert table["issued"].is_monotonic_increasing


def test_each_kind_of_outcome_says_what_it_means(tmp_path):
    frame = pd.DataFrame({
        "issued": ["2024-01-01", "2024-01-02", "2024-01-03"],
        "paid": ["2024-01-11", None, "2024-01-04"],
        "state": ["bad", "good", "bad"],
        "spent": [12.0, 4.0, 5.0],
        "planned": [10.0, 5.0, 0.0],
    })  # fmt: skip
    frame.to_csv(tmp_path / "ledger.csv", index=False)
    known = {"days_after": 5}
    mapping = read_mapping(write_mapping(
        tmp_path,
        columns={"numbers": ["planned"]}, entities=[], due=None, closed=[],
        labels=[
            {"name": "was paid", "present": "paid", "known": known},
            {"name": "bad", "word": ["state", "bad"], "known": known},
            {"name": "over", "value": {"ratio": ["spent", "planned"]}, "above": 1.1,
             "known": known},
        ],
        targets=[
            {"name": "excess", "value": {"difference": ["spent", "planned"]}, "known": known},
            {"name": "wait", "value": {"days": ["issued", "paid"]},
             "known": {"at": ["paid"], "not_before_days": 7}},
        ],
    ))  # fmt: skip
    facts = facts_of(read_table(mapping, folder=tmp_path), mapping=mapping)
    told = {one.name: one.value.tolist() for one in facts.labels}
    assert told["was paid"] == [1.0, 0.0, 1.0]
    assert told["bad"] == [1.0, 0.0, 1.0]
    assert told["over"][:2] == [1.0, 0.0]
    assert np.isnan(told["over"][2])  # nothing was planned: there is no share of it
    excess, wait = (one.outcome for one in facts.targets)
    assert excess.value.tolist() == [2.0, -1.0, 5.0]
    assert (excess.known - facts.decided).tolist() == [5.0, 5.0, 5.0]
    # Paid after ten days: known then. Paid after one: counted with those of seven.
    assert (wait.known - facts.decided)[[0, 2]].tolist() == [10.0, 7.0]
    assert (wait.told - facts.decided)[[0, 2]].tolist() == [10.0, 1.0]
    assert wait.is_known.tolist() == [True, False, True]


def test_an_event_log_becomes_one_row_a_case_as_of_the_deciding_event(tmp_path):
    pd.DataFrame(
        [
            ("a", "saved", "2024-01-01T08:00:00Z", 5.0),
            ("a", "submitted", "2024-01-02T08:00:00Z", 6.0),
            ("a", "refused", "2024-01-03T08:00:00Z", 0.0),
            ("a", "submitted", "2024-01-04T08:00:00Z", 7.0),
            ("a", "paid", "2024-01-09T08:00:00Z", 7.0),
            ("b", "refused", "2024-01-01T08:00:00Z", 1.0),  # before the decision: not its outcome
            ("b", "submitted", "2024-01-05T08:00:00Z", 9.0),
            ("c", "saved", "2024-01-05T08:00:00Z", 9.0),  # never decided
        ],
        columns=["case", "what", "when", "amount"],
    ).to_csv(tmp_path / "ledger.csv", index=False)
    case = {
        "id": "case", "activity": "what", "time": "when", "decided_by": ["submitted"],
        "events": [{"name": "refused_at", "activities": ["refused"]},
                   {"name": "paid_at", "activities": ["paid"]}],
    }  # fmt: skip
    label = {"name": "refused", "present": "refused_at", "known": {"at": ["refused_at", "paid_at"]}}
    mapping = read_mapping(write_mapping(
        tmp_path, case=case, decided="decided_at", labels=[label], targets=[], entities=[],
        due=None, closed=[], columns={"amount": "amount", "numbers": ["events_before"]},
    ))  # fmt: skip
    table = read_table(mapping, folder=tmp_path)
    assert table["case"].tolist() == ["a", "b"]
    assert table["amount"].tolist() == [6.0, 9.0]
    assert table["events_before"].tolist() == [1.0, 1.0]
    (refused,) = facts_of(table, mapping=mapping).labels
    assert refused.value.tolist() == [1.0, 0.0]
    assert refused.is_known.tolist() == [True, False]


def test_every_shipped_mapping_can_be_read():
    paths = [one for one in files("data").joinpath("outside").iterdir() if one.suffix == ".yaml"]
    assert len(paths) >= 4
    for path in paths:
        assert read_mapping(path).title
