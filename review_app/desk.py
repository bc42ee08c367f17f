"""The script of every page: who is there, and which screen they see."""

from __future__ import annotations

import streamlit as st

from review_app import navigation, session
from review_app.components.card import ICON, STYLE_SHEET
from review_app.components.outbox import UNAUTHORIZED
from review_app.notices import problems_shown
from review_app.screens import signed_out
from review_app.screens.case import case
from review_app.screens.cases import cases
from review_app.screens.decisions import decisions
from review_app.screens.log_out import log_out
from review_app.screens.queue import queue
from service.client import ApiProblem, ApiUnreachableError

SCREENS: navigation.Screens = {
    "queue": queue,
    "cases": cases,
    "case": case,
    "decisions": decisions,
    "log_out": log_out,
}


def main() -> None:
    """Recognise the person, then show their screen."""
    st.set_page_config(page_title="Countersign", page_icon=str(ICON), layout="wide")
    st.html(STYLE_SHEET)
    if not st.user.is_logged_in:
        signed_out.welcome()
    elif session.is_ended():
        signed_out.ended()
    else:
        _work()


def _work() -> None:
    try:
        desk = session.open_desk(st.user.tokens["access"])
    except ApiProblem as error:
        if error.problem.status == UNAUTHORIZED:
            signed_out.ended()
        else:
            signed_out.unreachable(error.problem.detail)
        return
    except ApiUnreachableError as error:
        signed_out.unreachable(str(error))
        return
    screen = navigation.offer(desk.me, screens=SCREENS)
    with problems_shown():
        screen.run()


main()
