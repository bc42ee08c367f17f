"""The reason strip: what a chosen verdict still needs before it counts."""

from __future__ import annotations

import streamlit as st
from pydantic import TypeAdapter, ValidationError

from data.schemas.values import Text
from data.schemas.vocabulary import REASONS_BY_VERDICT, OverrideCause, ReasonCode, Verdict
from review_app import clock, formats, session
from review_app.keys import KEYS, QUESTIONS, Key, Step, reason_shortcut
from review_app.screens.deciding import adjust_form
from review_app.screens.deciding.asking import Ask, is_override
from review_app.screens.deciding.pressing import press_button
from review_app.session import Draft
from service.wire.verdicts import SpokenVerdict

MAX_NOTE = 4_000
MAX_ACTIVE_SECONDS = 86_400.0
CAUSE_QUESTION = "This goes against the machine. What would make it right next time?"
CAUSES: dict[OverrideCause, str] = {
    OverrideCause.FEATURE_MISSING: "It did not know something",
    OverrideCause.RULE_WRONG: "A rule is wrong",
    OverrideCause.DATA_LATE: "Data came late",
    OverrideCause.ONE_OFF: "Nothing, a one-off",
}
_NOTE: TypeAdapter[str] = TypeAdapter(Text)


def draw(ask: Ask, draft: Draft) -> None:
    """Draw the question, the note and the answers of the verdict in the draft."""
    if draft.verdict is None:
        return
    question, note = st.columns([2, 3], vertical_alignment="center")
    asked = QUESTIONS[draft.verdict] if draft.reason is None else CAUSE_QUESTION
    question.markdown(f"**{KEYS[draft.verdict].label}.** {asked}")
    with note:
        draw_note(ask)
    if draft.verdict is Verdict.ADJUST:
        adjust_form.draw(ask.detail)
    with st.container(horizontal=True, gap="small", key="reason_strip"):
        if draft.reason is None:
            _draw_reasons(ask, draft.verdict)
        else:
            _draw_causes(ask, draft.verdict, draft.reason)
        press_button(ask, session.keys()[Step.CANCEL], name=Step.CANCEL, act=_cancel)


def draw_note(ask: Ask) -> None:
    """Draw the field of the note."""
    st.text_input(
        "Note that goes with the decision",
        key=_note_key(ask),
        max_chars=MAX_NOTE,
        label_visibility="collapsed",
        placeholder="Note for the next reader (required for Other)",
    )


def answer(
    ask: Ask, verdict: Verdict, code: ReasonCode, cause: OverrideCause | None = None
) -> None:
    """Give the verdict with its reason, or say what is still missing."""
    complaint = _missing(ask, verdict, code)
    if complaint is not None:
        session.set_draft(verdict=verdict, complaint=complaint, is_note_open=True)
        return
    adjusted = adjust_form.result(ask.detail) if verdict is Verdict.ADJUST else None
    ask.take(
        ask.detail,
        SpokenVerdict(
            verdict=verdict,
            reason_codes=(code,),
            note=_note(ask),
            adjustments=adjusted.adjustments if adjusted else (),
            approved_minor=adjusted.approved_minor if adjusted else None,
            active_seconds=_active_seconds(),
            override_cause=cause,
        ),
    )


def give_reason(ask: Ask, verdict: Verdict, code: ReasonCode) -> None:
    """Take the reason; of an override the cause is asked for as well, else that is the answer."""
    complaint = _missing(ask, verdict, code)
    if complaint is None and is_override(ask.detail, verdict):
        session.set_draft(verdict=verdict, reason=code)
    else:
        answer(ask, verdict, code)


def _draw_reasons(ask: Ask, verdict: Verdict) -> None:
    for index, code in enumerate(REASONS_BY_VERDICT[verdict]):
        key = Key(shortcut=reason_shortcut(index), label=formats.words(code), help="")
        press_button(ask, key, name=f"{verdict}_{code}", act=give_reason, args=(verdict, code))


def _draw_causes(ask: Ask, verdict: Verdict, code: ReasonCode) -> None:
    for index, (cause, label) in enumerate(CAUSES.items()):
        key = Key(shortcut=reason_shortcut(index), label=label, help="")
        press_button(ask, key, name=f"cause_{cause}", act=answer, args=(verdict, code, cause))


def _missing(ask: Ask, verdict: Verdict, code: ReasonCode) -> str | None:
    if code is ReasonCode.OTHER and not _note(ask):
        return "'Other' needs a note: write what no other reason says, then choose it again."
    try:
        _NOTE.validate_python(_note(ask))
    except ValidationError as error:
        return f"The note {error.errors()[0]['msg'].removeprefix('Value error, ')}."
    return adjust_form.missing(ask.detail) if verdict is Verdict.ADJUST else None


def _cancel(_ask: Ask) -> None:
    session.set_draft()


def _active_seconds() -> float:
    shown, now = session.presented(), clock.steady_seconds()
    return min(now - (shown.opened_seconds if shown else now), MAX_ACTIVE_SECONDS)


def _note_key(ask: Ask) -> str:
    case = ask.detail.case
    return f"remark_{case.id}_{case.version}"


def _note(ask: Ask) -> str:
    text: str = st.session_state.get(_note_key(ask), "")
    return text.strip()
