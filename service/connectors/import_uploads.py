"""Imports of uploaded files: taken into keeping at once, done one after the other by one thread."""

from __future__ import annotations

import logging
import queue
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from data.schemas.values import Record
from data.schemas.vocabulary import Scope
from service.connectors.file_layout import OF_ITEMS, FileKind
from service.connectors.file_limits import ReadingLimits
from service.connectors.file_mapping import AnyMapping, read_mapping
from service.connectors.file_rows import UnreadableFileError
from service.connectors.import_folder import ImportFolder, ImportRunsError, KeptImport, Rank
from service.connectors.import_job import ImportStoppedError, Job, Watch, run_import
from service.connectors.import_rejections import csv_of_rejections
from service.connectors.yaml_file import FileMistakesError
from service.domain.actor import Actor
from service.domain.errors import InvalidRequestError, MalformedError
from service.domain.object_groups import IMPLIED_BY_WORK, group_of_kind
from service.ports.imports import ImportDoor
from service.wire.imports import ImportPage, ImportPhase, ImportReport, MappingCheck

REQUEST_FILE, UPLOAD_FILE, MAPPING_FILE = "request.json", "upload", "mapping.yaml"
SECONDS_TO_END = 10.0
BATCH_BESIDE_OTHERS = 50
"""The writer is everybody's: a reviewer's click waits for one batch at most."""

_log = logging.getLogger(__name__)


class Request(Record):
    """Who uploaded which file; kept so that an import survives a restart."""

    actor_id: str
    file: str
    may_put_reference: bool


class UploadedImports:
    """Takes uploads and imports them beside the API; what a restart cut off is continued."""

    def __init__(
        self,
        folder: ImportFolder,
        *,
        limits: ReadingLimits,
        door_of: Callable[[str], ImportDoor],
        now: Callable[[], datetime],
    ) -> None:
        self._folder, self._limits, self._door_of, self._now = folder, limits, door_of, now
        self._waiting: queue.SimpleQueue[KeptImport | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="imports", daemon=True)

    def start(self) -> None:
        """Begin to work, first on what an earlier process left."""
        for one in self._folder.unfinished():
            if (one.folder / REQUEST_FILE).exists():
                self._waiting.put(one)
        self._thread.start()

    def stop(self) -> None:
        """End after the batch in hand; the rest is done by the next process."""
        self._stopping.set()
        self._waiting.put(None)
        self._thread.join(SECONDS_TO_END)

    def take(self, *, file: BinaryIO, name: str, mapping: BinaryIO, actor: Actor) -> ImportReport:
        """Take copies into keeping and import them later; give the import as it waits.

        Raises NotAllowedError without the scope that the kind of file needs, and
        MalformedError with every mistake of a mapping, InvalidRequestError for one that joins.
        """
        self._folder.root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder.root, prefix=".upload-") as folder:
            copies = Path(folder) / UPLOAD_FILE, Path(folder) / MAPPING_FILE
            for upload, copy in zip((file, mapping), copies, strict=True):
                with copy.open("wb") as target:
                    shutil.copyfileobj(upload, target)
            return self._keep(copies[0], name=name, mapping=copies[1], actor=actor)

    def _keep(self, file: Path, *, name: str, mapping: Path, actor: Actor) -> ImportReport:
        read = _mapping(mapping)
        _require_kind(read.kind, actor)
        if read.join is not None:
            reason = "joins a second file, and an upload brings one; import both by the command"
            raise InvalidRequestError("mapping.join", read.join.file, reason)
        kept = self._folder.of_files(file, mapping)
        before = kept.report()
        if before is not None and before.phase in {ImportPhase.WAITING, ImportPhase.READING}:
            return before
        kept.folder.mkdir(parents=True, exist_ok=True)
        # The suffix stays: it tells a workbook with macros.
        shutil.move(file, _upload(kept, name=name))
        shutil.move(mapping, kept.folder / MAPPING_FILE)
        request = Request(actor_id=actor.id, file=name, may_put_reference=_may_bring_along(actor))
        (kept.folder / REQUEST_FILE).write_text(request.model_dump_json())
        waiting = before if before is not None and before.phase is ImportPhase.TAKING else None
        report = waiting or kept.keep(
            ImportReport(id=kept.id, file=name, kind=read.kind, received_at=self._now())
        )
        self._waiting.put(kept)
        return report

    def check(self, mapping: str) -> MappingCheck:
        """Read a mapping without a file. Raises MalformedError with every mistake."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / MAPPING_FILE
            path.write_text(mapping, encoding="utf-8")
            read = _mapping(path)
        return MappingCheck(kind=read.kind, columns=tuple(sorted(read.columns)))

    def newest(
        self, *, cursor: str | None, limit: int, is_shown: Callable[[ImportReport], bool]
    ) -> ImportPage:
        """Give a page of the imports that are to be shown, newest first."""
        before = None if cursor is None else _written_at(cursor)
        found = islice(self._folder.newest(before=before, is_wanted=is_shown), limit + 1)
        ranked = list(found)
        shown = ranked[:limit]
        return ImportPage(
            imports=tuple(report for _, report in shown),
            next_cursor="{}.{}".format(*shown[-1][0]) if len(ranked) > limit else None,
        )

    def report(self, import_id: str) -> ImportReport | None:
        """Give an import as far as it has come."""
        kept = self._folder.known(import_id)
        return kept.report() if kept else None

    def given_back(self, import_id: str) -> Iterator[bytes]:
        """Give the rows that were not taken, as a CSV file, piece by piece."""
        kept = self._folder.known(import_id)
        if kept is None:
            return
        yield "\ufeff".encode()
        for line in csv_of_rejections(kept.given_back):
            yield line.encode()

    def _run(self) -> None:
        while not self._stopping.is_set():
            kept = self._waiting.get()
            if kept is None:
                return
            try:
                self._do(kept)
            except ImportStoppedError:
                return
            except Exception:  # noqa: BLE001 - the last resort of this thread
                # The last resort of this thread: one import that fails must not end the others.
                _log.exception("Import %s failed", kept.id)
                self._fail(kept, "failed for a reason of ours; see the log, then upload it again")

    def _do(self, kept: KeptImport) -> None:
        request = Request.model_validate_json((kept.folder / REQUEST_FILE).read_bytes())
        upload = _upload(kept, name=request.file)
        job = Job(
            kept=kept,
            file=upload,
            name=request.file,
            mapping=read_mapping(kept.folder / MAPPING_FILE),
            limits=self._limits,
            may_put_reference=request.may_put_reference,
            batch_size=BATCH_BESIDE_OTHERS,
        )
        notes: list[str] = []
        watch = Watch(note=notes.append, notes=notes, is_stopping=self._stopping.is_set)
        try:
            run_import(job, door=self._door_of(request.actor_id), now=self._now(), watch=watch)
        except UnreadableFileError:
            _log.info("Import %s cannot be read; its report says why", kept.id)
        except ImportRunsError as error:
            self._fail(kept, str(error))
        upload.unlink(missing_ok=True)

    def _fail(self, kept: KeptImport, error: str) -> None:
        report = kept.report()
        if report is not None:
            kept.keep(report.model_copy(update={"phase": ImportPhase.FAILED, "error": error}))


def _require_kind(kind: FileKind, actor: Actor) -> None:
    scope = Scope.ASSESS if kind in OF_ITEMS else Scope.REFERENCE
    actor.require(scope, group=group_of_kind(kind))


def _may_bring_along(actor: Actor) -> bool:
    """Say whether a file of work may bring the contracts, projects and people it names."""
    return all(actor.may(Scope.REFERENCE, group=group) for group in IMPLIED_BY_WORK)


def _mapping(path: Path) -> AnyMapping:
    try:
        return read_mapping(path)
    except FileMistakesError as error:
        raise MalformedError(
            tuple((f"mapping, {one.field}", one.value, one.reason) for one in error.problems)
        ) from error


def _written_at(cursor: str) -> Rank:
    written, _, name = cursor.partition(".")
    if not (written.isascii() and written.isdigit() and name):
        raise InvalidRequestError("cursor", cursor, "is not a cursor this list gave out")
    return int(written), name


def _upload(kept: KeptImport, *, name: str) -> Path:
    suffix = Path(name).suffix
    return kept.folder / f"{UPLOAD_FILE}{suffix if suffix[1:].isalnum() else ''}"
