"""A large firm is many practices: what it adds up to, what they share, and what is held at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace

import pytest
from pydantic import BaseModel

from data.firm.generate import generate_firm
from data.firm.practices import (
    LARGEST_PRACTICE,
    practices_of,
    size_of_firm,
    stream_firm,
    stream_practices,
)
from data.firm.records import Firm, FirmSize
from data.firm.tables import FirmTables, tables_of

THREE_PRACTICES = FirmSize(people=30, clients=6, contracts=15, months=3)
TEN_EACH = 10
ONE_OF_TWO = FirmSize(people=10, clients=4, contracts=9, months=4, practice="P001-")
SHARED_BY_ALL = {"calendars", "regions"}
"""Countries have one calendar, whoever works there."""


@pytest.fixture(scope="module")
def drawn_here() -> list[FirmTables]:
    return list(stream_practices(THREE_PRACTICES, make=tables_of, workers=1, largest=TEN_EACH))


def test_a_firm_that_fits_into_one_practice_is_its_own() -> None:
    size = FirmSize(people=LARGEST_PRACTICE)

    assert practices_of(size) == (size,)


def test_practices_add_up_to_the_firm() -> None:
    size = FirmSize(people=1_003, clients=401, contracts=666)

    parts = practices_of(size)

    assert sum(one.people for one in parts) == size.people
    assert sum(one.clients for one in parts) == size.clients
    assert sum(one.contracts for one in parts) == size.contracts
    assert max(one.people for one in parts) <= LARGEST_PRACTICE


def test_practices_differ_in_their_ids_and_in_their_chance() -> None:
    parts = practices_of(FirmSize(people=50_000))

    assert len({one.practice for one in parts}) == len(parts) == 400
    assert len({one.seed for one in parts}) == len(parts)


def test_every_practice_has_somebody_to_work_for() -> None:
    parts = practices_of(FirmSize(people=5_000, clients=3, contracts=2))

    assert {(one.clients, one.contracts) for one in parts} == {(1, 1)}


def test_a_firm_of_usual_size_keeps_the_proportions_of_the_small_one() -> None:
    small = FirmSize()

    assert size_of_firm(small.people) == small
    assert size_of_firm(600).contracts == 10 * small.contracts


def test_two_practices_share_no_id() -> None:
    first = generate_firm(ONE_OF_TWO)
    second = generate_firm(replace(ONE_OF_TWO, practice="P002-", seed=8))

    assert _ids(first).isdisjoint(_ids(second))


def test_two_firms_without_a_practice_do_share_ids() -> None:
    firm = generate_firm(replace(ONE_OF_TWO, practice=""))
    other = generate_firm(replace(ONE_OF_TWO, practice="", seed=8))

    assert _ids(firm) & _ids(other)


def test_the_name_of_a_practice_changes_nothing_but_ids() -> None:
    named = tables_of(generate_firm(ONE_OF_TWO))
    plain = tables_of(generate_firm(replace(ONE_OF_TWO, practice="")))

    for column in ("work_date", "minutes_billable", "hourly_rate_minor", "narrative"):
        assert named.entries[column] == plain.entries[column]
    assert named.truth["fault_codes"] == plain.truth["fault_codes"]
    assert named.invoices["amount_minor"] == plain.invoices["amount_minor"]


def test_practices_come_in_order(drawn_here: list[FirmTables]) -> None:
    names = [one.people["person_id"][0].as_py() for one in drawn_here]

    assert names == ["P001-P-001", "P002-P-001", "P003-P-001"]


def test_two_workers_draw_the_same_firm_as_one(drawn_here: list[FirmTables]) -> None:
    told: list[tuple[int, int]] = []

    beside = stream_practices(
        THREE_PRACTICES,
        make=tables_of,
        workers=2,
        largest=TEN_EACH,
        tell=lambda done, of: told.append((done, of)),
    )

    assert list(beside) == drawn_here
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_practices_are_not_piled_up_in_memory() -> None:
    before = _firms_in_memory()
    size = replace(THREE_PRACTICES, people=50)

    held = [_firms_in_memory() - before for _ in stream_firm(size, workers=1, largest=TEN_EACH)]

    assert len(held) == 5
    assert max(held) <= 2


def _firms_in_memory() -> int:
    return sum(isinstance(one, Firm) for one in gc.get_objects())


def _ids(firm: Firm) -> set[str]:
    """Every id that anything in the firm has or names, but for what all firms share."""
    listed = {
        one
        for _, table in tables_of(firm)
        for name in table.column_names
        if name.endswith("_id")
        for one in table[name].drop_null().to_pylist()
    }
    standing = {
        one
        for field in fields(firm.reference)
        if field.name not in SHARED_BY_ALL
        for one in _ids_inside(getattr(firm.reference, field.name))
    }
    return listed | standing | set(_ids_inside(firm.opportunities))


def _ids_inside(value: object) -> Iterator[str]:
    if isinstance(value, BaseModel):
        yield from _ids_of_fields({name: getattr(value, name) for name in type(value).model_fields})
    elif is_dataclass(value):
        yield from _ids_of_fields({one.name: getattr(value, one.name) for one in fields(value)})
    elif isinstance(value, dict):
        yield from _ids_inside(tuple(value.values()))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _ids_inside(one)


def _ids_of_fields(values: dict[str, object]) -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, str) and (name == "id" or name.endswith("_id")):
            yield value
        else:
            yield from _ids_inside(value)
