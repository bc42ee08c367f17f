"""Millions of time entries as a Parquet file, made by array operations: a firm's years of work.

People hand in one sheet a week for each of two lines. Rows stand in order of arrival. About one
entry in twelve has a fault; three narratives in five are the only ones of their words.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from holidays import country_holidays

from benchmarks import bulk_world as world

ENTRIES_A_WEEK = world.PEOPLE * 2 * 5
DAY_US = 86_400_000_000
HOUR_US = DAY_US // 24
FAULT_SHARE = 0.01
"""Of each kind of fault; eight kinds are planted."""
VERBS = [
    "reviewed",
    "drafted",
    "tested",
    "built",
    "discussed",
    "measured",
    "planned",
    "mapped",
    "traced",
    "fixed",
]
THINGS = [
    "interface",
    "ledger",
    "schema",
    "report",
    "pipeline",
    "forecast",
    "contract",
    "migration",
    "dashboard",
    "inventory",
    "payroll",
    "tariff",
    "gateway",
    "portal",
    "archive",
    "register",
    "budget",
    "roadmap",
    "backlog",
    "interview",
]
MANNERS = [
    "with client team",
    "after call",
    "for release",
    "before audit",
    "in workshop",
    "per request",
]
STOCK_NARRATIVES = 2_000
STOCK_SHARE = 0.4


def write_entries(path: Path, *, entries: int, seed: int, row_group: int) -> None:
    """Write so many entries in order of arrival."""
    writer: pq.ParquetWriter | None = None
    written = 0
    for table in _in_groups(_weeks(seed=seed), rows=row_group):
        part = _plain(table.slice(0, entries - written))
        writer = writer or pq.ParquetWriter(path, part.schema, compression="zstd")
        writer.write_table(part, row_group_size=row_group)
        written += table.num_rows
        if written >= entries:
            writer.close()
            return


def _plain(table: pa.Table) -> pa.Table:
    """Texts as they are, as most systems write them."""
    kinds = [pa.string() if pa.types.is_dictionary(one.type) else one.type for one in table.schema]
    return table.cast(pa.schema(list(zip(table.column_names, kinds, strict=True))))


def _in_groups(weeks: Iterator[pa.Table], *, rows: int) -> Iterator[pa.Table]:
    """Join weeks to groups; sheets of a week may come later than those of the next one."""
    held: list[pa.Table] = []
    for week in weeks:
        held.append(week)
        if sum(one.num_rows for one in held) >= rows + 4 * ENTRIES_A_WEEK:
            joined = pa.concat_tables(held).sort_by("submitted_at")
            yield joined.slice(0, rows)
            held = [joined.slice(rows)]


def _weeks(*, seed: int) -> Iterator[pa.Table]:
    """Weeks without end; hardly anybody works on a public holiday."""
    for week in count():
        random = np.random.default_rng([seed, week])
        table = _week(week, random=random)
        is_open = ~np.isin(table["work_date"].to_numpy(), _holidays())
        yield table.filter(pa.array(is_open | (random.random(len(is_open)) < FAULT_SHARE)))


@cache
def _holidays() -> np.ndarray:
    years = range(world.FIRST_DAY.year, world.LAST_DAY.year + 1)
    return np.array(sorted(country_holidays("AT", years=years)), dtype="datetime64[D]")


def _week(week: int, *, random: np.random.Generator) -> pa.Table:
    """One row a person, slot and day; rows of one sheet stand together."""
    rows = ENTRIES_A_WEEK
    person = np.repeat(np.arange(world.PEOPLE), 10)
    slot = np.tile(np.repeat([0, 1], 5), world.PEOPLE)
    line = world.lines_of_person(person, slot)
    monday = (world.FIRST_DAY - date(1970, 1, 1)).days + 7 * week
    day = monday + np.tile(np.arange(5), 2 * world.PEOPLE)
    category = world.category_of_person(person)
    rate = world.rates_minor(category, day)
    minutes = random.choice([210, 225, 240, 240, 240, 240], rows)

    def faulty() -> np.ndarray:
        return random.random(rows) < FAULT_SHARE

    rate = np.where(faulty(), rate + 5_00, rate)
    minutes = np.where(faulty(), minutes + 240, minutes)
    billable = np.where(faulty(), minutes + 10, minutes)
    sheet = np.arange(rows) // 5
    lag_days = np.repeat(
        np.where(random.random(rows // 5) < FAULT_SHARE, 30, random.integers(0, 4, rows // 5)), 5
    )
    # No two sheets come at the same microsecond, so the order of arrival is plain.
    submitted_us = (monday + 5 + lag_days) * DAY_US + 8 * HOUR_US + sheet * 1_000 + week
    start_us = day * DAY_US + np.where(slot == 0, 8, 13) * HOUR_US
    start_us = np.where(faulty(), start_us - 3 * HOUR_US, start_us)
    number = week * rows + np.arange(rows)
    approver = np.where(np.repeat(random.random(rows // 5) < FAULT_SHARE, 5), person, person // 20)
    task = np.where(faulty(), world.TASKS, random.integers(0, world.TASKS, rows))
    client_signs = (line // world.LINES) % 4 == 0
    return pa.table({
        "source": _names("bench", np.zeros(rows, dtype=np.int64), width=1),
        "sheet_id": _names("S", number // 5, width=9),
        "person_id": _names("p", person, width=5),
        "contract_id": _names("C", line // world.LINES, width=4),
        "line_id": _names("L", line % world.LINES, width=1),
        "currency": pa.array(["EUR"]).dictionary_encode().take(pa.array(np.zeros(rows, int))),
        "zone": pa.array(["Europe/Vienna"]).dictionary_encode().take(
            pa.array(np.zeros(rows, int))),
        "period_start": _dates(np.full(rows, monday)),
        "period_end": _dates(np.full(rows, monday + 6)),
        "submitted_at": _moments(submitted_us),
        "entry_id": _names("E", number, width=10).cast(pa.string()),
        "work_date": _dates(day),
        "minutes_worked": pa.array(minutes, pa.int32()),
        "minutes_billable": pa.array(billable, pa.int32()),
        "project_id": _names("P", line, width=4),
        "task_id": _names("T", task, width=1),
        "labor_category": pa.array(world.CATEGORIES).dictionary_encode().take(pa.array(category)),
        "hourly_rate_minor": pa.array(rate, pa.int64()),
        "narrative": _narratives(random, count=rows),
        "recorded_at": _moments(day * DAY_US + 18 * HOUR_US),
        "started_at": _moments(start_us),
        "ended_at": _moments(start_us + minutes * 60_000_000),
        "activity": pa.array(["delivery", "travel"]).dictionary_encode().take(
            pa.array(faulty().astype(np.int64))),
        "approved_by": _names("p", approver, width=5),
        "approved_at": _moments(submitted_us + DAY_US),
        "authority_limit_minor": pa.array(np.full(rows, 50_000_00), pa.int64()),
        "client_approved_by": pc.if_else(
            pa.array(client_signs), pa.scalar("client"), pa.scalar(None, pa.string())
        ).dictionary_encode(),
        "client_approved_at": _moments(submitted_us + 2 * DAY_US),
    })  # fmt: skip


def _names(prefix: str, numbers: np.ndarray, *, width: int) -> pa.Array:
    distinct, place = np.unique(numbers, return_inverse=True)
    padded = pc.utf8_lpad(pa.array(distinct).cast(pa.string()), width=width, padding="0")
    names = pc.binary_join_element_wise(prefix, padded, "")
    return pa.DictionaryArray.from_arrays(pa.array(place.astype(np.int32)), names)


def _narratives(random: np.random.Generator, *, count: int) -> pa.Array:
    """A stock of narratives that come again, and others with a number of their own."""
    is_stock = random.random(count) < STOCK_SHARE
    pick = np.where(
        is_stock, random.integers(0, STOCK_NARRATIVES, count), random.integers(0, 2**40, count)
    )
    mixed = (pick * 2_654_435_761) & 0xFFFF_FFFF
    words = [
        pa.array(names).take(pa.array((mixed >> shift) % len(names)))
        for shift, names in ((3, VERBS), (7, THINGS), (12, MANNERS), (17, THINGS), (22, MANNERS))
    ]
    ticket = pa.array(pick % 9_000 + 1_000).cast(pa.string())
    written = pc.binary_join_element_wise(
        words[0], words[1], words[2], "and", words[3], words[4], "ticket", ticket, " "
    )
    is_poor = pa.array(random.random(count) < FAULT_SHARE)
    return pc.if_else(is_poor, pa.scalar("Various tasks"), written)


def _dates(days: np.ndarray) -> pa.Array:
    return pa.array(days.astype(np.int32)).cast(pa.date32())


def _moments(us: np.ndarray) -> pa.Array:
    return pa.array(us).cast(pa.timestamp("us", tz="UTC"))
