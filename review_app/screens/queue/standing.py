"""The line above the case: what waits, what is saved, and what went wrong."""

from __future__ import annotations

import streamlit as st

from review_app import clock, formats, navigation, session
from review_app.components.card import line_html
from review_app.notices import plain
from review_app.work.desk_api import Refusal, Standing


def show_standing(standing: Standing) -> None:
    """Draw the line, then every refusal until it was read."""
    st.html(line_html(title="Review queue", facts=facts(standing), state=state(standing)))
    if standing.trouble is not None:
        _show_trouble(standing)
    for refusal in standing.refusals:
        _show_refusal(refusal)
    if standing.refusals:
        label = "I have read this"
        st.button(label, key="refusals_read", on_click=session.desk().workbench.has_seen_refusals)


def facts(standing: Standing) -> tuple[tuple[str, str], ...]:
    """Give what waits, as figure and word."""
    summary = standing.queue
    if summary is None:
        return ()
    stake = " + ".join(
        formats.money(minor, currency=currency)
        for currency, minor in sorted(summary.money_at_stake_minor.items())
    )
    found = [(str(summary.waiting), "waiting")]
    if stake:
        found.append((stake, "at stake"))
    if summary.waiting_minutes >= 1:
        found.append((formats.hours(round(summary.waiting_minutes)), "of work"))
    if summary.next_due_at is not None:
        found.append(("", f"next {formats.due(summary.next_due_at, now=clock.now())}"))
    found.append((str(summary.decided_today), "decided today"))
    return tuple(found)


def state(standing: Standing) -> str:
    """Say whether everything is saved."""
    if not standing.unsent:
        return "All saved"
    count = len(standing.unsent)
    return f"{count} not saved yet" if standing.trouble else f"Saving {count}"


def _show_trouble(standing: Standing) -> None:
    count = len(standing.unsent)
    kept = f" {count} of your decisions wait here; keep this page open." if count else ""
    text = f"The service does not answer; we keep trying.{kept} {standing.trouble}"
    st.error(plain(text), icon=":material/cloud_off:")
    st.button("Try again", key="try_again", on_click=session.desk().workbench.try_again)


def _show_refusal(refusal: Refusal) -> None:
    problem = refusal.problem
    what = f"{formats.words(refusal.verdict)} was not taken" if refusal.verdict else "Hold lost"
    remedy = f" {problem.remedy}" if problem.remedy else ""
    note = f" Your note was: {refusal.note}" if refusal.note else ""
    text = f"{refusal.case_id}, {refusal.title}: {what}. {problem.detail}{remedy}{note}"
    st.error(plain(text), icon=":material/error:")
    navigation.link_to_case(refusal.case_id)
