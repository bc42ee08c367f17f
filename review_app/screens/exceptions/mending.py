"""One failed posting, mended by hand: its words and days, or its whole way to the ledger."""

from __future__ import annotations

from datetime import date

import streamlit as st

from data.schemas.vocabulary import Role
from review_app import session
from review_app.components import page
from review_app.notices import plain
from review_app.screens.exceptions.acting import MENDERS, may_mend
from service.wire.cases import PostingView
from service.wire.postings import LONGEST_DESCRIPTION, BillView, EditRequest, LineText

MOST_LINES = 20
"""Lines of a bill that are offered to be edited; longer bills are mended at their source."""


def mend(one: PostingView) -> None:
    """Draw what can be done about a single posting beside trying it again as it is."""
    if may_mend() and one.may_be_edited:
        with st.expander("Edit the bill and try again", icon=":material/edit:"):
            _edit(one, session.desk().client.bill(one.id))
    if (MENDERS | {Role.APPROVER}) & set(session.desk().me.roles):
        with st.expander("Post it by hand", icon=":material/upload_file:"):
            _post_by_hand(one)


def _edit(one: PostingView, bill: BillView) -> None:
    st.caption(
        "Nothing of this bill can stand in the ledger yet. Amounts, rows, orders and tax follow "
        "from the contract and the item, and are mended there."
    )
    with st.form(f"edit_{one.id}", border=False):
        days = st.columns(2)
        start = days[0].date_input("Period from", bill.period_start, key=f"edit_start_{one.id}")
        end = days[1].date_input("Period to", bill.period_end, key=f"edit_end_{one.id}")
        texts = [
            st.text_input(
                f"Line {place}", line.description, max_chars=LONGEST_DESCRIPTION,
                key=f"edit_line_{place}_{one.id}",
            )
            for place, line in enumerate(bill.lines[:MOST_LINES], start=1)
        ]  # fmt: skip
        reason = st.text_input("Reason", max_chars=1_000, key=f"edit_reason_{one.id}")
        is_meant = st.form_submit_button("Save and try again", key=f"edit_save_{one.id}")
    if not is_meant:
        return
    if not reason.strip():
        st.warning("Say why, in a few words; it goes into the audit trail.")
        return
    session.desk().client.edit_posting(
        one.id,
        request=EditRequest(
            reason=reason.strip(),
            period_start=_day(start),
            period_end=_day(end),
            lines=_changed(bill, texts),
        ),
    )
    page.done("The bill was changed and is tried again.")


def _post_by_hand(one: PostingView) -> None:
    client = session.desk().client
    st.caption(
        "For a bill that cannot wait: enter it in the ledger from its file, and note the number "
        "the ledger gave it. From the four-eyes limit on this takes an approver."
    )
    page.download(
        "The bill as a file", lambda: client.bill_file(one.id), key=f"bill_file_{one.id}",
        file=f"bill-{one.token}.csv", mime="text/csv",
    )  # fmt: skip
    with st.form(f"by_hand_{one.id}", border=False):
        number = st.text_input(
            "Number of the document", max_chars=200, key=f"by_hand_number_{one.id}"
        )
        reason = st.text_input("Reason", max_chars=1_000, key=f"by_hand_reason_{one.id}")
        is_meant = st.form_submit_button("Mark as posted", key=f"by_hand_save_{one.id}")
    if not is_meant:
        return
    if not (number.strip() and reason.strip()):
        st.warning("Give the number of the document, and why; both go into the audit trail.")
        return
    client.mark_posted(one.id, document_id=number.strip(), reason=reason.strip())
    page.done(plain(f"{one.item_id} is posted as {number.strip()}."))


def _changed(bill: BillView, texts: list[str]) -> tuple[LineText, ...]:
    return tuple(
        LineText(place=place, description=text.strip())
        for place, (line, text) in enumerate(zip(bill.lines, texts, strict=False), start=1)
        if text.strip() and text.strip() != line.description
    )


def _day(chosen: object) -> date | None:
    return chosen if isinstance(chosen, date) else None
