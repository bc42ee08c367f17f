"""How far an import has come, and what it gave back."""

from __future__ import annotations

from functools import partial

import streamlit as st

from review_app import formats, session
from review_app.components import page
from review_app.notices import plain
from service.wire.imports import ImportPhase, ImportReport

POLL_SECONDS = 2
_ENDED = frozenset({ImportPhase.DONE, ImportPhase.FAILED})


def progress(import_id: str) -> None:
    """Show one import; while it runs, look again every two seconds."""
    report = session.desk().client.import_report(import_id)
    if report.phase in _ENDED:
        _show(report)
    else:
        page.live(partial(_running, import_id), key="import", seconds=POLL_SECONDS)


def _running(import_id: str) -> None:
    report = session.desk().client.import_report(import_id)
    if report.phase in _ENDED:
        st.rerun()
    _show(report)


def _show(report: ImportReport) -> None:
    page.section(report.file)
    match report.phase:
        case ImportPhase.FAILED:
            st.error(plain(report.error or "It failed."), icon=":material/error:")
        case ImportPhase.DONE:
            st.success("Imported.", icon=":material/check_circle:")
        case ImportPhase.WAITING:
            st.progress(0.0, text="Waiting for its turn")
        case ImportPhase.READING:
            st.progress(0.0, text=f"Reading; {formats.count(report.rows_received)} rows so far")
        case ImportPhase.TAKING:
            st.progress(done_share(report), text=plain(_taking(report)))
    for column, (title, figure) in zip(st.columns(6), _figures(report), strict=True):
        column.metric(title, figure, border=True)
    for note in report.notes:
        st.caption(plain(note))
    _rejections(report)


def done_share(report: ImportReport) -> float:
    """How much of what was read is taken, from 0 to 1."""
    return report.batches_done / report.batches if report.batches else 1.0


def _taking(report: ImportReport) -> str:
    return f"Assessing; batch {report.batches_done} of {report.batches}"


def _figures(report: ImportReport) -> tuple[tuple[str, str], ...]:
    return (
        ("Rows read", formats.count(report.rows_received)),
        ("Rows given back", formats.count(report.rows_rejected)),
        ("Items assessed", f"{formats.count(report.assessed)} of {formats.count(report.items)}"),
        ("Unchanged", formats.count(report.unchanged)),
        ("Cleared", formats.count(report.auto_cleared)),
        ("Cases opened", formats.count(report.cases)),
    )


def _rejections(report: ImportReport) -> None:
    given_back = report.rows_rejected + report.items_rejected
    if not given_back:
        return
    st.warning(
        f"{given_back} rows or items were not taken. Mend them and send the file again; what was "
        "taken stays one and the same.",
        icon=":material/warning:",
    )
    page.download(
        "What was not taken (CSV)",
        partial(session.desk().client.import_rejections, report.id),
        key=f"rejections_{report.id}",
        file=f"{report.id}-rejections.csv",
        mime="text/csv",
    )
