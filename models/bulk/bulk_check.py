"""Rules over a stream of tables of time entries: each part sees the parts before it as its past."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from data.schemas.reference import Reference
from models.bulk.rule_memory import RuleMemory
from models.bulk.tables import batch_of_table
from models.codes import Codes
from models.columns import Batch
from models.rules.check_columns import Found, RunAll, check_columns
from models.rules.facts import Facts
from models.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One part of the stream with all that rules found in it."""

    facts: Facts
    found: Found


class BulkCheck:
    """Checks parts one after the other, in order of arrival; memory holds sums and traces only."""

    def __init__(
        self, reference: Reference, *, decided_at: datetime, run_all: RunAll = map
    ) -> None:
        self._codes = Codes()
        self._terms = Terms.build(reference, codes=self._codes)
        self._memory = RuleMemory(codes=self._codes)
        self._decided_at = decided_at
        self._run_all = run_all

    def lay_out(self, table: pa.Table) -> Batch:
        """Make columns of the next part. Raises what `batch_of_table` raises."""
        return batch_of_table(table, codes=self._codes)

    def check(self, batch: Batch) -> Checked:
        """Check the next part, and remember it."""
        facts = Facts.gather(
            batch, past=self._memory.past(batch), terms=self._terms, decided_at=self._decided_at
        )
        found = check_columns(facts, run_all=self._run_all)
        self._memory.add_batch(batch)
        return Checked(facts=facts, found=found)


def check_stream(
    tables: Iterable[pa.Table], *, bulk: BulkCheck, ahead: Executor
) -> Iterator[Checked]:
    """Check all parts in order; while one is checked `ahead` reads and lays out the next."""
    parts = iter(tables)

    def lay_out_next() -> Batch | None:
        table = next(parts, None)
        return None if table is None else bulk.lay_out(table)

    waiting = ahead.submit(lay_out_next)
    while (batch := waiting.result()) is not None:
        waiting = ahead.submit(lay_out_next)
        yield bulk.check(batch)


def whole_moments(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Cut a stream that is sorted by submitted_at only between moments, never through a sheet."""
    held: pa.Table | None = None
    for table in tables:
        joined = table if held is None else pa.concat_tables([held, table])
        last = joined["submitted_at"][joined.num_rows - 1]
        whole = pc.sum(pc.less(joined["submitted_at"], last)).as_py() or 0
        if whole:
            yield joined.slice(0, whole)
        # What is left of the newest table alone: joined tables would hold on to all before them.
        already = 0 if held is None else held.num_rows
        held = table.slice(whole - already) if whole >= already else joined
    if held is not None and held.num_rows:
        yield held
