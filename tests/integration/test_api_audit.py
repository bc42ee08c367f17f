"""The audit trail as auditors use it: searched, checked, and taken along as evidence and files."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import openpyxl
import pytest
from sqlalchemy import text

from service.audit.offline_check import NotProvenError, check
from tests.builders.api import running_api, tell
from tests.builders.contracts import reference
from tests.builders.databases import without_triggers
from tests.builders.items import timesheet

HOSTILE = '=HYPERLINK("http://evil.example","open")'


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    """The API with a decided case and one that waits, whose trail is signed for."""
    with running_api(tmp_path_factory.mktemp("audit"), reference=reference()) as running:
        tell(running)
        claim = running.claimed(timesheet(external_id="TS-1"))
        running.decide(claim, note=f"{HOSTILE} <script>alert(1)</script>")
        running.assess(timesheet(external_id="TS-2"))
        _signed(running)
        yield running


def _signed(api):
    """Ask until everything written so far is signed for: that happens each second."""
    for _ in range(10_000):
        found = api.call("otto", "GET", "/v1/audit/verification").json()
        if found["entries_waiting"] == 0:
            return found
    raise AssertionError("nothing was signed in ten thousand looks")


def _events(api, **query):
    answer = api.call("otto", "GET", "/v1/audit/events", params=query | {"limit": 200})
    assert answer.status_code == 200, answer.text
    return [one["body"] | {"index": one["index"]} for one in answer.json()["entries"]]


def test_the_trail_is_searched_by_what_who_when_and_words(api):
    everything = _events(api)
    assert {one["event"] for one in _events(api, event="case_decided")} == {"case_decided"}
    assert {one["subject"] for one in _events(api, subject="C-000001")} == {"C-000001"}
    assert {one["actor"] for one in _events(api, actor="person-rita")} == {"person-rita"}
    both = _events(api, actor="person-rita", subject="C-000001")
    assert both == [
        one for one in everything
        if one["actor"] == "person-rita" and one["subject"] == "C-000001"
    ]  # fmt: skip
    middle = everything[len(everything) // 2]["at"]
    late = _events(api, **{"from": middle})
    early = _events(api, to=middle)
    assert [one["at"] >= middle for one in everything] == [one in late for one in everything]
    assert len(early) + len(late) == len(everything)
    assert _events(api, q="no such words") == []


def test_people_are_named_and_the_newest_may_come_first(api):
    page = api.call("otto", "GET", "/v1/audit/events?order=newest&limit=5").json()
    ids = [one["id"] for one in page["entries"]]
    assert ids == sorted(ids, reverse=True)
    rest = api.call(
        "otto", "GET", f"/v1/audit/events?order=newest&cursor={page['next_cursor']}"
    ).json()
    assert max(one["id"] for one in rest["entries"]) < min(ids)
    by_rita = api.call("otto", "GET", "/v1/audit/events?actor=person-rita").json()["entries"]
    assert {one["actor_name"] for one in by_rita} == {"Rita Reviewer"}


@pytest.mark.parametrize(
    "query", ["event=lost", "from=yesterday", "from=2026-03-02T09:00:00", "order=best", "who=rita"]
)
def test_a_search_that_makes_no_sense_is_refused(api, query):
    answer = api.call("otto", "GET", f"/v1/audit/events?{query}")
    assert answer.status_code == 422
    assert answer.json()["remedy"]


def test_a_whole_trail_is_called_whole(api):
    found = _signed(api)
    assert (found["is_whole"], found["is_complete"], found["problems"]) == (True, True, [])
    assert found["entries_checked"] == found["entries_signed"] > 0


def _evidence(api, folder, case_id="C-000001"):
    answer = api.call("otto", "GET", f"/v1/cases/{case_id}/evidence.zip")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        archive.extractall(folder)
    return folder / case_id


def test_the_evidence_of_a_case_is_proven_without_us(api, tmp_path):
    folder = _evidence(api, tmp_path)
    lines = [json.loads(line) for line in (folder / "audit.jsonl").read_text().splitlines()]
    signed = [one for one in lines if one["proof"] is not None]
    assert check(folder) == len(signed)
    told = {json.loads(one["body"])["event"] for one in signed}
    assert {"item_received", "item_assessed", "case_opened", "case_decided"} <= told
    subjects = {json.loads(one["body"])["subject"] for one in lines}
    assert subjects == {"C-000001", "test:TS-1"}


def test_evidence_that_was_altered_is_not_proven(api, tmp_path):
    folder = _evidence(api, tmp_path)
    path = folder / "audit.jsonl"
    path.write_text(
        path.read_text().replace('\\"verdict\\":\\"approve\\"', '\\"verdict\\":\\"reject\\"')
    )
    with pytest.raises(NotProvenError):
        check(folder)


def test_the_page_of_the_evidence_shows_what_others_wrote_as_text(api, tmp_path):
    page = (_evidence(api, tmp_path) / "case.html").read_text()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "4,800.00 EUR" in page
    assert "http://" not in page.replace("http://evil.example", "")


def test_taking_anything_out_is_written_down_before_it_leaves(api, tmp_path):
    _evidence(api, tmp_path)
    api.call("otto", "GET", "/v1/exports/cases.csv", params={"q": "Ada", "status": "open"})
    taken = [one for one in _events(api, event="export_taken") if one["actor"] == "person-otto"]
    assert {"C-000001", "cases"} <= {one["subject"] for one in taken}
    (listed,) = [one["facts"] for one in taken if one["subject"] == "cases"]
    # What somebody searched for may be a name: it stays out of a trail that is kept for good.
    assert listed["filters"] == {"q": "(text)", "status": "open"}


def _table(content, ending):
    if ending == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_every_list_comes_as_a_file_with_money_as_numbers(api, ending):
    for name, query, amount in (
        ("cases", {}, "Amount"),
        ("decisions", {"mine": "false"}, "Billed"),
        ("postings", {}, "Total"),
    ):
        answer = api.call("otto", "GET", f"/v1/exports/{name}.{ending}", params=query)
        assert answer.status_code == 200
        assert f".{ending}" in answer.headers["content-disposition"]
        titles, *rows = _table(answer.content, ending)
        column = titles.index(amount)
        assert [float(row[column]) for row in rows] == [4800.0] * len(rows)
        assert rows


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_note_that_would_be_a_formula_is_text_in_every_file(api, ending):
    answer = api.call("otto", "GET", f"/v1/exports/decisions.{ending}", params={"mine": "false"})
    titles, *rows = _table(answer.content, ending)
    assert rows[0][titles.index("Note")].startswith("'=HYPERLINK")


def test_a_long_list_is_exported_to_its_end(api):
    items = [timesheet(external_id=f"LONG-{number}") for number in range(250)]
    api.assess(*items)
    _, *rows = _table(api.call("otto", "GET", "/v1/exports/cases.csv").content, "csv")
    assert len({row[0] for row in rows}) == len(rows) == 252
    trail = _table(api.call("otto", "GET", "/v1/exports/audit.xlsx").content, "xlsx")
    places = [row[0] for row in trail[1:] if row[0] is not None]
    assert places == list(range(len(places)))


def test_whoever_may_not_read_a_list_gets_no_file_of_it(api):
    for path in ("audit.csv", "decisions.xlsx?mine=false", "cases.pdf"):
        answer = api.call("rita", "GET", f"/v1/exports/{path}")
        assert answer.status_code in {403, 422}
        assert answer.headers["content-type"] == "application/problem+json"
    assert api.call("rita", "GET", "/v1/cases/C-000001/evidence.zip").status_code == 403


def test_a_changed_entry_is_found(tmp_path):
    with running_api(tmp_path, reference=reference()) as api:
        _signed(api)
        with api.opener.engine.begin() as connection:
            for statement in without_triggers("audit", connection):
                connection.execute(text(statement))
            connection.execute(
                text("update audit set body = replace(body, 'person-rita', 'person-carl')")
            )
        found = api.call("otto", "GET", "/v1/audit/verification").json()
        assert not found["is_whole"]
        assert {one["kind"] for one in found["problems"]} == {"row_altered", "history_rewritten"}
