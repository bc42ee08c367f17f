"""Several cases decided together: one reason, a look before, every row answered, a way back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import streamlit as st

from data.schemas.vocabulary import REASONS_BY_VERDICT, ReasonCode, Verdict
from review_app import clock, formats, session
from review_app.notices import plain, problems_shown
from review_app.screens.cases import bulk_rows
from service.wire.cases import CaseSummary
from service.wire.deciding import BulkAnswer, BulkCase, BulkRequest

VERDICTS = (Verdict.APPROVE, Verdict.REJECT, Verdict.WRITE_OFF, Verdict.REQUEST_INFORMATION)
"""Verdicts that mean the same for every item; an adjustment is made case by case."""
KEYS_OF_BULKS = uuid.UUID("0d9b3c1e-6a4f-5c02-8f57-2a3d9e7b4c61")
_DONE = "bulk_done"


def draw(cases: Sequence[CaseSummary], *, key: str) -> None:
    """Ask for one verdict and reason over the cases, show what it does, then do it."""
    if not cases:
        st.caption("Select cases to decide them together.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{key}_ask"):
        verdict = st.selectbox(
            f"Decide these {len(cases)} together",
            VERDICTS,
            format_func=formats.words,
            key=f"{key}_verdict",
        )
        code = st.selectbox(
            "Reason for all",
            REASONS_BY_VERDICT[verdict],
            format_func=formats.words,
            key=f"{key}_reason_{verdict}",
        )
        note = st.text_input("Note for all", key=f"{key}_note", max_chars=4_000)
    request = _request(cases, verdict, code, note or "")
    with problems_shown():
        preview = session.desk().client.preview_bulk(request)
        bulk_rows.draw_preview(preview)
        included = tuple(
            one for one, row in zip(request.cases, preview.rows, strict=True) if row.is_included
        )
        st.button(
            f"{formats.words(verdict)} {formats.cases(preview.included)}",
            key=f"{key}_apply",
            type="primary",
            disabled=preview.included == 0,
            on_click=_apply,
            args=(request.model_copy(update={"cases": included}),),
        )


def _request(
    cases: Sequence[CaseSummary], verdict: Verdict, code: ReasonCode, note: str
) -> BulkRequest:
    return BulkRequest(
        # The versions that are on the screen: a case that has changed since is left out.
        cases=tuple(BulkCase(case_id=case.id, version=case.version) for case in cases),
        verdict=verdict,
        reason_codes=(code,),
        note=note.strip(),
    )


def _apply(request: BulkRequest) -> None:
    desk = session.desk()
    name = f"{desk.me.id}:{request.model_dump_json()}"
    with problems_shown():
        answer = desk.client.decide_bulk(
            request, idempotency_key=str(uuid.uuid5(KEYS_OF_BULKS, name))
        )
        st.session_state[_DONE] = answer
        desk.workbench.drop([row.case_id for row in answer.rows])


def draw_done() -> None:
    """Draw what the last bulk did, until it was read, with the way back while it is open."""
    answer: BulkAnswer | None = st.session_state.get(_DONE)
    if answer is None:
        return
    bulk_rows.draw_answer(answer)
    with st.container(horizontal=True, vertical_alignment="center"):
        if answer.undo_until > clock.now():
            until = formats.clock(answer.undo_until, zone=session.zone())
            st.button(
                "Take all of it back", key="bulk_revert", on_click=_revert, args=(answer.bulk_id,)
            )
            st.caption(plain(f"Until {until}; nothing has left."))
        st.button("I have read this", key="bulk_read", on_click=_forget)


def _revert(bulk_id: str) -> None:
    with problems_shown():
        session.desk().client.revert_bulk(bulk_id)
        _forget()
        session.say("The bulk was taken back.")


def _forget() -> None:
    st.session_state.pop(_DONE, None)
