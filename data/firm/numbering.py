"""Ids in order of submission, so that an id says which came first and nothing about the future."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from data.firm.changes import changed
from data.firm.drafts import SheetDraft


def number_sheets(sheets: Iterable[SheetDraft]) -> tuple[SheetDraft, ...]:
    """The sheets in order of submission with their ids, entries in order of work date."""
    entry_numbers = count(1)
    numbered = []
    for place, sheet in enumerate(sorted(sheets, key=lambda one: (one.submitted_at, one.key))):
        entries = tuple(
            changed(entry, id=f"{sheet.plan.practice}E-{next(entry_numbers):06d}")
            for entry in sorted(sheet.entries, key=lambda entry: entry.work_date)
        )
        numbered.append(
            changed(sheet, external_id=f"{sheet.plan.practice}TS-{place + 1:05d}", entries=entries)
        )
    return tuple(numbered)
