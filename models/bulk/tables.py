"""The columnar door: a flat table of time entries becomes a batch without an object an entry.

One row is one time entry with the head of its sheet; `batch_of_table` says which columns it has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from models.bulk.table_approvals import table_approvals
from models.bulk.table_checks import (
    TableRefusedError,
    refuse_impossible,
    refuse_mixed_sheets,
    refuse_unknown_currencies,
    refuse_unknown_zones,
)
from models.bulk.table_columns import Columns, distinct_pairs, encoded, texts_of
from models.bulk.table_items import TableItems
from models.codes import UNKNOWN, Codes, line_name, task_name
from models.columns import Batch, EntryColumns, Ints, Strings, expense_columns
from models.narrative_keys import narrative_columns
from models.rules.amounts import amounts_minor
from models.stable_order import stable_order


def batch_of_table(table: pa.Table, *, codes: Codes) -> Batch:
    """Lay a flat table of time entries out as columns; sheets come in the order they first appear.

    Required: sheet_id, source, person_id, contract_id, line_id, currency, zone, period_start,
    period_end, submitted_at (alike in all rows of a sheet), entry_id, work_date, minutes_worked,
    minutes_billable, project_id, task_id, labor_category, hourly_rate_minor, recorded_at.
    May be left out or null: narrative, started_at, ended_at, activity, location, change_order_id,
    adjustment_reason, and the signatures approved_by, approved_at, authority_limit_minor,
    approved_sha256, client_approved_by, client_approved_at, client_approved_sha256.
    Dates are dates, moments are UTC timestamps, money is in minor units. Raises MissingColumnError,
    and TableRefusedError for what no timesheet may say.
    """
    rows, first_entry, table = _sheet_by_sheet(table)
    try:
        return _laid_out(rows, table, first_entry=first_entry, codes=codes)
    except TableRefusedError as error:
        raise TableRefusedError(
            error.what, row=error.row, who=_named(table, row=error.row)
        ) from error


def _laid_out(rows: Columns, table: pa.Table, *, first_entry: Ints, codes: Codes) -> Batch:
    head = rows.take(first_entry[:-1])
    items = TableItems(table, first_entry=first_entry)
    place = np.repeat(np.arange(len(items)), np.diff(first_entry))
    heads = _Heads.of(head, codes=codes)
    refuse_mixed_sheets(rows, place=place)
    refuse_unknown_currencies(heads.currency, first_entry=first_entry)
    refuse_unknown_zones(heads.zone, zones=heads.zones, first_entry=first_entry)
    entries = _entries(rows, heads, place=place, codes=codes)
    refuse_impossible(entries, period_start=heads.period_start, period_end=heads.period_end)
    return Batch(
        items=items,
        item_id=heads.item_id,
        person=heads.person,
        person_id=head.texts("person_id"),
        contract=heads.contract,
        line=heads.line,
        project=entries.project[first_entry[:-1]],
        submitted_us=heads.submitted_us,
        amount_minor=np.add.reduceat(entries.amount_minor, first_entry[:-1]),
        currency=heads.currency,
        zone=heads.zone,
        zones=heads.zones,
        period_start=heads.period_start,
        period_end=heads.period_end,
        is_milestone=np.zeros(len(items), dtype=np.bool_),
        entries=entries,
        first_entry=first_entry,
        expenses=expense_columns([]),
        first_expense=np.zeros(len(items) + 1, dtype=np.int64),
        approvals=table_approvals(head, items, codes=codes),
    )


def _named(table: pa.Table, *, row: int) -> str:
    """Name a row as whoever mends the file finds it."""
    entry, sheet = (table[name][row].as_py() for name in ("entry_id", "sheet_id"))
    return f"entry {entry!r} of sheet {sheet!r}"


def _sheet_by_sheet(table: pa.Table) -> tuple[Columns, Ints, pa.Table]:
    """Put the rows of each sheet together, and say where each sheet begins."""
    if not table.num_rows:
        raise TableRefusedError("there is none; an empty table has nothing to check", row=0)
    columns = Columns(table)
    source, _ = columns.places("source")
    sheet, _ = columns.places("sheet_id")
    place, first = distinct_pairs(source, sheet)
    starts = np.flatnonzero(np.diff(place, prepend=-1))
    if len(starts) != len(first):
        order = stable_order(place)
        table = table.take(pa.array(order))
        columns, place = Columns(table), place[order]
        starts = np.flatnonzero(np.diff(place, prepend=-1))
    return columns, np.append(starts, len(place)), table


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heads:
    """What all rows of one sheet share, one row a sheet."""

    item_id: Strings
    person: Ints
    contract: Ints
    contract_ids: list[str]
    contract_place: Ints
    line: Ints
    currency: Strings
    zone: Ints
    zones: tuple[str, ...]
    period_start: Ints
    period_end: Ints
    submitted_us: Ints

    @classmethod
    def of(cls, head: Columns, *, codes: Codes) -> _Heads:
        contract_place, contract_ids = head.places("contract_id")
        line_place, line_ids = head.places("line_id")
        pair, shown = distinct_pairs(contract_place, line_place)
        lines = [
            codes.line.code(line_name(contract_ids[contract], line_ids[line]))
            for contract, line in zip(
                contract_place[shown].tolist(), line_place[shown].tolist(), strict=True
            )
        ]
        contracts = [codes.contract.code(one) for one in contract_ids]
        zone, zones = head.places("zone")
        return cls(
            item_id=head.texts("source") + ":" + head.texts("sheet_id"),
            person=head.codes("person_id", codes.person),
            contract=np.array(contracts, dtype=np.int64)[contract_place],
            contract_ids=contract_ids,
            contract_place=contract_place,
            line=np.array(lines, dtype=np.int64)[pair],
            currency=texts_of(head.required("currency").dictionary_encode()),
            zone=zone,
            zones=tuple(zones),
            period_start=head.days("period_start"),
            period_end=head.days("period_end"),
            submitted_us=head.moments("submitted_at"),
        )


def _entries(rows: Columns, heads: _Heads, *, place: Ints, codes: Codes) -> EntryColumns:
    project_place, project_ids = rows.places("project_id")
    task_place, task_ids = rows.places("task_id")
    projects = [codes.project.code(one) for one in project_ids]
    pair, shown = distinct_pairs(project_place, task_place)
    tasks = [
        codes.task.code(task_name(project_ids[project], task_ids[task]))
        for project, task in zip(
            project_place[shown].tolist(), task_place[shown].tolist(), strict=True
        )
    ]
    read = _Narratives.of(rows)
    billable, rate = rows.numbers("minutes_billable"), rows.numbers("hourly_rate_minor")
    return EntryColumns(
        entry_id=texts_of(rows.required("entry_id")),
        item=place,
        person=heads.person[place],
        contract=heads.contract[place],
        line=heads.line[place],
        project=np.array(projects, dtype=np.int64)[project_place],
        task=np.array(tasks, dtype=np.int64)[pair],
        category=rows.codes("labor_category", codes.category),
        work_day=rows.days("work_date"),
        submitted_us=heads.submitted_us[place],
        recorded_us=rows.moments("recorded_at"),
        minutes_worked=rows.numbers("minutes_worked"),
        minutes_billable=billable,
        rate_minor=rate,
        amount_minor=amounts_minor(minutes=billable, rate_minor=rate),
        narrative=read.texts,
        narrative_key=read.keys,
        narrative_words=read.words,
        start_us=rows.optional_moments("started_at"),
        end_us=rows.optional_moments("ended_at"),
        activity=rows.optional_codes("activity", codes.activity),
        location=rows.optional_codes("location", codes.location),
        change_order=_change_orders(rows, heads, place=place, codes=codes),
        is_adjusted=rows.has_text("adjustment_reason").astype(np.int64),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Narratives:
    texts: Strings
    keys: Ints
    words: Ints

    @classmethod
    def of(cls, rows: Columns) -> _Narratives:
        """Read each distinct narrative once."""
        column = rows.optional("narrative")
        if column is None:
            column = pa.nulls(len(rows), pa.large_string())
        place, distinct = encoded(column)
        found = narrative_columns(distinct)
        # The last place answers for null, which is -1: it has no words.
        return cls(
            texts=np.append(texts_of(distinct), "")[place],
            keys=np.append(found.keys, 0)[place],
            words=np.append(found.words, 0)[place],
        )


def _change_orders(rows: Columns, heads: _Heads, *, place: Ints, codes: Codes) -> Ints:
    order, ids = rows.optional_places("change_order_id")
    found = np.full(len(rows), UNKNOWN, dtype=np.int64)
    given = np.flatnonzero(order != UNKNOWN)
    contract = heads.contract_place[place[given]]
    pair, shown = distinct_pairs(contract, order[given])
    named = [
        codes.change_order.code(line_name(heads.contract_ids[one], ids[other]))
        for one, other in zip(contract[shown].tolist(), order[given][shown].tolist(), strict=True)
    ]
    found[given] = np.array(named, dtype=np.int64)[pair]
    return found
