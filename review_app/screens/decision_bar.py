"""The decision bar: one button and one key for each thing to do with the case on the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from pydantic import ValidationError

from data.schemas.vocabulary import REASONS_BY_VERDICT, ReasonCode, Verdict
from review_app import clock, formats, session
from review_app.keys import KEYS, QUESTIONS, USUAL_APPROVAL, Key, Step, reason_shortcut
from review_app.notices import problems_shown
from review_app.screens import adjust_form
from review_app.session import Draft
from review_app.view_models import is_rule_proved
from service.wire.cases import Claim, DecisionRequest

MIN_DWELL_SECONDS = 0.4
"""Nobody reads a case faster: an earlier key was meant for the case before."""
MAX_NOTE = 4_000
MAX_ACTIVE_SECONDS = 86_400.0


def draw(claim: Claim, *, undoable: str | None) -> None:
    """Draw the bar, or the reasons of the verdict that was chosen."""
    draft = session.draft()
    if draft.verdict is None:
        _draw_verdicts(claim, undoable=undoable)
        if draft.is_note_open:
            _draw_note(claim)
    else:
        question, note = st.columns([2, 3], vertical_alignment="center")
        question.markdown(f"**{KEYS[draft.verdict].label}.** {QUESTIONS[draft.verdict]}")
        with note:
            _draw_note(claim)
        _draw_reasons(claim, verdict=draft.verdict)
    if draft.complaint is not None:
        st.warning(draft.complaint, icon=":material/edit_note:")


def draw_undo(case_id: str | None) -> None:
    """Offer to take the latest decision back, while that is possible."""
    if case_id is None:
        return
    key = KEYS[Step.UNDO]
    st.button(
        f"{key.label} {case_id}",
        key=f"undo_{case_id}",
        shortcut=key.shortcut,
        help=key.help,
        type="tertiary",
        on_click=_undo,
        args=(case_id,),
    )


def focus(draft: Draft) -> str | None:
    """Give the selector of the field that a draft wants filled first; the case title otherwise."""
    if draft.verdict is Verdict.ADJUST and draft.complaint is None:
        return ".st-key-adjust_form input"
    if draft.complaint is not None or (draft.is_note_open and draft.verdict is None):
        return "[class*='st-key-remark_'] input"
    return "#cs-title"


def _draw_verdicts(claim: Claim, *, undoable: str | None) -> None:
    with st.container(horizontal=True, gap="small", key="decision_bar"):
        for verdict in Verdict:
            _button(claim, KEYS[verdict], name=verdict, on_click=_choose, args=(verdict,))
        _button(claim, KEYS[Step.SKIP], name=Step.SKIP, on_click=_skip, args=())
        _button(claim, KEYS[Step.NOTE], name=Step.NOTE, on_click=_open_note, args=())
        draw_undo(undoable)


def _draw_reasons(claim: Claim, *, verdict: Verdict) -> None:
    if verdict is Verdict.ADJUST:
        adjust_form.draw(claim.detail)
    with st.container(horizontal=True, gap="small", key="reason_strip"):
        for index, code in enumerate(REASONS_BY_VERDICT[verdict]):
            key = Key(shortcut=reason_shortcut(index), label=formats.words(code), help="")
            name = f"{verdict}_{code}"
            _button(claim, key, name=name, on_click=_give_reason, args=(verdict, code))
        _button(claim, KEYS[Step.CANCEL], name=Step.CANCEL, on_click=_cancel, args=())


def _draw_note(claim: Claim) -> None:
    st.text_input(
        "Note that goes with the decision",
        key=_note_key(claim),
        max_chars=MAX_NOTE,
        label_visibility="collapsed",
        placeholder="Note for the next reader (required for Other)",
    )


def _button(
    claim: Claim, key: Key, *, name: str, on_click: Callable[..., None], args: tuple[Any, ...]
) -> None:
    case = claim.detail.case
    st.button(
        key.label,
        # Id and version make each case's button its own: a late key cannot reach the next case.
        key=f"{name}_{case.id}_{case.version}",
        shortcut=key.shortcut,
        help=key.help or None,
        on_click=_guarded,
        args=(claim, on_click, args),
    )


def _guarded(claim: Claim, act: Callable[..., None], args: tuple[Any, ...]) -> None:
    """Act only on the case that stands on the screen, and has stood there for a moment.

    Streamlit replays an old button's callback when runs overlap, and keyboards repeat.
    """
    case, shown = claim.detail.case, session.presented()
    if shown is None or (shown.case_id, shown.version) != (case.id, case.version):
        return
    if clock.steady_seconds() - shown.since_seconds < MIN_DWELL_SECONDS:
        return
    if session.desk().workbench.holds(case.id):
        act(claim, *args)


def _choose(claim: Claim, verdict: Verdict) -> None:
    if verdict is Verdict.APPROVE and not is_rule_proved(claim.detail):
        _decide(claim, verdict, USUAL_APPROVAL)
    else:
        session.set_draft(verdict=verdict)


def _give_reason(claim: Claim, verdict: Verdict, code: ReasonCode) -> None:
    if code is ReasonCode.OTHER and not _note(claim):
        complaint = "'Other' needs a note: write what no other reason says, then choose it again."
        session.set_draft(verdict=verdict, complaint=complaint)
    elif verdict is Verdict.ADJUST and not adjust_form.result(claim.detail).is_changed:
        complaint = "Nothing is adjusted yet: change a figure, or go back and approve."
        session.set_draft(verdict=verdict, complaint=complaint)
    else:
        _decide(claim, verdict, code)


def _decide(claim: Claim, verdict: Verdict, code: ReasonCode) -> None:
    try:
        request = _request(claim, verdict, code)
    except ValidationError as error:
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        session.set_draft(verdict=verdict, is_note_open=True, complaint=f"The note {reason}.")
        return
    session.desk().workbench.decide(claim, request=request)
    session.say(f"{claim.detail.case.id}: {KEYS[verdict].label} recorded.")


def _request(claim: Claim, verdict: Verdict, code: ReasonCode) -> DecisionRequest:
    shown = session.presented()
    since = shown.since_seconds if shown else clock.steady_seconds()
    adjusted = adjust_form.result(claim.detail) if verdict is Verdict.ADJUST else None
    return DecisionRequest(
        lease_token=claim.lease_token,
        version=claim.detail.case.version,
        verdict=verdict,
        reason_codes=(code,),
        note=_note(claim),
        adjustments=adjusted.adjustments if adjusted else (),
        approved_minor=adjusted.approved_minor if adjusted else None,
        active_seconds=min(clock.steady_seconds() - since, MAX_ACTIVE_SECONDS),
        is_score_shown=claim.detail.case.violation_probability is not None,
    )


def _skip(claim: Claim) -> None:
    session.desk().workbench.skip(claim)
    session.say(f"{claim.detail.case.id} given back.")


def _open_note(_claim: Claim) -> None:
    session.set_draft(verdict=None, is_note_open=True)


def _cancel(_claim: Claim) -> None:
    session.set_draft(verdict=None)


def _undo(case_id: str) -> None:
    workbench = session.desk().workbench
    if workbench.standing().undoable_case_id != case_id:
        return
    with problems_shown():
        workbench.undo_last()
        session.say(f"{case_id}: decision undone.")


def _note_key(claim: Claim) -> str:
    case = claim.detail.case
    return f"remark_{case.id}_{case.version}"


def _note(claim: Claim) -> str:
    text: str = st.session_state.get(_note_key(claim), "")
    return text.strip()
