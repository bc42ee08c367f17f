"""What stands behind the tabs of a case: its timeline, its like, and its evidence to take along."""

from __future__ import annotations

import streamlit as st

from data.schemas.vocabulary import Scope
from review_app import formats, navigation, session
from review_app.card.view_models import events
from review_app.components import page
from review_app.components.card import template
from review_app.screens.cases import bulk
from review_app.screens.queue import related
from service.wire.cases import CaseDetail


def timeline(detail: CaseDetail) -> None:
    """Draw everything that happened to the case, oldest first."""
    shown = events(detail, zone=session.zone())
    if not shown:
        page.empty("Nothing has happened to this case yet.")
        return
    st.html(template("timeline.html.jinja").render(events=shown))


def similar(detail: CaseDetail) -> None:
    """List decided cases like this one, and what became of them; a row opens its case."""
    found = session.desk().client.similar(detail.case.id).similar
    if not found:
        page.empty(
            "No decided case is like this one yet.",
            next_step="They appear here as colleagues decide.",
        )
        return
    rows = {
        one.case_id: {
            "Case": one.case_id,
            "What": one.title,
            "Verdict": formats.words(one.verdict),
            "Reason": ", ".join(formats.words(code) for code in one.reason_codes),
            "Billed": formats.money(one.approved_minor, currency=one.currency),
            "Of": formats.money(one.amount_minor, currency=one.currency),
            "On": formats.full_day(one.decided_at.astimezone(session.zone())),
            "What became of it": one.outcome,
        }
        for one in found
    }
    chosen = page.table(
        rows,
        key=f"similar_{detail.case.id}",
        select="single-row",
        right=("Billed", "Of"),
        alt="Similar decided cases",
    )
    if chosen:
        navigation.go_to_case(chosen[0])


def relatives(detail: CaseDetail) -> None:
    """List the relatives of the case; who has a queue can decide several together."""
    bulk.draw_done()
    related.draw(detail.case)


def evidence(detail: CaseDetail) -> None:
    """Offer everything that proves how the case went, for whoever may read the trail."""
    client, me = session.desk().client, session.desk().me
    if Scope.AUDIT not in me.scopes:
        return
    page.download(
        "Evidence",
        lambda: client.evidence(detail.case.id),
        key=f"evidence_{detail.case.id}",
        file=f"{detail.case.id}-evidence.zip",
        mime="application/zip",
    )
