"""Check a file of past entries against the terms: what last year's billing would have shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from data.schemas.reference import Reference
from models.bulk.bulk_check import BulkCheck, Checked, check_stream, whole_moments
from models.bulk.findings_table import WORDED, worded_table
from service.commands.audit_tally import AuditTally
from service.commands.opened import opened_for_reading
from service.commands.shell import counted
from service.connectors.entry_file import entry_tables
from service.connectors.terms_file import read_terms
from service.settings import Settings

RULES_AT_ONCE = 2
"""Rules are sorts and searches over arrays, which let each other run; more than two gain little."""


class NoTermsError(LookupError):
    """There is nothing to check a file against."""

    def __init__(self, home: Path) -> None:
        super().__init__(
            f"there are no contracts in {home}, and no --terms were given; name a file of terms, "
            "or the home folder of an installation that has contracts"
        )


def check_file(
    settings: Settings,
    file: Path,
    *,
    terms: Path | None,
    out: Path | None,
    decided_at: datetime,
    say: Callable[[str], None],
) -> AuditTally:
    """Check every entry of a Parquet file and count what rules find, by code and currency.

    With `out` every piece of evidence is written there in words. Raises NoTermsError, and
    what reading terms and tables raises.
    """
    reference = _reference(settings, terms=terms)
    tally, started = AuditTally(), time.perf_counter()
    billed: set[str] = set()
    with (
        ThreadPoolExecutor(max_workers=1) as ahead,
        ThreadPoolExecutor(max_workers=RULES_AT_ONCE) as rules,
        _Findings(out) as findings,
    ):
        bulk = BulkCheck(reference, decided_at=decided_at, run_all=rules.map)
        tables = _noting(entry_tables(file), contracts=billed)
        for checked in check_stream(whole_moments(tables), bulk=bulk, ahead=ahead):
            tally.add(checked)
            findings.write(checked)
            tally.seconds = time.perf_counter() - started
            say(f"{tally.entries:,} entries, {tally.entries_a_second:,} a second")
    strange = sorted(billed - reference.contracts.keys())
    if strange:
        # Nothing is agreed for them: every rate is a wrong one, and no other clause is looked at.
        say(
            f"{counted(len(strange), 'contract')} of the file not among the terms, first "
            f"{strange[0]!r}: add the terms, or correct contract_id; until then each of their "
            "rates counts as a mismatch"
        )
    return tally


def _noting(tables: Iterable[pa.Table], *, contracts: set[str]) -> Iterator[pa.Table]:
    """Pass tables on and write down which contracts they name."""
    for table in tables:
        if "contract_id" in table.column_names:
            contracts.update(name for name in table["contract_id"].unique().to_pylist() if name)
        yield table


def _reference(settings: Settings, *, terms: Path | None) -> Reference:
    """The stored records; contracts and clients of a file of terms take their places."""
    with opened_for_reading(settings) as open_work, open_work() as uow:
        stored = uow.references.load()
    if terms is not None:
        given = read_terms(terms)
        stored = replace(
            stored,
            clients={one.id: one for one in given.clients},
            contracts={one.id: one for one in given.terms},
        )
    if not stored.contracts:
        raise NoTermsError(settings.home)
    return stored


class _Findings:
    """The file of findings, if one was asked for; a part is added at a time."""

    def __init__(self, path: Path | None) -> None:
        self._writer = None if path is None else pq.ParquetWriter(path, WORDED)

    def __enter__(self) -> _Findings:
        return self

    def __exit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.close()

    def write(self, checked: Checked) -> None:
        if self._writer is not None:
            self._writer.write_table(worded_table(checked.found, facts=checked.facts))
