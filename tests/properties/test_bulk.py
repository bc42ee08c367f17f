"""What holds of the bulk path whatever the file is: how it is cut and ordered changes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.schemas.items import Timesheet
from models.bulk.bulk_check import BulkCheck, check_stream, whole_moments
from models.bulk.findings_table import findings_table, worded_table
from models.codes import Codes
from models.columns import to_batch
from models.past.history import History
from models.rules.check import check
from models.terms import Terms
from tests.builders.flat_tables import flat_sheet, flat_table
from tests.builders.strategies import batches
from tests.builders.strict_world import strict_world

WORLD = strict_world()
DECIDED_AT = datetime(2026, 6, 1, tzinfo=UTC)
FIXED_SEED = settings(
    max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


@st.composite
def files(draw):
    """A table of sheets in order of arrival."""
    drawn = draw(batches(size=8))
    sheets = [flat_sheet(one) for one in drawn if isinstance(one, Timesheet)]
    return flat_table(sorted(sheets, key=lambda one: (one.submitted_at, one.item_id)))


def _told(tables, **how) -> list[tuple]:
    """Every piece of evidence in words, sorted."""
    bulk = BulkCheck(WORLD, decided_at=DECIDED_AT, **how)
    told = []
    for table in tables:
        checked = bulk.check(bulk.lay_out(table))
        rows = worded_table(checked.found, facts=checked.facts).to_pylist()
        plain = findings_table(checked.found, facts=checked.facts).to_pylist()
        assert [{name: row[name] for name in plain[0]} for row in rows] == plain
        told += [tuple(row.items()) for row in rows]
    return sorted(told, key=repr)


@FIXED_SEED
@given(files(), st.randoms(use_true_random=False))
def test_splitting_a_file_never_changes_findings(table, random):
    cuts = sorted(random.choices(range(table.num_rows + 1), k=random.randrange(5)))
    parts = [
        table.slice(low, high - low)
        for low, high in pairwise([0, *cuts, table.num_rows])
        if high > low
    ]
    assert _told(whole_moments(parts)) == _told([table])


@FIXED_SEED
@given(files(), st.randoms(use_true_random=False))
def test_order_of_rows_in_a_file_never_changes_findings(table, random):
    shuffled = random.sample(range(table.num_rows), table.num_rows)
    assert _told([table.take(pa.array(shuffled))]) == _told([table])


@FIXED_SEED
@given(files())
def test_laying_out_ahead_never_changes_findings(table):
    bulk = BulkCheck(WORLD, decided_at=DECIDED_AT)
    parts = [table.slice(row, 1) for row in range(table.num_rows)]
    with ThreadPoolExecutor(1) as ahead:
        stream = check_stream(whole_moments(parts), bulk=bulk, ahead=ahead)
        told = [
            tuple(row.items())
            for one in stream
            for row in worded_table(one.found, facts=one.facts).to_pylist()
        ]
    assert sorted(told, key=repr) == _told([table])


@FIXED_SEED
@given(files())
def test_file_gives_what_its_sheets_give(table):
    codes = Codes()
    terms = Terms.build(WORLD, codes=codes)
    bulk = BulkCheck(WORLD, decided_at=DECIDED_AT)
    items = list(bulk.lay_out(table).items)
    batch = to_batch(items, codes=codes)
    past = History(codes=codes).past(batch, decided_at=DECIDED_AT)
    said = check(batch, past=past, terms=terms, decided_at=DECIDED_AT)
    of_sheets = [
        (item.item_id, finding.code.value, finding.clause_id, row.row_id, row.actual, row.expected,
         row.exposure_minor)
        for item, findings in zip(items, said, strict=True)
        for finding in findings
        for row in finding.evidence
    ]  # fmt: skip
    names = ("item_id", "code", "clause_id", "row_id", "actual", "expected", "exposure_minor")
    of_file = [tuple(dict(row)[name] for name in names) for row in _told([table])]
    assert sorted(of_file, key=repr) == sorted(of_sheets, key=repr)


@FIXED_SEED
@given(files())
def test_rules_side_by_side_find_what_they_find_one_by_one(table):
    with ThreadPoolExecutor(2) as pool:
        assert _told([table], run_all=pool.map) == _told([table])
