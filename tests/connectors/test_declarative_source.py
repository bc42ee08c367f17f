"""What a connection file reads: every change once, no page too few, no filter believed blindly."""

from __future__ import annotations

import pytest

from service.ports.outside_errors import OutsideRefusedError, OutsideTransientError
from tests.connectors.declared import connected, source_of
from tests.fakes.rest_system import rest_system

WINDOW = {
    'query: {changed_from: "{since}"}': 'query: {changed_from: "{window_start}"}',
    "changes: {kind: since, column: modified}": "changes: {kind: window, column: day}",
}
WHOLE = {
    'query: {changed_from: "{since}"}': "query: {}",
    "changes: {kind: since, column: modified}": "changes: {kind: whole}",
}


@pytest.fixture
def system():
    with rest_system() as running:
        for number in range(1, 8):
            running.book(
                f"H-{number}", day=f"2026-03-{number:02}", spent="7.5",
                modified=f"2026-03-{number:02}T17:00:00Z",
            )  # fmt: skip
        yield running


def pulled(system, folder, *, cursor=None, change=None):
    """Give the ids of all rows, those that are gone, and the last cursor."""
    with connected(folder, address=system.address, change=change) as rest:
        pages = list(source_of(rest).pull("hours", cursor=cursor))
    ids = [row["id"] for page in pages for row in page.rows]
    gone = [one for page in pages for one in page.gone]
    return ids, gone, pages[-1].cursor if pages else cursor


def test_a_page_is_never_too_few_where_the_other_side_caps_it_in_silence(system, tmp_path):
    ids, _, _ = pulled(system, tmp_path)
    assert ids == [f"H-{number}" for number in range(1, 8)]


@pytest.mark.parametrize("change", [{}, WINDOW, WHOLE], ids=["since", "window", "whole"])
def test_a_second_pull_gives_nothing_and_a_change_comes_once(system, tmp_path, change):
    _, _, cursor = pulled(system, tmp_path, change=change)
    assert pulled(system, tmp_path, cursor=cursor, change=change) == ([], [], cursor)
    system.book("H-7", day="2026-03-07", spent="8", modified="2026-03-07T17:00:00Z")
    ids, _, after = pulled(system, tmp_path, cursor=cursor, change=change)
    assert ids == ["H-7"]
    assert pulled(system, tmp_path, cursor=after, change=change)[0] == []


def test_a_change_that_was_committed_late_is_found_inside_the_overlap(system, tmp_path):
    _, _, cursor = pulled(system, tmp_path)
    system.book("H-late", day="2026-03-07", spent="1", modified="2026-03-07T16:55:00Z")
    assert pulled(system, tmp_path, cursor=cursor)[0] == ["H-late"]


@pytest.mark.parametrize("change", [WINDOW, WHOLE], ids=["window", "whole"])
def test_a_row_deleted_there_is_told_as_gone_once(system, tmp_path, change):
    _, _, cursor = pulled(system, tmp_path, change=change)
    del system.hours["H-4"]
    ids, gone, cursor = pulled(system, tmp_path, cursor=cursor, change=change)
    assert (ids, gone) == ([], ["H-4"])
    assert pulled(system, tmp_path, cursor=cursor, change=change)[:2] == ([], [])


def test_a_row_that_says_it_is_deleted_is_told_as_gone_once(system, tmp_path):
    change = {"    id: id\n": "    id: id\n    gone_where: [{column: spent, is_one_of: [void]}]\n"}
    _, _, cursor = pulled(system, tmp_path, change=change)
    system.book("H-7", day="2026-03-07", spent="void", modified="2026-03-08T09:00:00Z")
    ids, gone, cursor = pulled(system, tmp_path, cursor=cursor, change=change)
    assert (ids, gone) == ([], ["H-7"])
    assert pulled(system, tmp_path, cursor=cursor, change=change)[:2] == ([], [])


def test_a_pull_cut_off_goes_on_after_its_last_page_without_losing_a_row(system, tmp_path):
    with connected(tmp_path, address=system.address) as rest:
        first = next(iter(source_of(rest).pull("hours", cursor=None)))
    ids, _, _ = pulled(system, tmp_path, cursor=first.cursor)
    got = [row["id"] for row in first.rows] + ids
    assert sorted(got) == sorted(system.hours)


def test_a_filter_that_is_ignored_is_refused_and_not_believed(system, tmp_path):
    _, _, cursor = pulled(system, tmp_path)
    system.faults.add("blind_filter")
    with pytest.raises(OutsideRefusedError, match="does not filter as `query` asks"):
        pulled(system, tmp_path, cursor=cursor)


def test_paging_that_is_ignored_is_refused_and_not_read_for_ever(system, tmp_path):
    system.faults.add("blind_paging")
    with pytest.raises(OutsideRefusedError, match="ignores how the page is asked for"):
        pulled(system, tmp_path)


def test_more_pages_than_allowed_are_refused_and_not_cut_short(system, tmp_path):
    change = {"    id: id\n": "    id: id\n    max_pages: 2\n"}
    with pytest.raises(OutsideRefusedError, match="raise `max_pages`"):
        pulled(system, tmp_path, change=change)


def test_a_redirect_is_refused_and_the_secret_stays(system, tmp_path):
    system.faults.add("elsewhere")
    with pytest.raises(OutsideRefusedError, match="redirects are never followed"):
        pulled(system, tmp_path)
    assert len(system.asked) == 1


def test_a_wrong_secret_is_told_with_what_to_check_and_without_the_secret(system, tmp_path):
    with connected(tmp_path, address=system.address) as rest:
        rest.http.client.headers["Authorization"] = "Bearer wrong-secret"
        with pytest.raises(OutsideRefusedError, match="check the secret") as told:
            list(source_of(rest).pull("hours", cursor=None))
    assert "wrong-secret" not in str(told.value)
    assert "who are you?" in str(told.value)


def test_a_system_that_is_not_there_is_told_as_something_to_try_again(tmp_path):
    with (
        connected(tmp_path, address="http://127.0.0.1:9/") as rest,
        pytest.raises(OutsideTransientError, match="check that it runs"),
    ):
        list(source_of(rest).pull("hours", cursor=None))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"rows: data.items": "rows: data.rows"}, "there is no list of rows at `rows: data.rows`"),
        ({"    id: id": "    id: uuid"}, "a row has nothing at `id: uuid`; the row has id, staff"),
        ({"column: modified}\n    mapping": "column: day.x}\n    mapping"}, "which is no time"),
    ],
)
def test_a_name_that_is_not_in_the_answer_is_told_with_those_that_are(
    system, tmp_path, change, told
):
    with pytest.raises(OutsideRefusedError, match=told.replace("`", ".")):
        pulled(system, tmp_path, change=change)
