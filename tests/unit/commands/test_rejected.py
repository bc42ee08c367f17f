from __future__ import annotations

from data.schemas.batch import FieldProblem, Rejection
from service.commands.rejected import tell_given_back, tell_rejections
from service.wire.imports import GivenBackRow, ToldProblem


def given_back(row, *fields, external_id=None):
    problems = tuple(FieldProblem(field=one, value="x", reason="is no number") for one in fields)
    return Rejection(row=row, external_id=external_id, problems=problems)


def test_rows_are_told_by_field_the_most_frequent_first():
    told: list[str] = []
    tell_rejections(
        [
            given_back(2, "Date"),
            given_back(3, "Hours", external_id="17"),
            given_back(4, "Hours"),
        ],
        say=told.append,
    )
    assert told == [
        "  2 rows are not taken for Hours; first id '17': 'x' is no number",
        "  1 row is not taken for Date; first row 2: 'x' is no number",
    ]


def test_nothing_is_said_where_nothing_was_given_back():
    told: list[str] = []
    tell_rejections([], say=told.append)
    assert told == []


def test_the_first_row_of_each_field_is_told_with_its_remedy():
    def row(number, field):
        told = ToldProblem(field=field, value="x", reason="is no number", remedy="correct it")
        return GivenBackRow(row=number, external_id=None, cells={}, problems=(told,))

    told: list[str] = []
    tell_given_back([row(2, "(row)"), row(3, "Hours"), row(4, "Hours")], say=told.append)
    assert told == [
        "  2 rows are not taken for Hours; first row 3: 'x' is no number; correct it",
        "  1 row is not taken for its shape; first row 2: 'x' is no number; correct it",
    ]
