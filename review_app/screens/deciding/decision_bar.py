"""The decision bar: one button and one key for each thing to do with the case on the screen."""

from __future__ import annotations

import streamlit as st

from data.schemas.vocabulary import Verdict
from review_app import session
from review_app.keys import KEYS, USUAL_APPROVAL, Action, Step
from review_app.notices import problems_shown
from review_app.screens.deciding import reason_strip
from review_app.screens.deciding.asking import Ask, is_override, is_rule_proved, stage_of
from review_app.screens.deciding.pressing import press_button
from review_app.session import Draft


def draw(ask: Ask) -> None:
    """Draw the verdicts as buttons of the page, or what the chosen one still needs."""
    case = ask.detail.case
    session.present(case_id=case.id, version=case.version, stage=stage_of(ask.detail))
    if session.draft().verdict is None:
        with st.container(horizontal=True, gap="small", key="decision_bar"):
            draw_verdicts(ask)
    draw_asked(ask)


def draw_asked(ask: Ask) -> None:
    """Draw what was asked for: the note, the reasons of a verdict, and what is still missing."""
    draft = session.draft()
    if draft.verdict is not None:
        reason_strip.draw(ask, draft)
    elif draft.is_note_open:
        reason_strip.draw_note(ask)
    if draft.complaint is not None:
        st.warning(draft.complaint, icon=":material/edit_note:")


def draw_verdicts(ask: Ask) -> None:
    """Draw one button for each verdict, into whatever container is open."""
    keys = session.keys()
    for verdict in ask.verdicts:
        press_button(ask, keys[verdict], name=verdict, act=choose, args=(verdict,))


def openers(ask: Ask) -> tuple[str, ...]:
    """Give the letters that open a field, in which the person types on at once."""
    opening: list[Action] = [Step.NOTE, Step.SNOOZE]
    if not ask.must_call_first:
        opening.append(Verdict.ADJUST)
    keys = session.keys()
    letters = (keys[action].shortcut for action in opening)
    return tuple(letter.lower() for letter in letters if letter is not None)


def focus(draft: Draft) -> str | None:
    """Give the selector of the field that a draft wants filled first; the case title otherwise."""
    if draft.panel is not None:
        field = "input" if draft.panel is Step.SNOOZE else "h2"
        return f".st-key-desk_panel {field}"
    if draft.verdict is Verdict.ADJUST and draft.complaint is None:
        return ".st-key-adjust_form input"
    if draft.complaint is not None or (draft.is_note_open and draft.verdict is None):
        return "[class*='st-key-remark_'] input"
    return "#cs-title"


def call_words(ask: Ask) -> tuple[str, str] | None:
    """Say whose call comes first, or what the person's own was: strong words, and the rest."""
    own = ask.detail.own_verdict
    if ask.must_call_first:
        return "Your call first.", "What would you do? The models' opinion comes after."
    if own is None:
        return None
    key = session.keys()[own].shortcut
    again = f" with {key}" if key else ""
    return f"You said {KEYS[own].label}.", f"Confirm it{again}, or choose another."


def choose(ask: Ask, verdict: Verdict) -> None:
    """Take a verdict: as the own call, as the whole answer, or to be asked for its reason."""
    if ask.must_call_first and ask.take_first_call is not None:
        with problems_shown():
            ask.take_first_call(ask.detail, verdict)
            session.say(f"Your call: {KEYS[verdict].label}. The models' opinion stands there now.")
    elif verdict is Verdict.APPROVE and not is_rule_proved(ask.detail):
        # Against the models alone the usual reason holds; only the cause is asked for.
        reason_strip.give_reason(ask, verdict, USUAL_APPROVAL)
    else:
        session.set_draft(verdict=verdict)


def is_plain_approval(ask: Ask) -> bool:
    """Say whether approving this case needs nothing but its key."""
    is_over = is_rule_proved(ask.detail) or is_override(ask.detail, Verdict.APPROVE)
    return not (ask.must_call_first or is_over)
