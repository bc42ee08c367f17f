"""Moved minutes that somebody has still to book where they belong."""

from __future__ import annotations

import streamlit as st

from data.schemas.vocabulary import TransferStatus
from review_app import clock, formats, navigation, session
from review_app.components import page
from service.wire.deciding import SettleRequest, TransferView

LIST = "transfers"


def transfers() -> None:
    """List the open transfers; one that is selected can be settled."""
    found = session.desk().client.transfers(
        status=TransferStatus.OPEN, cursor=page.cursor(LIST), limit=page.PAGE
    )
    if not found.transfers:
        page.empty(
            "No transfer waits.",
            next_step="When a reviewer moves minutes to another contract line, they stand here "
            "until they are booked there in the time system.",
        )
        return
    by_id = {one.id: one for one in found.transfers}
    chosen = page.table(
        {one.id: row(one) for one in found.transfers}, key=LIST, select="single-row",
        right=("Minutes", "Amount"), alt="Transfers to settle",
    )  # fmt: skip
    page.pager(LIST, next_cursor=found.next_cursor)
    for name in chosen:
        _settle(by_id[name])


def row(one: TransferView) -> dict[str, str]:
    """Give one line of the list."""
    return {
        "Age": formats.distance(clock.now() - one.created_at),
        "Case": one.case_id,
        "Row": one.row_id,
        "Minutes": formats.hours(one.minutes),
        "Amount": formats.money(one.amount_minor, currency=one.currency),
        "From": f"{one.from_contract_id}, {one.from_line_id}",
        "To": f"{one.to_contract_name}, {one.to_line_id}",
    }


def _settle(one: TransferView) -> None:
    navigation.link_to_case(one.case_id)
    bar = st.container(horizontal=True)
    what = f"{formats.hours(one.minutes)} of row {one.row_id}"
    booked = page.asked_reason(
        "Booked there", key="transfer_done", place=bar, icon=":material/check:",
        question=f"{what} now stand on {one.to_contract_name}, {one.to_line_id}. Where to find it?",
    )  # fmt: skip
    if booked is not None:
        _told(one, is_done=True, note=booked)
    dropped = page.asked_reason(
        "Stays where it is", key="transfer_dropped", place=bar, icon=":material/block:",
        question=f"{what} stay on {one.from_contract_id}, {one.from_line_id}. Why?",
    )  # fmt: skip
    if dropped is not None:
        _told(one, is_done=False, note=dropped)


def _told(one: TransferView, *, is_done: bool, note: str) -> None:
    session.desk().client.settle_transfer(one.id, request=SettleRequest(is_done=is_done, note=note))
    page.done(f"The transfer of {one.row_id} is {'booked' if is_done else 'dropped'}.")
