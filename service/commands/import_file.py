"""Import a file of work by a mapping."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from service.clock import SystemClock
from service.commands.ingest import ingesting, take_items, take_reference
from service.commands.rejected import tell_rejections
from service.connectors.file_mapping import read_mapping
from service.connectors.files import read_file
from service.settings import Settings


def import_file(
    settings: Settings,
    file: Path,
    *,
    mapping: Path,
    rejections: Path | None,
    say: Callable[[str], None],
) -> dict[str, object]:
    """Have a file's timesheets assessed, and account for every one of its rows.

    Rows are counted in the file, items in the timesheets they make.
    Raises UnreadableFileError or FileMistakesError where file or mapping cannot be read.
    """
    read = read_file(file, mapping=read_mapping(mapping), now=SystemClock().now())
    say(f"{read.received} rows: {read.accepted} taken, {len(read.rejections)} given back")
    actor = f"import:{file.name}"
    with ingesting(settings) as runtime:
        take_reference(runtime, read.reference, actor_id=actor)
        say(f"assessing {len(read.items)} timesheets")
        totals = take_items(runtime, read.items, actor_id=actor, say=say)
    given_back = [*read.rejections, *totals.rejections]
    tell_rejections(given_back, say=say)
    if rejections is not None:
        rejections.write_text("".join(f"{one.model_dump_json()}\n" for one in given_back))
    return {
        "rows_received": read.received,
        "rows_accepted": read.accepted,
        "rows_rejected": len(read.rejections),
        "items": totals.received,
        "assessed": totals.assessed,
        "unchanged": totals.unchanged,
        "items_rejected": totals.rejected,
        "auto_cleared": totals.auto_cleared,
        "cases": totals.cases,
    }
