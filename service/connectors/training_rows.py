"""The training rows of the audit trail as a file, beside those of a past before it began."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from service.ports.stores import UnitOfWork
from service.usecases.learning.export_training_set import export_training_set, note_export

ROWS_FILE = "training-rows.jsonl"
PAST_ROWS_FILE = "past-rows.parquet"
"""Labelled rows of a past before the audit trail began; used as long as they lie there."""
OpenWork = Callable[[], AbstractContextManager[UnitOfWork]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRows:
    """Writes rows to the home folder; the store is read without keeping any writer waiting."""

    home: Path
    read: OpenWork
    write: OpenWork
    now: Callable[[], datetime]
    rater_of: Callable[[str], str]
    cut_off_day: int

    def export(self, *, actor_id: str) -> Sequence[Path]:
        """Write the rows to files and give their paths, those of the past first.

        Raises TrailMismatchError.
        """
        now = self.now()
        with self.read() as uow:
            rows = export_training_set(
                uow=uow, until=now, rater_of=self.rater_of, cut_off_day=self.cut_off_day
            )
        path = self.home / ROWS_FILE
        staged = path.with_suffix(".part")
        with staged.open("w", encoding="utf-8") as file:
            file.writelines(f"{row.model_dump_json()}\n" for row in rows)
        staged.replace(path)
        with self.write() as uow:
            note_export(rows, actor_id=actor_id, uow=uow, now=now)
        past = self.home / PAST_ROWS_FILE
        return [past, path] if past.exists() else [path]
