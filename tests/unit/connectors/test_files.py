"""A file becomes timesheets by its mapping; every row is taken, or given back with its reason."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.schemas.batch import parse_items
from service.connectors.file_mapping import Mapping, read_mapping
from service.connectors.file_rows import UnreadableFileError
from service.connectors.files import read_file
from service.connectors.yaml_file import FileMistakesError

SAMPLES = Path(__file__).parents[3] / "data" / "samples"
NOW = datetime(2026, 4, 1, tzinfo=UTC)
HEADER = ("id", "who", "day", "project", "hours", "rate", "what")
ROW = ("1", "ana", "2026-03-02", "kiln", "7.5", "140.00", "Design")


def a_mapping(**changed):
    fields = {
        "row_id": {"column": "id"},
        "person_id": {"column": "who"},
        "project_id": {"column": "project"},
        "work_date": {"column": "day"},
        "minutes_worked": {"column": "hours", "unit": "hours"},
        "hourly_rate_minor": {"column": "rate", "unit": "major"},
        "narrative": {"column": "what", "default": ""},
    } | changed.pop("fields", {})
    terms = {"zone": "Europe/Vienna", "currency": "EUR", "country": "AT"}
    content = {"source": "log", "fields": fields, "terms": terms | changed.pop("terms", {})}
    return Mapping.model_validate_json(json.dumps(content | changed))


@pytest.fixture
def read(tmp_path):
    def read_rows(*rows, header=HEADER, mapping=None, **changed):
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([header, *rows])
        return read_text(text.getvalue(), mapping=mapping or a_mapping(**changed))

    def read_text(text, *, mapping, name="log.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        imported = read_file(path, mapping=mapping, now=NOW)
        assert imported.received == imported.accepted + len(imported.rejections)
        assert parse_items(imported.items).rejected == ()
        return imported

    read_rows.text = read_text
    return read_rows


def a_row(**changed):
    return tuple((dict(zip(HEADER, ROW, strict=True)) | changed).values())


def entries(imported):
    return [entry for item in imported.items for entry in item["entries"]]


def the_problem(imported):
    (rejection,) = imported.rejections
    (problem,) = rejection.problems
    return rejection, problem


def test_a_row_becomes_an_entry_of_the_week_of_its_person(read):
    imported = read(a_row())
    (item,) = imported.items
    assert item["external_id"] == "ana.2026-W10.kiln-work"
    assert item["entries"] == [
        {
            "id": "log-1",
            "work_date": "2026-03-02",
            "minutes_worked": 450,  # 7.5 h
            "minutes_billable": 450,
            "project_id": "kiln",
            "task_id": "kiln-task",
            "labor_category": "staff",
            "hourly_rate_minor": 14_000,
            "narrative": "Design",
            "recorded_at": "2026-03-02T17:00:00+00:00",  # 18:00 in Vienna
        }
    ]


@pytest.mark.parametrize(
    ("period", "names"),
    [
        ("day", ["2026-03-02", "2026-03-04", "2026-03-31"]),
        ("week", ["2026-W10", "2026-W14"]),
        ("month", ["2026-03"]),
    ],
)
def test_entries_are_grouped_by_the_period_of_the_mapping(read, period, names):
    days = ("2026-03-02", "2026-03-04", "2026-03-31")
    rows = [a_row(id=str(number), day=day) for number, day in enumerate(days)]
    imported = read(*rows, period=period)
    assert [item["external_id"].split(".")[1] for item in imported.items] == names


def test_the_reference_objects_a_file_implies_are_given(read):
    clause = {"terms": {"kind": "rate_schedule"}, "text": "At the rates of the offer."}
    terms = {"hourly_rates_minor": {"staff": 14_000}, "clauses": [clause]}
    imported = read(a_row(), a_row(id="2", who="bo", day="2026-03-09"), terms=terms)
    reference = imported.reference
    (contract,) = reference.contracts
    assert (contract.id, contract.client_id, contract.lines[0].id) == (
        "kiln",
        "kiln-client",
        "kiln-work",
    )
    assert [clause.terms.kind for clause in contract.clauses] == ["rate_schedule"]
    assert [row.hourly_rate_minor for row in contract.rate_card] == [14_000]
    assert contract.recorded_at == NOW
    assert [person.id for person in reference.people] == ["ana", "bo"]
    assert [task.id for task in reference.projects[0].tasks] == ["kiln-task"]
    assert {(one.person_id, str(one.start)) for one in reference.assignments} == {
        ("ana", "2026-03-02"),
        ("bo", "2026-03-09"),
    }


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"hours": "eight"}, "hours", "is no number"),
        ({"hours": "-1"}, "hours", "is no number"),
        ({"hours": "NaN"}, "hours", "is no number"),
        ({"hours": "٨"}, "hours", "is no number"),
        ({"hours": "1e9"}, "hours", "is no number"),
        ({"hours": ""}, "hours", "is empty"),
        ({"hours": "25"}, "hours", "is more than 1440"),
        ({"rate": "140.005"}, "rate", "more digits than EUR has"),
        ({"day": "02.03.2026"}, "day", "ISO 8601"),
        ({"day": "2026-02-30"}, "day", "ISO 8601"),
        ({"day": "46083"}, "day", "format its column as dates"),
        ({"day": "0001-01-01"}, "day", "lies outside"),
        ({"day": "9999-12-31"}, "day", "lies outside"),
        ({"who": " "}, "who", "is empty"),
        ({"who": "a\u202eb"}, "who", "hidden character"),
        ({"who": "a" * 201}, "who", "longer than 200"),
    ],
)
def test_a_bad_cell_rejects_its_row_and_no_other(read, changed, field, reason):
    imported = read(a_row(id="1"), a_row(id="2", **changed), a_row(id="3"))
    rejection = imported.rejections[0]
    assert (rejection.row, rejection.external_id) == (3, "2")
    assert rejection.problems[0].field == field
    assert reason in rejection.problems[0].reason
    assert [entry["id"] for entry in entries(imported)] == ["log-1", "log-3"]


def test_a_repeated_row_id_is_given_back(read):
    _, problem = the_problem(read(a_row(), a_row()))
    assert "stands twice" in problem.reason


def test_a_day_that_is_full_takes_no_further_row(read):
    rows = [a_row(id=str(number), hours="10") for number in range(3)]
    rejection, problem = the_problem(read(*rows))
    assert rejection.row == 4
    assert "1800 minutes on 2026-03-02; a day has 1440" in problem.reason


def test_a_timesheet_takes_a_thousand_entries_and_no_more(read):
    rows = [a_row(id=str(number), hours="0.02") for number in range(1001)]
    _, problem = the_problem(read(*rows))
    assert "the 1000 entries" in problem.reason


def test_a_line_of_two_projects_is_given_back(read):
    line = {"line_id": {"constant": "the-line"}}
    rejection, problem = the_problem(read(a_row(), a_row(id="2", project="silo"), fields=line))
    assert (rejection.row, problem.field) == (3, "line_id")
    assert "belongs to 'kiln' in earlier rows" in problem.reason


def test_a_filtered_row_is_counted_and_given_back(read):
    where = [{"column": "project", "is_one_of": ["kiln"]}]
    _, problem = the_problem(read(a_row(), a_row(id="2", project="silo"), where=where))
    assert "left out by the mapping" in problem.reason


def test_rows_that_are_not_billable_keep_their_work(read):
    billable = [{"column": "project", "is_one_of": ["kiln"]}]
    imported = read(a_row(), a_row(id="2", project="silo"), billable_where=billable)
    assert [(one["minutes_worked"], one["minutes_billable"]) for one in entries(imported)] == [
        (450, 450),
        (450, 0),
    ]


def test_words_prefixes_templates_defaults_and_constants_are_applied(read):
    fields = {
        "person_id": {"column": "who", "prefix": "dev-"},
        "task_id": {"template": "{project}/{what}"},
        "labor_category": {"column": "what", "replace": {"Design": "designer"}},
        "narrative": {"constant": "as agreed"},
        "minutes_billable": {"column": "rate", "unit": "minutes"},
    }
    (entry,) = entries(read(a_row(), fields=fields))
    assert (entry["task_id"], entry["labor_category"], entry["narrative"]) == (
        "kiln/Design",
        "designer",
        "as agreed",
    )
    assert entry["minutes_billable"] == 140


def test_an_empty_cell_takes_the_default(read):
    fields = {"labor_category": {"column": "what", "default": "helper"}}
    assert entries(read(a_row(what=""), fields=fields))[0]["labor_category"] == "helper"


def test_local_times_are_read_in_the_zone_of_the_mapping(read):
    fields = {"recorded_at": {"column": "what", "formats": ["%d.%m.%Y %H:%M"]}}
    (entry,) = entries(read(a_row(what="02.07.2026 12:00"), fields=fields))
    assert entry["recorded_at"] == "2026-07-02T10:00:00+00:00"


def test_long_work_is_laid_over_the_working_days_before_its_date(read):
    imported = read(
        a_row(day="2026-03-09", hours="20"),  # a Monday
        spread={"max_minutes_per_day": 480},
    )
    assert [(one["work_date"], one["minutes_worked"], one["id"]) for one in entries(imported)] == [
        ("2026-03-05", 240, "log-1-3"),
        ("2026-03-06", 480, "log-1-2"),
        ("2026-03-09", 480, "log-1-1"),
    ]
    assert imported.accepted == 1


def test_short_work_is_not_spread(read):
    (entry,) = entries(read(a_row(hours="8"), spread={"max_minutes_per_day": 480}))
    assert entry["id"] == "log-1"


def test_more_work_than_a_year_of_days_is_given_back(read):
    _, problem = the_problem(read(a_row(hours="9000"), spread={"max_minutes_per_day": 480}))
    assert "split the row" in problem.reason


def test_a_second_file_is_joined_on_its_key(read, tmp_path):
    (tmp_path / "days.csv").write_text(
        "task;done\nA;2026-03-02\nB;2026-03-03\nB;2026-03-03\nC;2026-03-04\nC;2026-03-05\n"
    )
    join = {"file": "days.csv", "on": "task", "delimiter": ";"}
    imported = read(
        *[("1", "A"), ("2", "B"), ("3", "C"), ("4", "D")],
        header=("id", "task"),
        join=join,
        fields={
            "person_id": {"constant": "ana"},
            "project_id": {"constant": "kiln"},
            "work_date": {"column": "done"},
            "minutes_worked": {"constant": "60"},
            "hourly_rate_minor": {"constant": "14000"},
            "narrative": {"column": "task"},
        },
    )
    assert [one["work_date"] for one in entries(imported)] == ["2026-03-02", "2026-03-03"]
    assert [(one.row, one.problems[0].reason) for one in imported.rejections] == [
        (4, "has 2 partner rows in days.csv; it needs exactly one"),
        (5, "has no partner rows in days.csv; it needs exactly one"),
    ]


@pytest.mark.parametrize("name", ["../other.csv", "/tmp/other.csv", "a\\b.csv"])
def test_a_join_never_leaves_the_folder(name):
    with pytest.raises(ValueError, match="pattern"):
        a_mapping(join={"file": name, "on": "id"})


def test_a_byte_order_mark_is_no_part_of_the_first_column(read):
    text = "\ufeff" + ",".join(HEADER) + "\r\n" + ",".join(ROW) + "\r\n"
    assert read.text(text, mapping=a_mapping()).accepted == 1


def test_another_encoding_is_read_where_the_mapping_says_so(read):
    text = f"{','.join(HEADER)}\n{','.join(a_row(what='Prüfung'))}\n".encode("latin-1")
    imported = read.text(text, mapping=a_mapping(encoding="latin-1"))
    assert entries(imported)[0]["narrative"] == "Prüfung"
    _, problem = the_problem(read.text(text, mapping=a_mapping()))
    assert "set `encoding`" in problem.reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1,ana,2026-03-02,kiln", "has 4 cells where the first row names 7 columns"),
        ("1,ana,2026-03-02,kiln,7.5,140,Design,more", "has 8 cells"),
        ('1,ana,2026-03-02,kiln,7.5,140,"De"sign', "is no CSV near line 2"),
        ('1,ana,2026-03-02,kiln,7.5,140,"Design', "unexpected end of data"),
        ("1,ana,2026-03-02,kiln,7.5,140," + "x" * 140_000, "field larger"),
    ],
)
def test_a_ragged_or_broken_row_is_given_back(read, line, reason):
    text = f"{','.join(HEADER)}\n{line}\n"
    if '"Design' not in line:
        text += ",".join(a_row(id="2")) + "\n"
    imported = read.text(text, mapping=a_mapping())
    assert reason in imported.rejections[0].problems[0].reason
    assert imported.accepted == imported.received - 1


def test_quotes_line_breaks_and_empty_lines_are_read(read):
    text = f'{",".join(HEADER)}\n\n1,ana,2026-03-02,kiln,7.5,140,"one,\n""two"""\n\n'
    imported = read.text(text, mapping=a_mapping())
    assert (imported.received, entries(imported)[0]["narrative"]) == (1, 'one,\n"two"')


def test_json_and_ndjson_rows_give_the_same_items(read):
    rows = [dict(zip(HEADER, ROW, strict=True)) | {"id": number, "hours": 7.5, "what": None}
            for number in (1, 2)]  # fmt: skip
    lines = "\n".join(json.dumps(row) for row in rows)
    as_json = read.text(json.dumps(rows), mapping=a_mapping(format="json"), name="log.json")
    as_lines = read.text(f"{lines}\n", mapping=a_mapping(format="ndjson"), name="log.ndjson")
    assert as_json.items == as_lines.items
    assert as_json.accepted == 2


def test_broken_json_lines_and_foreign_shapes_are_given_back(read):
    good = json.dumps(dict(zip(HEADER, ROW, strict=True)))
    text = f'{good}\n{{"id": \n[1]\n{{"id": 5}}\n'
    imported = read.text(text, mapping=a_mapping(format="ndjson"))
    assert [one.row for one in imported.rejections] == [2, 3, 4]
    assert imported.accepted == 1


@pytest.mark.parametrize(
    ("text", "changed", "reason"),
    [
        ("", {}, "is empty"),
        ("id,id\n1,2\n", {}, "names the column 'id' twice"),
        ("id,who\n1,ana\n", {}, "has no column day, hours, project, rate, what"),
        ('"id\n', {}, "has no readable first row"),
        ("{}", {"format": "json"}, "holds no array"),
        ("[", {"format": "json"}, "is no JSON"),
        ("id\n", {"encoding": "klingon"}, "unknown encoding"),
        (b"\xff\xfei\x00d", {"encoding": "utf-16"}, "check the path and the encoding"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_is_refused(read, text, changed, reason):
    with pytest.raises(UnreadableFileError, match=reason):
        read.text(text, mapping=a_mapping(**changed))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UnreadableFileError, match="check the path"):
        read_file(tmp_path / "none.csv", mapping=a_mapping(), now=NOW)


@settings(max_examples=40, deadline=None)
@given(body=st.binary(max_size=200), cells=st.lists(st.text(max_size=12), max_size=10))
def test_whatever_a_file_holds_every_row_is_accounted_for(tmp_path_factory, body, cells):
    text = io.StringIO()
    csv.writer(text).writerows(
        a_row(id=str(number)) if number % 3 == 0 else a_row(**{HEADER[number % 7]: cell})
        for number, cell in enumerate(cells)
    )
    path = tmp_path_factory.mktemp("any") / "log.csv"
    header = ",".join(HEADER).encode()
    path.write_bytes(header + b"\n" + text.getvalue().encode("utf-8", "replace") + body)
    imported = read_file(path, mapping=a_mapping(spread={"max_minutes_per_day": 480}), now=NOW)
    assert imported.received == imported.accepted + len(imported.rejections)
    assert parse_items(imported.items).rejected == ()


def test_a_mistake_in_a_mapping_is_told_with_its_line(tmp_path):
    text = (SAMPLES / "mappings" / "timesheets.yaml").read_text()
    path = tmp_path / "mapping.yaml"
    path.write_text(text.replace("unit: hours", "unit: days").replace("{column: Id}", "{}"))
    with pytest.raises(FileMistakesError) as caught:
        read_mapping(path)
    told = {problem.field: problem.reason for problem in caught.value.problems}
    assert "write exactly one" in told["line 7, fields.row_id"]
    assert "hours" in told["line 12, fields.minutes_worked.unit"]


def test_a_clock_thirds_and_seconds_are_read_as_minutes(read):
    rows = [a_row(id="1", hours="7:30"), a_row(id="2", hours="0.333333333333333")]
    assert [one["minutes_worked"] for one in entries(read(*rows))] == [450, 20]
    seconds = {"minutes_worked": {"column": "hours", "unit": "seconds"}}
    (entry,) = entries(read(a_row(hours="27000.0"), fields=seconds))
    assert entry["minutes_worked"] == 450


@pytest.mark.parametrize(
    ("told", "minutes"), [("7,5", 450), ("1.020,5", None), ("7.5", None), ("0,75", 45)]
)
def test_a_decimal_comma_leaves_the_point_to_thousands_alone(read, told, minutes):
    imported = read(a_row(hours=told, rate="1.400,00"), decimal_mark=",")
    found = [(one["minutes_worked"], one["hourly_rate_minor"]) for one in entries(imported)]
    assert found == ([(minutes, 140_000)] if minutes else [])


TIMES = {
    "started_at": {"template": "{day}T{from}"},
    "ended_at": {"column": "to"},
    "approver_id": {"column": "boss"},
    "approved_at": {"column": "signed"},
    "submitted_at": {"column": "sent"},
    "location": {"column": "place"},
    "activity": {"column": "what"},
    "adjustment_reason": {"column": "why"},
    "change_order_id": {"column": "order"},
}
MORE = ("from", "to", "boss", "signed", "sent", "place", "why", "order")
FULL = (
    "09:00",
    "2026-03-02T16:30",
    "bo",
    "2026-03-09T10:00Z",
    "2026-03-08",
    "site",
    "agreed",
    "CO1",
)


def test_start_end_place_and_further_columns_stand_on_the_entry(read):
    imported = read((*ROW, *FULL), header=(*HEADER, *MORE), fields=TIMES)
    (item,) = imported.items
    (entry,) = item["entries"]
    assert (entry["started_at"], entry["ended_at"]) == (
        "2026-03-02T08:00:00+00:00",
        "2026-03-02T15:30:00+00:00",
    )
    assert (entry["location"], entry["activity"]) == ("site", "Design")
    assert (entry["adjustment_reason"], entry["change_order_id"]) == ("agreed", "CO1")
    assert item["submitted_at"] == "2026-03-07T23:00:00+00:00"  # midnight in Vienna


def test_a_timesheet_is_approved_where_each_of_its_rows_is(read):
    header = (*HEADER, *MORE)
    one, other = (*ROW, *FULL), (*a_row(id="2"), *FULL)
    (item,) = read(one, other, header=header, fields=TIMES).items
    assert item["approvals"] == [
        {
            "step": "manager",
            "verdict": "approve",
            "actor_id": "bo",
            "at": "2026-03-09T10:00:00+00:00",
        }
    ]
    unsigned = (*other[: len(HEADER) + 2], "", "", *FULL[4:])
    (item,) = read(one, unsigned, header=header, fields=TIMES).items
    assert "approvals" not in item


def test_an_end_before_its_start_is_given_back_with_both_times(read):
    row = (*ROW, "17:00", *FULL[1:])
    rejection, problem = the_problem(read(row, header=(*HEADER, *MORE), fields=TIMES))
    assert (problem.field, rejection.row) == ("to", 2)
    assert "does not lie after started_at" in problem.reason


def test_rows_without_an_id_are_numbered_where_the_mapping_says_so(read):
    rows = [a_row(hours="1"), a_row(hours="2"), a_row(hours="3")]
    imported = read(*rows, number_repeated_ids=True)
    assert [one["id"] for one in entries(imported)] == ["log-1", "log-1-2", "log-1-3"]


@pytest.mark.parametrize("field", ["started_at", "approver_id"])
def test_half_a_pair_of_rules_is_refused(field):
    with pytest.raises(ValueError, match="write both, or neither"):
        a_mapping(fields={field: {"column": "x"}})


def test_real_dates_are_read_whatever_format_the_mapping_names(read):
    fields = {"work_date": {"column": "day", "formats": ["%d.%m.%Y"]}}
    imported = read(a_row(), a_row(id="2", day="03.03.2026"), a_row(id="3", day="20260304"),
                    fields=fields)  # fmt: skip
    assert [one["work_date"] for one in entries(imported)] == ["2026-03-02", "2026-03-03"]
    assert [one.row for one in imported.rejections] == [4]
