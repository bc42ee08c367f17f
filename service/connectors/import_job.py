"""One import from file to report: read, taken batch by batch, resumed where it was cut off.

The plan: 1. find how far an earlier run came, 2. read every row, keeping those given back,
3. take reference records into use, 4. have items assessed, noting each batch once it is durable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data.schemas.assessment import Assessment
from data.schemas.reference import Reference as Known
from data.schemas.values import Record
from data.schemas.vocabulary import Route
from service.connectors.file_confined import confined_rows
from service.connectors.file_implied import beyond_known
from service.connectors.file_layout import OF_ITEMS, FileKind
from service.connectors.file_limits import ReadingLimits
from service.connectors.file_mapping import AnyMapping, Mapping
from service.connectors.file_rate_cards import contracts_with, objection_to
from service.connectors.file_rows import UnreadableFileError
from service.connectors.files import Imported, Told, take_rows
from service.connectors.import_folder import KeptImport
from service.connectors.reference import Reference
from service.ports.imports import ImportDoor
from service.wire.assessments import AssessmentResponse
from service.wire.imports import ImportPhase, ImportReport

BATCH = 500
ROWS_BETWEEN_TELLING = 1_000


class ImportStoppedError(Exception):
    """The process was told to end; the import continues where it was when it runs again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who follows an import: told notes and progress, and asked whether it is to end."""

    note: Callable[[str], None] = lambda _: None
    notes: Sequence[str] = ()
    """What was noted so far, for whoever reads the report later."""
    progress: Callable[[ImportPhase, int, int | None], None] = lambda *_: None
    """Told the phase, how much is done, and of how much, where that is known."""
    is_stopping: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be imported, and where the import is kept."""

    kept: KeptImport
    file: Path
    name: str
    """The file as its owner calls it."""
    mapping: AnyMapping
    limits: ReadingLimits
    may_put_reference: bool = True
    """Whether a file of work may bring contracts and people along."""
    batch_size: int = BATCH
    """Items taken in one transaction, and lost at most when a run is cut off."""


def run_import(
    job: Job, *, door: ImportDoor, now: datetime, watch: Watch, is_restarted: bool = False
) -> ImportReport:
    """Do an import, or what is left of it; give its report, which is kept as well.

    Raises UnreadableFileError where the file cannot be read at all, ImportRunsError where another
    process is at it, and ImportStoppedError.
    """
    with job.kept.locked():
        before = None if is_restarted else job.kept.report()
        report = _begun(job, before=before, watch=watch, now=now)
        try:
            known = door.known()
            read = _read(job, known=known, now=now, watch=watch)
            report = _after_reading(report, read=read, batch_size=job.batch_size)
            return _taken(job, read=read, report=report, known=known, door=door, watch=watch)
        except UnreadableFileError as error:
            told = f"{job.name}: {error.reason}"
            job.kept.keep(_changed(report, phase=ImportPhase.FAILED, error=told))
            raise


def _begun(job: Job, *, before: ImportReport | None, watch: Watch, now: datetime) -> ImportReport:
    fresh = ImportReport(
        id=job.kept.id,
        file=job.name,
        kind=job.mapping.kind,
        received_at=now if before is None else before.received_at or now,
    )
    is_cut_off = before is not None and before.phase is ImportPhase.TAKING
    # Batches of another size are other batches: what was done of them says nothing of these.
    is_same = before is not None and before.batch_size == job.batch_size
    if before is None or not (is_cut_off and is_same) or before.batches_done == 0:
        return job.kept.keep(_changed(fresh, phase=ImportPhase.READING))
    watch.note(
        f"continuing import {before.id} after batch {before.batches_done} of {before.batches}; "
        "--restart begins anew"
    )
    return before


def _read(job: Job, *, known: Known, now: datetime, watch: Watch) -> Imported:
    def progress(rows: int) -> None:
        if rows % ROWS_BETWEEN_TELLING == 0:
            watch.progress(ImportPhase.READING, rows, None)
            if watch.is_stopping():
                raise ImportStoppedError

    mapping = job.mapping
    rows = confined_rows(job.file, layout=mapping, wanted=mapping.columns, limits=job.limits)
    with job.kept.rows_given_back() as list_of_rows:
        told = Told(given_back=list_of_rows.add, note=watch.note, progress=progress)
        return take_rows(
            rows,
            path=job.file,
            mapping=mapping,
            now=now,
            told=told,
            objection=objection_to(known) if mapping.kind is FileKind.RATE_CARD else None,
        )


def _after_reading(report: ImportReport, *, read: Imported, batch_size: int) -> ImportReport:
    return _changed(
        report,
        phase=ImportPhase.TAKING,
        rows_received=read.received,
        rows_accepted=read.accepted,
        rows_rejected=read.rejected,
        items=len(read.items),
        batch_size=batch_size,
        batches=-(-len(read.items) // batch_size),
    )


def _taken(
    job: Job,
    *,
    read: Imported,
    report: ImportReport,
    known: Known,
    door: ImportDoor,
    watch: Watch,
) -> ImportReport:
    changed = records = 0
    for kind, objects in objects_of(
        job.mapping, read=read, known=known, may_put_reference=job.may_put_reference
    ):
        for start in range(0, len(objects), BATCH):
            changed += door.put(kind, objects[start : start + BATCH])
        records += len(objects)
    report = job.kept.keep(_changed(report, records=records, records_changed=changed))
    job.kept.forget_items_from(report.batches_done)
    size = job.batch_size
    for batch in range(report.batches_done, report.batches):
        if watch.is_stopping():
            raise ImportStoppedError
        answer = door.assess(read.items[batch * size : (batch + 1) * size])
        refused = [one.rejection for one in answer.results if one.rejection is not None]
        job.kept.items_given_back(refused, batch=batch)
        report = job.kept.keep(_counted(report, answer=answer, batch=batch))
        done = min((batch + 1) * size, len(read.items))
        watch.progress(ImportPhase.TAKING, done, len(read.items))
    return job.kept.keep(_changed(report, phase=ImportPhase.DONE, notes=tuple(watch.notes)))


def objects_of(
    mapping: AnyMapping, *, read: Imported, known: Known, may_put_reference: bool = True
) -> Iterator[tuple[str, Sequence[tuple[str, Record]]]]:
    """Give the records to put into use, by their collection, in the order to put them."""
    if isinstance(mapping, Mapping):
        if may_put_reference:
            yield from _of_reference(beyond_known(read.reference, known=known))
    elif mapping.kind is FileKind.RATE_CARD:
        yield "contracts", _named(contracts_with(read.records, known=known))
    elif mapping.kind not in OF_ITEMS:
        yield mapping.kind.value, _named(read.records)


def _of_reference(
    reference: Reference,
) -> Iterator[tuple[str, Sequence[tuple[str, Record]]]]:
    yield "clients", _named(reference.clients)
    yield "contracts", _named(reference.contracts)
    yield "people", _named(reference.people)
    yield "projects", _named(reference.projects)
    yield "assignments", _named(reference.assignments)


def _named(records: Sequence[Record]) -> list[tuple[str, Record]]:
    return [(str(getattr(one, "id", "")), one) for one in records]


def _counted(report: ImportReport, *, answer: AssessmentResponse, batch: int) -> ImportReport:
    cleared = [one for one in answer.results if _is_cleared(one.assessment)]
    return _changed(
        report,
        assessed=report.assessed + answer.assessed,
        unchanged=report.unchanged + answer.unchanged,
        items_rejected=report.items_rejected + answer.rejected,
        auto_cleared=report.auto_cleared + len(cleared),
        cases=report.cases + sum(one.is_new_case for one in answer.results),
        batches_done=batch + 1,
    )


def _is_cleared(assessment: Assessment | None) -> bool:
    return assessment is not None and assessment.route is Route.AUTO_CLEAR


def _changed(report: ImportReport, **fields: object) -> ImportReport:
    return report.model_copy(update=fields)
