"""A flat table becomes the batch that its sheets become, and refuses what no sheet may say."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from models.bulk.table_checks import TableRefusedError
from models.bulk.table_columns import MissingColumnError
from models.bulk.tables import batch_of_table
from models.codes import Codes
from models.columns import Batch, to_batch
from models.past.history import History
from models.rules.check import check
from models.terms import Terms
from tests.builders.contracts import reference
from tests.builders.flat_tables import flat_sheet, flat_table
from tests.builders.items import MONDAY, at, entry, timesheet

DECIDED_AT = datetime(2026, 6, 1, tzinfo=UTC)


def _sheets():
    """Sheets that differ in whatever a row can say."""
    days = [MONDAY + timedelta(days=shift) for shift in range(3)]
    varied = (
        entry(id="E-1", work_date=days[0], narrative="The DESIGN, twice", activity="travel"),
        entry(id="E-2", work_date=days[1], narrative="", location="home", task_id="T-2"),
        entry(
            id="E-3", work_date=days[1], minutes_worked=61, minutes_billable=60,
            adjustment_reason="courtesy", started_at=at(days[1]),
            ended_at=at(days[1]) + timedelta(minutes=61),
        ),
    )  # fmt: skip
    again = (entry(id="E-4", work_date=days[0], change_order_id="CO-1", hourly_rate_minor=9_999),)
    sheets = [
        timesheet(external_id="TS-1", entries=varied),
        timesheet(external_id="TS-2", entries=again, person_id="bob", approvals=()),
        timesheet(
            external_id="TS-3", entries=(entry(id="E-5", narrative="Straße"),), line_id="L-2"
        ),
        timesheet(external_id="TS-4", entries=again, zone="America/New_York", contract_id="C-9"),
    ]
    return [flat_sheet(sheet) for sheet in sheets]


def _differences(one: Batch, other: Batch) -> list[str]:
    names = [field.name for field in fields(Batch) if field.name != "items"]
    return [name for name in names if not _is_equal(getattr(one, name), getattr(other, name))]


def _is_equal(one, other) -> bool:
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.tolist() == other.tolist()
    if hasattr(one, "__dataclass_fields__"):
        return all(_is_equal(getattr(one, at.name), getattr(other, at.name)) for at in fields(one))
    return one == other


def _found(make) -> tuple[Batch, tuple]:
    codes = Codes()
    terms, history = Terms.build(reference(), codes=codes), History(codes=codes)
    batch = make(codes)
    past = history.past(batch, decided_at=DECIDED_AT)
    return batch, check(batch, past=past, terms=terms, decided_at=DECIDED_AT)


def test_table_gives_the_columns_and_the_findings_that_its_sheets_give():
    sheets = _sheets()
    of_objects, said_of_objects = _found(lambda codes: to_batch(sheets, codes=codes))
    table = flat_table(sheets)
    of_table, said_of_table = _found(lambda codes: batch_of_table(table, codes=codes))
    assert _differences(of_objects, of_table) == []
    assert list(of_table.items) == sheets
    assert said_of_objects == said_of_table
    assert any(said_of_table)


@pytest.mark.parametrize("encode", [True, False])
def test_encoded_and_plain_columns_read_alike(encode):
    table = flat_table(_sheets())
    strings = [at.name for at in table.schema if pa.types.is_string(at.type)]
    for name in strings if encode else ():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, name, table[name].dictionary_encode())
    one = batch_of_table(flat_table(_sheets()), codes=Codes())
    assert _differences(one, batch_of_table(table, codes=Codes())) == []


def test_rows_of_a_sheet_may_stand_apart():
    table = flat_table(_sheets())
    # Rows 0, 1 and 2 are of the first sheet.
    apart = table.take(pa.array([0, 3, 1, 4, 2, 5]))
    one, other = (batch_of_table(each, codes=Codes()) for each in (table, apart))
    assert one.entries.entry_id.tolist() == other.entries.entry_id.tolist()
    assert list(one.items) == list(other.items)


def test_columns_that_may_be_left_out_read_as_unknown():
    table = flat_table(_sheets()).drop_columns(["narrative", "started_at", "ended_at", "activity"])
    batch = batch_of_table(table, codes=Codes())
    assert batch.entries.narrative.tolist() == [""] * 6
    assert batch.entries.narrative_words.tolist() == [0] * 6
    assert set(batch.entries.start_us.tolist()) == {-1}


def test_signature_over_other_rows_is_not_current():
    sheets = [flat_sheet(timesheet(external_id="TS-1"))]
    table = flat_table(sheets)
    stale = pa.array(["0" * 64] * table.num_rows)
    place = table.schema.get_field_index("approved_sha256")
    changed = table.set_column(place, "approved_sha256", stale)
    batch = batch_of_table(changed, codes=Codes())
    assert (
        batch.approvals.is_current.tolist()
        == to_batch(list(batch.items), codes=Codes()).approvals.is_current.tolist()
        == [False]
    )


def test_missing_column_is_named():
    with pytest.raises(MissingColumnError, match="entry_id"):
        batch_of_table(flat_table(_sheets()).drop_columns(["entry_id"]), codes=Codes())


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("minutes_worked", 1_441, "minutes_worked"),
        ("minutes_billable", 1_441, "minutes_billable"),
        ("hourly_rate_minor", -1, "rate"),
        ("currency", "XXX", "XXX"),
        ("zone", "Europe/Nowhere", "Europe/Nowhere"),
        ("person_id", "somebody else", "person_id differs"),
        ("recorded_at", datetime(1969, 1, 1, tzinfo=UTC), "recorded_at lies outside"),
        ("work_date", MONDAY - timedelta(days=30), "outside the period"),
    ],
)
def test_row_that_no_sheet_may_hold_is_refused_by_name(name, given, said):
    table = flat_table(_sheets())
    values = table[name].to_pylist()
    values[0 if name in {"currency", "zone"} else 2] = given
    place = table.schema.get_field_index(name)
    wrong = table.set_column(place, name, pa.array(values, table.schema.field(name).type))
    with pytest.raises(TableRefusedError, match=said):
        batch_of_table(wrong, codes=Codes())
