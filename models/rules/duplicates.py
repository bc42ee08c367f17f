"""Was the same work recorded twice?"""

from __future__ import annotations

import numpy as np

from data.schemas.vocabulary import ClauseKind
from models.codes import UNKNOWN
from models.columns import EntryColumns, Flags, Ints
from models.rules.facts import Facts
from models.rules.hits import Hits, entry_hits
from models.rules.order import Order

SAME_WORK = ("person", "work_day", "task", "minutes_worked", "narrative_key")
SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""2^64 by the golden ratio: multiplying by it spreads neighbouring figures over all bits."""


def duplicate_time_entry(facts: Facts) -> Hits:
    """T15: an entry that repeats the person, day, task, minutes and narrative of another.

    Narratives are compared by their words; two without any words are equal. The other is one of
    an item assessed before, or one that counts earlier in this batch.
    """
    entries, past, near = facts.entries, facts.past.entries, facts.order.near
    original = _originals(past, entries, order=facts.order)

    def name(row: int) -> str:
        first = int(original[row])
        is_near = first < len(near)
        return str(past.entry_id[near[first]] if is_near else entries.entry_id[first - len(near)])

    return entry_hits(
        facts,
        np.flatnonzero((original != UNKNOWN) & (entries.minutes_billable > 0)),
        clause=facts.entry_clause(ClauseKind.DOUBLE_BILLING),
        exposure_minor=entries.amount_minor,
        field="narrative",
        actual=lambda row: f"repeats entry {name(row)}",
        expected=lambda _: "the same work billed once",
        summary="{rows} recorded twice",
    )


def _originals(past: EntryColumns, entries: EntryColumns, *, order: Order) -> Ints:
    """For each batch entry the first equal entry, as a joined row, or UNKNOWN if it is the first.

    What was assessed before comes first: a second sheet cannot pass because it was recorded
    earlier than the one already assessed.
    """
    same = [
        np.concatenate((getattr(past, name)[order.near], getattr(entries, name)))
        for name in SAME_WORK
    ]
    original = np.full(len(order.rank), UNKNOWN, dtype=np.int64)
    suspects = _likely_repeated(same)
    if not len(suspects):
        return original[len(order.near) :]
    same = [column[suspects] for column in same]
    sequence = np.lexsort((order.rank[suspects], *same))
    rows = suspects[sequence]
    is_first = _is_first_of_kind([column[sequence] for column in same])
    first = np.maximum.accumulate(np.where(is_first, np.arange(len(rows)), 0))
    original[rows] = np.where(is_first, UNKNOWN, rows[first])
    return original[len(order.near) :]


def _likely_repeated(columns: list[Ints]) -> Ints:
    """Rows whose figures hash like those of another: all that repeat, and by chance a few more.

    One sort of hashes is a fifth of the sorts by each column, and most work is done once.
    """
    hashes = np.zeros(len(columns[0]), dtype=np.uint64)
    for column in columns:
        hashes = (hashes ^ (hashes >> np.uint64(29)) ^ column.astype(np.uint64)) * SPREAD
    order = np.argsort(hashes)
    is_same = np.zeros(len(order) + 1, dtype=np.bool_)
    is_same[1:-1] = hashes[order][1:] == hashes[order][:-1]
    return np.sort(order[is_same[1:] | is_same[:-1]])


def _is_first_of_kind(columns: list[Ints]) -> Flags:
    is_first = np.ones(len(columns[0]), dtype=np.bool_)
    is_first[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return is_first
