"""Correct a decision of one's own after it can no longer be undone: a new one supersedes it."""

from __future__ import annotations

import streamlit as st

from data.schemas.vocabulary import FINAL_VERDICTS
from review_app import clock, session
from review_app.card.view_models import decision_words
from review_app.notices import plain, problems_shown
from review_app.screens.deciding import decision_bar
from review_app.screens.deciding.asking import Ask
from review_app.work.workbench import is_undoable
from service.wire.cases import CaseDetail, DecisionView
from service.wire.deciding import CorrectionRequest
from service.wire.verdicts import SpokenVerdict


def of_mine(detail: CaseDetail) -> DecisionView | None:
    """Give the decision of this person that a correction would supersede; None without one."""
    standing = [one for one in detail.decisions if not one.is_undone]
    if not standing:
        return None
    last = max(standing, key=lambda one: one.decided_at)
    is_mine = last.actor_id == session.desk().me.id and last.verdict in FINAL_VERDICTS
    return last if is_mine and not is_undoable(last, now=clock.now()) else None


def draw(detail: CaseDetail) -> None:
    """Ask for the verdict that should stand instead, with its reason."""
    decision = of_mine(detail)
    if decision is None:
        return
    st.markdown(
        f"You decided: **{plain(decision_words(decision))}**. What should stand instead? "
        "Both decisions stay in the audit trail; money already posted is corrected."
    )

    def take(_detail: CaseDetail, answer: SpokenVerdict) -> None:
        if not answer.note:
            complaint = "A correction needs a note: write why, then choose the reason again."
            session.set_draft(verdict=answer.verdict, complaint=complaint, is_note_open=True)
            return
        with problems_shown():
            session.desk().client.correct(decision.id, request=CorrectionRequest(**dict(answer)))
            session.set_draft()
            session.say(f"{detail.case.id}: corrected.")

    # No first call: whoever corrects was told everything when they decided.
    told = detail.model_copy(update={"must_call_first": False})
    decision_bar.draw(Ask(detail=told, take=take))
