"""Postings that failed for good: each with a name, a deadline, a reason, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data.schemas.vocabulary import PostingStatus
from review_app import clock, formats, navigation, session
from review_app.components import page
from review_app.notices import plain
from review_app.screens.exceptions.acting import act_on, retry_all_of
from review_app.screens.exceptions.mending import mend
from service.wire.cases import PostingView
from service.wire.postings import ReasonView

LIST, CHOSEN = "exceptions", "posting"
OPENED = 5
"""Of those selected, shown in full at most."""
SHOWN_REASON = 120
"""Characters of a reason in the list; the whole of it stands below."""


def refused_postings() -> None:
    """List the exceptions; whatever is selected, or named in the address, is opened below."""
    reasons = session.desk().client.posting_reasons().reasons
    reason = _reason_chosen(reasons)
    found = session.desk().client.postings(
        status=PostingStatus.REFUSED,
        reason=reason,
        cursor=page.cursor(LIST, reason),
        limit=page.PAGE,
    )
    if not found.postings:
        page.empty(
            "No posting has failed for good.",
            next_step="Bills that the ledger or a gate refuses stand here until somebody acts.",
        )
        _linked(())
        return
    by_id = {one.id: one for one in found.postings}
    chosen = page.table(
        {one.id: row(one) for one in found.postings}, key=LIST, select="multi-row",
        right=("Amount",), alt="Postings that failed for good",
    )  # fmt: skip
    page.pager(LIST, next_cursor=found.next_cursor)
    if chosen:
        _open([by_id[one] for one in chosen])
    else:
        st.caption("Select one or several to act on them.")
        _linked(found.postings)
    page.refresh_when(lambda: _has_changed(found.postings, reason), key=LIST)


def row(one: PostingView) -> dict[str, str]:
    """Give one line of the list."""
    now = clock.now()
    return {
        "Due": formats.due(one.due_at, now=now) if one.due_at else "",
        "Client": one.client_name,
        "Item": one.item_id,
        "Amount": formats.money(one.total_minor, currency=one.currency),
        "Why": _short(_told(one)),
        "With": owner_of(one),
        "Tries": str(one.attempts),
        "Age": formats.distance(now - one.created_at),
    }


def owner_of(one: PostingView) -> str:
    """Name who sees to a posting; an owner without an account is a role in words."""
    if one.owner_name is None:
        return "nobody"
    return formats.words(one.owner_name) if one.owner_name == one.owner_id else one.owner_name


def reason_label(one: ReasonView) -> str:
    """Give a reason with how many wait for it, and how many of them too long."""
    late = f", {one.late} overdue" if one.late else ""
    return f"{one.name} ({one.postings}{late})"


def _reason_chosen(reasons: Sequence[ReasonView]) -> str | None:
    """Let the list be narrowed to what one remedy mends, and that be tried again together."""
    by_code = {one.reason: one for one in reasons}
    if len(reasons) < 2 and sum(one.postings for one in reasons) < 2:  # noqa: PLR2004 - a choice
        return None
    code = st.selectbox(
        "Reason", list(by_code), index=None, placeholder="Every reason",
        format_func=lambda name: reason_label(by_code[name]), key="exceptions_reason",
    )  # fmt: skip
    if code is None:
        return None
    st.info(plain(by_code[code].remedy), icon=":material/lightbulb:")
    retry_all_of(code, count=by_code[code].postings)
    return str(code)


def _told(one: PostingView) -> str:
    error = one.error or "No reason was given."
    return f"{error[:1].upper()}{error[1:]}"


def _tries(attempts: int) -> str:
    return "tried once" if attempts == 1 else f"tried {attempts} times"


def _short(reason: str) -> str:
    return reason if len(reason) <= SHOWN_REASON else f"{reason[:SHOWN_REASON]}…"


def _linked(listed: Sequence[PostingView]) -> None:
    """Open the posting that the address names, wherever it stands."""
    name = st.query_params.get(CHOSEN)
    if name:
        known = next((one for one in listed if one.id == name), None)
        one = known or session.desk().client.posting(name)
        if one.status is PostingStatus.REFUSED:
            _open([one])
        else:
            _show(one)
            st.info(plain(_what_becomes_of(one)))


def _what_becomes_of(one: PostingView) -> str:
    if one.status is PostingStatus.PENDING and one.next_try_at is not None:
        at = formats.instant(one.next_try_at, zone=session.zone())
        return f"This posting is tried again by itself, at {at} at the earliest."
    return f"This posting is {one.status}; nothing is to be done about it."


def _open(chosen: Sequence[PostingView]) -> None:
    act_on(chosen)
    for one in chosen[:OPENED]:
        _show(one)
    if len(chosen) > OPENED:
        st.caption(f"And {len(chosen) - OPENED} more that are selected.")
    if len(chosen) == 1:
        mend(chosen[0])


def _show(one: PostingView) -> None:
    error = _told(one)
    with st.container(border=True):
        st.markdown(
            f"**{plain(one.client_name)}** · {plain(one.item_id)} · "
            f"**{plain(formats.money(one.total_minor, currency=one.currency))}**  \n"
            f"{plain(error)}"
        )
        if one.remedy and one.remedy.rstrip(".").lower() not in error.lower():
            st.markdown(f"**What to do:** {plain(one.remedy)}")
        at = formats.instant(one.created_at, zone=session.zone())
        due = f" · {formats.due(one.due_at, now=clock.now())}" if one.due_at else ""
        st.caption(
            plain(
                f"{one.id} · to {one.ledger} · {_tries(one.attempts)} · opened {at}{due} · "
                f"with {owner_of(one)}"
            )
        )
        if one.case_id is not None:
            navigation.link_to_case(one.case_id)


def _has_changed(shown: Sequence[PostingView], reason: str | None) -> bool:
    now = session.desk().client.postings(
        status=PostingStatus.REFUSED, reason=reason, cursor=page.cursor(LIST, reason),
        limit=page.PAGE,
    )  # fmt: skip
    return [(one.id, one.owner_id) for one in now.postings] != [
        (one.id, one.owner_id) for one in shown
    ]
