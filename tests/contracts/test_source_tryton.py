"""Reading from a live Tryton: the traps of an incremental cursor, and how failures are classed."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from service.connectors.tryton_cursor import ChangeCursor, CursorError, change_key
from service.connectors.tryton_rest import TrytonRest
from service.connectors.tryton_source import ENTITIES, TrytonSource, UnknownEntityError
from service.ports.outside_errors import OutsideRefusedError, OutsideTransientError

pytestmark = pytest.mark.live

FAR_FUTURE = datetime(2090, 1, 1, tzinfo=UTC)


@pytest.fixture
def connect(tryton_server, request):
    def connected(**changed):
        facts = {
            "base_url": tryton_server.base_url,
            "database": tryton_server.database,
            "api_key": tryton_server.api_key,
        }
        rest = TrytonRest(**facts | changed)
        request.addfinalizer(rest.close)
        return rest

    return connected


@pytest.fixture
def rest(connect):
    return connect()


def pulled(source, entity, *, cursor=None):
    pages = list(source.pull(entity, cursor=cursor))
    rows = [row for page in pages for row in page.rows]
    return rows, pages[-1].cursor if pages else cursor


def renamed(rest, line_id, *, description):
    return rest.update(
        "timesheet.line", line_id, {"description": description}, fields=["write_date"]
    )


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_entity_can_be_pulled_with_all_its_fields(rest, entity):
    rows, cursor = pulled(TrytonSource(rest), entity)
    assert rows or entity == "invoices"
    assert all(field.split(".")[0] in row for row in rows for field in ENTITIES[entity].fields)
    assert rows == [] or cursor is not None


@pytest.mark.parametrize("entity", ENTITIES)
def test_the_filter_really_filters(rest, entity):
    cursor = ChangeCursor(last=(FAR_FUTURE, 1)).text()
    assert pulled(TrytonSource(rest), entity, cursor=cursor) == ([], cursor)


def test_changes_come_oldest_first_and_each_once_whatever_the_page_size(rest):
    whole, _ = pulled(TrytonSource(rest), "timesheet_lines")
    paged, _ = pulled(TrytonSource(rest, page_rows=7), "timesheet_lines")
    assert paged == whole
    assert len(whole) >= 30
    assert [change_key(row) for row in whole] == sorted({change_key(row) for row in whole})


def test_rows_never_written_since_creation_are_among_the_changes(rest):
    rows, _ = pulled(TrytonSource(rest, page_rows=2), "tasks")
    assert Counter(row["id"] for row in rows).most_common(1)[0][1] == 1
    assert len(rows) == len(rest.search("project.work", fields=["id"],
                                        domain=[["type", "=", "task"]], limit=100))  # fmt: skip


def test_nothing_comes_twice_although_the_next_pull_overlaps_the_last(rest):
    source = TrytonSource(rest)
    _, cursor = pulled(source, "timesheet_lines")
    assert pulled(source, "timesheet_lines", cursor=cursor) == ([], cursor)


def test_a_changed_row_comes_once_more(rest):
    source = TrytonSource(rest)
    rows, cursor = pulled(source, "timesheet_lines")
    renamed(rest, rows[3]["id"], description="told in more words")
    changed, cursor = pulled(source, "timesheet_lines", cursor=cursor)
    assert [(row["id"], row["description"]) for row in changed] == [
        (rows[3]["id"], "told in more words")
    ]
    assert pulled(source, "timesheet_lines", cursor=cursor)[0] == []


def test_a_row_committed_late_with_an_earlier_time_is_not_missed(rest):
    source = TrytonSource(rest)
    rows, cursor = pulled(source, "timesheet_lines")
    late = change_key(rows[0])
    standing = ChangeCursor.read(cursor)
    ten_minutes_after = (late[0] + timedelta(minutes=9), 10**6)
    before = ChangeCursor(last=ten_minutes_after, given=standing.given - {late}).text()
    again, _ = pulled(source, "timesheet_lines", cursor=before)
    assert change_key(again[0]) == late


def test_a_pull_resumes_after_any_page(rest):
    source = TrytonSource(rest, page_rows=7)
    whole = [row["id"] for row in pulled(source, "timesheet_lines")[0]]
    first = next(source.pull("timesheet_lines", cursor=None))
    rest_of_it, _ = pulled(source, "timesheet_lines", cursor=first.cursor)
    assert [row["id"] for row in (*first.rows, *rest_of_it)] == whole


def test_a_row_that_changes_while_we_page_hides_no_other(rest):
    source = TrytonSource(rest, page_rows=7)
    everything = {row["id"] for row in pulled(source, "timesheet_lines")[0]}
    pages = source.pull("timesheet_lines", cursor=None)
    seen = [row["id"] for row in next(pages).rows]
    renamed(rest, seen[0], description="changed between two pages")
    seen += [row["id"] for page in pages for row in page.rows]
    assert set(seen) == everything
    assert Counter(seen)[seen[0]] == 2


def test_lines_are_read_by_the_day_worked_both_ends_included(rest):
    lines = list(
        TrytonSource(rest, page_rows=4).timesheet_lines_between(date(2026, 3, 2), date(2026, 3, 3))
    )
    assert {line["date"] for line in lines} == {date(2026, 3, 2), date(2026, 3, 3)}
    assert len({line["id"] for line in lines}) == len(lines) == 6


def test_money_and_durations_arrive_exactly(rest):
    source = TrytonSource(rest)
    opportunity = pulled(source, "opportunities")[0][0]
    line = pulled(source, "timesheet_lines")[0][0]
    assert opportunity["amount"] == Decimal("90000.00")
    assert isinstance(opportunity["conversion_probability"], Decimal)
    assert isinstance(line["duration"], timedelta)
    assert line["create_date"].tzinfo is UTC


def test_an_unknown_entity_is_named(rest):
    with pytest.raises(UnknownEntityError, match="expenses"):
        next(TrytonSource(rest).pull("expenses", cursor=None))


@pytest.mark.parametrize("cursor", ["", "2026-03-02", json.dumps({"at": "2026-03-02", "id": 1})])
def test_a_foreign_cursor_is_refused_with_the_remedy(rest, cursor):
    with pytest.raises(CursorError, match="without a cursor"):
        next(TrytonSource(rest).pull("tasks", cursor=cursor))


def test_a_bad_key_is_refused_and_never_shown(connect):
    with pytest.raises(OutsideRefusedError, match=r"401.*REST key") as caught:
        connect(api_key="wrong-key").search("party.party", fields=["name"], limit=1)
    assert "wrong-key" not in str(caught.value)


def test_an_unknown_record_is_refused_in_plain_words(rest):
    with pytest.raises(OutsideRefusedError, match="404") as caught:
        rest.update("timesheet.line", 999_999, {"description": "x"}, fields=["id"])
    assert "<" not in str(caught.value)


def test_a_rule_of_the_server_is_refused_with_its_message(rest):
    with pytest.raises(OutsideRefusedError, match=r"400: A value is required for field"):
        rest.create("account.invoice", {"type": "out"}, fields=["id"], context={"company": 1})


@pytest.mark.parametrize(
    ("model", "fields"), [("no.such.model", ["id"]), ("timesheet.line", ["no_such_field"])]
)
def test_a_crash_of_the_server_is_transient_and_told_without_markup(rest, model, fields):
    with pytest.raises(OutsideTransientError, match="500 Internal Server Error") as caught:
        rest.search(model, fields=fields, limit=1)
    assert "<" not in str(caught.value)


def test_a_server_that_is_not_there_is_transient(connect):
    with pytest.raises(OutsideTransientError, match="did not answer"):
        connect(base_url="http://127.0.0.1:9").search("party.party", fields=["id"], limit=1)
