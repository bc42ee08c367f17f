"""What people type never becomes a formula in the files we give out."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from service.api.export_cells import as_csv, safe_text
from service.api.export_files import csv_parts, workbook

BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "\uff1d", "\uff0b", "\uff0d", "\uff20")
RUN = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
PAYLOADS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\x00=1", "\n=1", " =1", "\u00a0=1", "=\n1",
    '=HYPERLINK("http://example.org?x="&A1,"open")', "=cmd|' /C calc'!A0", "{=1}", "'=1",
    "ok;=1+1", "ok\t=1+1", "ok\n=1+1", "ok,=1+1", 'a";=1', '0\t"=1', 'ok;"=1', "\uff1d1+1", "http://example.org",
    "\ud800=1", "=" * 40_000, "_x003D_1", "DDE(\"cmd\";\"/C calc\";\"a\")",
)  # fmt: skip
texts = st.one_of(
    st.text(max_size=30),
    st.sampled_from(PAYLOADS),
    st.builds("".join, st.lists(st.sampled_from([*BEGINS, " ", "a", ";", ",", '"', "1"]))),
)
CELLS_DRAWN = 5_000
"""By each of the two kinds of file."""
PER_TABLE = 50


def _begins_formula(text: str) -> bool:
    return text.lstrip(" \u00a0").startswith(BEGINS)


def _read_csv(content: bytes, *, delimiter: str = ",") -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


@settings(max_examples=CELLS_DRAWN // PER_TABLE, deadline=None)
@given(st.lists(texts, min_size=PER_TABLE, max_size=PER_TABLE))
def test_no_text_begins_a_formula_in_a_csv_file_and_numbers_stay_numbers(typed):
    rows = [(text, Decimal("-12.50"), -3) for text in typed]
    read = _read_csv(b"".join(csv_parts(("=Title", "Amount", "Number"), rows)))[1:]
    assert len(read) == len(typed)
    for text, amount, number in read:
        assert not _begins_formula(text), ascii(text)
        assert (Decimal(amount), int(number)) == (Decimal("-12.50"), -3)


@settings(max_examples=CELLS_DRAWN // PER_TABLE, deadline=None)
@given(st.lists(texts, min_size=PER_TABLE, max_size=PER_TABLE))
def test_no_cell_of_a_workbook_is_a_formula_and_numbers_stay_numbers(typed):
    rows = [(text, Decimal("-12.50"), -3) for text in typed]
    content = b"".join(workbook(("=Title", "Amount", "Number"), rows, name="Cases"))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet.max_row == len(typed) + 1
    for text, amount, number in sheet.iter_rows(min_row=2):
        assert text.data_type != "f"
        assert text.hyperlink is None
        assert not _begins_formula(str(text.value or "")), ascii(text.value)
        assert (amount.data_type, amount.value) == ("n", -12.5)
        assert (number.data_type, number.value) == ("n", -3)


@given(texts)
def test_text_made_safe_stays_safe_where_the_separator_is_another(typed):
    for delimiter in (";", "\t", "|"):
        line = b"".join(csv_parts(("Id", "Text"), [("C-1", typed)]))
        for row in _read_csv(line, delimiter=delimiter)[1:]:
            for cell in row[1:]:
                assert not cell.lstrip().startswith(RUN), (delimiter, ascii(cell))


@given(texts)
def test_making_text_safe_twice_changes_nothing_more(typed):
    assert safe_text(safe_text(typed)) == safe_text(typed)


@given(st.text(alphabet="abc äß漢字 .:'\"()", max_size=40).map(str.strip))
def test_plain_text_is_left_as_it_is(typed):
    assert safe_text(typed) == typed


def test_times_are_written_in_utc_and_nothing_as_an_empty_cell():
    at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert (as_csv(at), as_csv(None), as_csv(Decimal("0.10"))) == (
        "2026-03-02 09:30:00",
        "",
        "0.10",
    )
    (content,) = (b"".join(workbook(("At", "No"), [(at, None)], name="x")),)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet["A2"].value == at.replace(tzinfo=None)
    assert sheet["B2"].value is None
