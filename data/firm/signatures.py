"""All signatures under timesheets and expense reports: they share the desks of the approvers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from data.firm.approvals import Office, SignedSheet, sheet_task, sign_sheet
from data.firm.chance import Chance
from data.firm.drafts import SheetDraft
from data.firm.expenses import ReportDraft
from data.firm.inbox import Task, work_through
from data.firm.report_approvals import SignedReport, report_task, sign_report


def collect_signatures(
    sheets: Sequence[SheetDraft],
    *,
    reports: Sequence[ReportDraft],
    office: Office,
    chance: Chance,
) -> tuple[tuple[SignedSheet, ...], tuple[SignedReport, ...]]:
    """Every timesheet and every report as they arrive, each in the order given."""
    sheet_of = {sheet.key: sheet for sheet in sheets}
    report_of = {report.key: report for report in reports}
    signed_sheets: dict[int, SignedSheet] = {}
    signed_reports: dict[int, SignedReport] = {}

    def sign(task: Task, at: datetime) -> datetime:
        kind, key = task.key
        if kind == "sheet":
            sheet = sign_sheet(sheet_of[key], manager_at=at, office=office, chance=chance)
            signed_sheets[key] = sheet
            return sheet.received_at
        report = sign_report(report_of[key], manager_at=at, office=office, chance=chance)
        signed_reports[key] = report
        return report.received_at

    tasks = [sheet_task(sheet, office=office, chance=chance) for sheet in sheets]
    tasks += [report_task(report, office=office, chance=chance) for report in reports]
    work_through(tasks, sign=sign)
    return (
        tuple(signed_sheets[sheet.key] for sheet in sheets),
        tuple(signed_reports[report.key] for report in reports),
    )
