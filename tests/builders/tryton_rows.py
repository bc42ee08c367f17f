"""Rows as Tryton gives them, decoded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

WRITTEN = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
PEOPLE = {1: "Ana Diaz", 2: "Bo Lindqvist", 3: "Chen Wei"}


def a_project(work_id: int, name: str):
    """A project without a parent."""
    return {"id": work_id, "name": name, "parent": None, **stamps()}


def a_task(work_id: int, name: str, *, parent: int, progress: str | None = None, **changed):
    """A task of a fixed price of 15 000.00."""
    return {
        "id": work_id,
        "name": name,
        "parent": {"id": parent},
        "progress": Decimal(progress) if progress else None,
        "list_price": Decimal("15000.00"),
        "effort_duration": timedelta(hours=80),
        "product": {"default_uom": {"name": "Unit"}},
        "invoice_line": None,
        **stamps(),
        **changed,
    }


def a_line(line_id: int, *, day: date = date(2026, 3, 2), hours: float = 8, employee: int = 1,
           work: int = 2, **changed):  # fmt: skip
    """A timesheet line of Ana on the task 2."""
    return {
        "id": line_id,
        "date": day,
        "duration": timedelta(hours=hours),
        "description": f"line {line_id}",
        "employee": {"id": employee, "party": {"name": PEOPLE[employee]}},
        "work": {"origin": f"project.work,{work}"},
        "invoice_line": None,
        **stamps(),
        **changed,
    }


def an_employee(employee_id: int, **changed):
    """Somebody who started in 2024."""
    return {
        "id": employee_id,
        "party": {"name": PEOPLE[employee_id]},
        "start_date": date(2024, 1, 1),
        "end_date": None,
        "supervisor": None,
        **stamps(),
        **changed,
    }


def stamps(*, created: datetime = WRITTEN, written: datetime | None = None):
    """When a row was created and written; Tryton may leave the second empty."""
    return {"create_date": created, "write_date": written}
