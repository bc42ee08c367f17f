from __future__ import annotations

from data.schemas.batch import FieldProblem, Rejection
from service.commands.rejected import tell_rejections


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
