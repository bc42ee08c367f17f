"""What is kept of each import in the home folder: how far it came, and the rows it gave back."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from data.schemas.batch import Rejection
from service.connectors.file_rows import GivenBack
from service.connectors.import_remedies import told_problem
from service.wire.imports import GivenBackRow, ImportPhase, ImportReport

ID_LENGTH = 16
_ID = re.compile(r"imp-[0-9a-f]{16}")
CHUNK_BYTES = 1 << 20
REPORT_FILE, ROWS_FILE, ITEMS_FILE, LOCK_FILE = "report.json", "rows.jsonl", "items.jsonl", "lock"
Rank = tuple[int, str]
"""When a report was written last, in nanoseconds, and the id of its import."""


class ImportRunsError(Exception):
    """The same file is being imported by another process right now."""

    def __init__(self, import_id: str) -> None:
        super().__init__(
            f"import {import_id} of this file runs in another process; wait until it ends"
        )
        self.import_id = import_id


@dataclass(frozen=True, slots=True)
class KeptImport:
    """The folder of one import; its name is the import's id."""

    folder: Path

    @property
    def id(self) -> str:
        """The id: equal files under equal mappings are one import."""
        return self.folder.name

    def report(self) -> ImportReport | None:
        """Give the import as far as it came, or None before it began."""
        try:
            return ImportReport.model_validate_json((self.folder / REPORT_FILE).read_bytes())
        except FileNotFoundError:
            return None

    def keep(self, report: ImportReport) -> ImportReport:
        """Write the report down, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.folder / f"{REPORT_FILE}.new"
        fresh.write_text(report.model_dump_json())
        fresh.replace(self.folder / REPORT_FILE)
        return report

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the import against other processes. Raises ImportRunsError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / LOCK_FILE).open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise ImportRunsError(self.id) from error
            yield

    @contextmanager
    def rows_given_back(self) -> Iterator[RowsGivenBack]:
        """Open the list of rows anew: every reading finds them all again."""
        with (self.folder / ROWS_FILE).open("w", encoding="utf-8") as file:
            yield RowsGivenBack(write=file.write)

    def forget_items_from(self, batch: int) -> None:
        """Drop the rejected items of batches that are taken once more."""
        path = self.folder / ITEMS_FILE
        kept = [line for line in _lines(path) if json.loads(line)["batch"] < batch]
        path.write_text("".join(kept), encoding="utf-8")

    def items_given_back(self, rejections: Iterable[Rejection], *, batch: int) -> None:
        """Add the items of one batch that the service did not take."""
        with (self.folder / ITEMS_FILE).open("a", encoding="utf-8") as file:
            for one in rejections:
                row = _row(GivenBack(rejection=one, cells={}), number=None)
                file.write(json.dumps({"batch": batch, "row": row.model_dump(mode="json")}) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def given_back(self) -> Iterator[GivenBackRow]:
        """Give all that was not taken: first rows of the file, then items made of rows."""
        for line in _lines(self.folder / ROWS_FILE):
            yield GivenBackRow.model_validate_json(line)
        for line in _lines(self.folder / ITEMS_FILE):
            yield GivenBackRow.model_validate_json(json.dumps(json.loads(line)["row"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsGivenBack:
    """The list of rows while it is written."""

    write: Callable[[str], int]

    def add(self, given: GivenBack) -> None:
        """Add a row that is not taken."""
        self.write(_row(given, number=given.rejection.row).model_dump_json() + "\n")


@dataclass(frozen=True, slots=True)
class ImportFolder:
    """The folder of all imports."""

    root: Path

    def of_files(self, *files: Path) -> KeptImport:
        """Give the import of a file under its mapping, and of what is joined to it."""
        digest = hashlib.sha256()
        for path in files:
            digest.update(_sha256(path))
        return KeptImport(self.root / f"imp-{digest.hexdigest()[:ID_LENGTH]}")

    def known(self, import_id: str) -> KeptImport | None:
        """Give an import by its id, which may come from anybody; None where there is none."""
        return KeptImport(self.root / import_id) if _ID.fullmatch(import_id) else None

    def newest(
        self, *, before: Rank | None = None, is_wanted: Callable[[ImportReport], bool]
    ) -> Iterator[tuple[Rank, ImportReport]]:
        """Give the wanted reports written last, newest first, from behind a rank on."""
        ranked = ((path.stat().st_mtime_ns, path.parent.name) for path in self._reports())
        for rank in sorted(ranked, reverse=True):
            if before is not None and rank >= before:
                continue
            report = KeptImport(self.root / rank[1]).report()
            if report is not None and is_wanted(report):
                yield rank, report

    def unfinished(self) -> list[KeptImport]:
        """Give the imports that neither ended nor failed, by their ids."""
        found = [KeptImport(one.parent) for one in sorted(self._reports())]
        ended = {ImportPhase.DONE, ImportPhase.FAILED}
        return [one for one in found if (told := one.report()) and told.phase not in ended]

    def _reports(self) -> Iterator[Path]:
        return self.root.glob(f"*/{REPORT_FILE}")


def _row(given: GivenBack, *, number: int | None) -> GivenBackRow:
    return GivenBackRow(
        row=number,
        external_id=given.rejection.external_id,
        cells=dict(given.cells),
        problems=tuple(told_problem(one) for one in given.rejection.problems),
    )


def _lines(path: Path) -> Iterator[str]:
    if path.exists():
        with path.open(encoding="utf-8") as file:
            yield from file


def _sha256(path: Path) -> bytes:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.digest()
