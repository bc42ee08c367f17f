"""A changed copy is what `dataclasses.replace` would make."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from data.firm.changes import changed
from data.firm.drafts import EntryDraft

ENTRY = EntryDraft(
    work_date=date(2026, 3, 2), minutes_worked=90, minutes_billable=90, task_id="T",
    labor_category="analyst", rate_minor=9_500, narrative="Drafted the interface",
)  # fmt: skip


def test_a_changed_entry_equals_a_replaced_one() -> None:
    assert changed(ENTRY, id="E-1", minutes_billable=60) == replace(
        ENTRY, id="E-1", minutes_billable=60
    )


def test_the_entry_that_was_changed_stays_as_it_was() -> None:
    changed(ENTRY, narrative="Something else")

    assert ENTRY.narrative == "Drafted the interface"


def test_a_field_that_an_entry_does_not_have_is_refused() -> None:
    with pytest.raises(AttributeError):
        changed(ENTRY, minutes_invented=60)
