"""How rows are written in a file: its format, its characters, and the file joined to it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from data.schemas.values import Identifier, Name, Record
from service.connectors.file_rule import Condition

AUTO = "auto"
"""Asks for the encoding or the delimiter to be found out; what was found is told."""


class FileFormat(StrEnum):
    """How rows are written."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    """One array of objects."""
    NDJSON = "ndjson"
    """One object a line."""
    PARQUET = "parquet"


class FileKind(StrEnum):
    """What the rows of a file are about."""

    TIMESHEETS = "timesheets"
    EXPENSE_REPORTS = "expense_reports"
    MILESTONES = "milestones"
    CLIENTS = "clients"
    PEOPLE = "people"
    PROJECTS = "projects"
    RATE_CARD = "rate_card"
    """Rates of contracts that are known already."""
    ASSIGNMENTS = "assignments"
    LEAVE = "leave"
    CALENDARS = "calendars"
    OVERTIME_APPROVALS = "overtime_approvals"
    TRIPS = "trips"
    PREAPPROVALS = "preapprovals"
    INVOICES = "invoices"
    PAYMENTS = "payments"
    DISPUTES = "disputes"
    WRITE_OFFS = "write_offs"


OF_ITEMS = frozenset({FileKind.TIMESHEETS, FileKind.EXPENSE_REPORTS, FileKind.MILESTONES})
"""Files of what is billed; all others hold what it is checked against."""

Delimiter = Annotated[str, Field(pattern=rf"^(.|\t|{AUTO})$")]


class Join(Record):
    """A second CSV whose columns are added to each row, found by an equal key.

    A column of both files keeps the value of the first.
    """

    file: Annotated[Name, Field(pattern=r"^[^/\\]+$")]
    """A name beside the first file; no path."""
    on: Name
    encoding: Name = "utf-8"
    delimiter: Delimiter = ","


class Layout(Record):
    """What must be known of a file before its first row can be read."""

    source: Identifier = "file"
    format: FileFormat = FileFormat.CSV
    encoding: Name = "utf-8"
    """Of text files; `auto` finds it out."""
    delimiter: Delimiter = ","
    """Of CSV; `auto` finds it out."""
    decimal_mark: Annotated[str, Field(pattern=r"^[.,]$")] = "."
    """Of numbers written as text; cells that hold real numbers need none."""
    sheet: Name | None = None
    """Of XLSX; the first sheet without a name."""
    join: Join | None = None
    where: tuple[Condition, ...] = ()
    """Rows are taken where every condition holds."""
