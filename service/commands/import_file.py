"""Import a file by a mapping, whatever it holds; a run that was cut off is continued."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from service.api.import_door import ServiceDoor
from service.api.intake import Intake
from service.clock import SystemClock
from service.commands.ingest import ingesting
from service.commands.rejected import tell_given_back
from service.connectors.file_layout import OF_ITEMS, Layout
from service.connectors.file_mapping import read_mapping
from service.connectors.import_folder import ImportFolder
from service.connectors.import_job import Job, Watch, run_import
from service.connectors.import_rejections import format_of, write_rejections
from service.settings import Settings
from service.wire.imports import ImportPhase, ImportReport
from service.wiring.outside import reading_limits

Say = Callable[[str], None]
OF_ROWS = ("rows_received", "rows_accepted", "rows_rejected")
OF_ITEM_FILES = ("items", "assessed", "unchanged", "items_rejected", "auto_cleared", "cases")
OF_RECORDS = ("records", "records_changed")


def import_file(
    settings: Settings,
    file: Path,
    *,
    mapping: Path,
    rejections: Path | None,
    say: Say,
    progress: Callable[[ImportPhase, int, int | None], None] = lambda *_: None,
    is_restarted: bool = False,
) -> dict[str, object]:
    """Have a file taken, and account for every one of its rows.

    Rows are counted in the file, items in the timesheets, milestones or reports they make.
    Raises UnreadableFileError or FileMistakesError where file or mapping cannot be read.
    """
    if rejections is not None:
        format_of(rejections)
    read = read_mapping(mapping)
    folder = ImportFolder(settings.imports_folder)
    kept = folder.of_files(file, mapping, *_joined(file, layout=read))
    limits = reading_limits(settings)
    job = Job(kept=kept, file=file, name=file.name, mapping=read, limits=limits)
    with ingesting(settings) as runtime:
        parts = runtime.parts
        door = ServiceDoor(parts, intake=Intake(parts), actor_id=f"import:{file.name}")
        watch = Watch(note=say, progress=progress)
        now = SystemClock().now()
        report = run_import(job, door=door, now=now, watch=watch, is_restarted=is_restarted)
    rows = "1 row" if report.rows_received == 1 else f"{report.rows_received} rows"
    say(f"{rows}: {report.rows_accepted} taken, {report.rows_rejected} not")
    tell_given_back(kept.given_back(), say=say)
    if rejections is not None:
        write_rejections(kept.given_back, path=rejections)
        say(f"rejections are in {rejections}")
    elif report.rows_rejected or report.items_rejected:
        say("  --rejections rejected.csv lists each with its cells, to be corrected")
    return _figures(report, is_of_items=read.kind in OF_ITEMS)


def _joined(file: Path, *, layout: Layout) -> list[Path]:
    beside = [file.parent / layout.join.file] if layout.join else []
    # One that is missing is told when it is read.
    return [path for path in beside if path.is_file()]


def _figures(report: ImportReport, *, is_of_items: bool) -> dict[str, object]:
    names = ("id", *OF_ROWS, *(OF_ITEM_FILES if is_of_items else OF_RECORDS))
    return {"import" if name == "id" else name: getattr(report, name) for name in names}
