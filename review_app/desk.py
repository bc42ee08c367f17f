"""The script of every page: who is there, and which screen they see."""

from __future__ import annotations

import streamlit as st

from review_app import navigation, session
from review_app.components.card import ICON, STYLE_SHEET
from review_app.log_in import session_token
from review_app.notices import problems_shown
from review_app.screens import signed_out
from review_app.screens.account.page import account
from review_app.screens.approvals.page import approvals
from review_app.screens.audit.page import audit
from review_app.screens.case.page import case
from review_app.screens.cases.page import cases
from review_app.screens.contracts.page import contracts
from review_app.screens.exceptions.page import exceptions
from review_app.screens.imports.page import imports
from review_app.screens.log_out import log_out
from review_app.screens.models.page import models
from review_app.screens.my_work.page import my_work
from review_app.screens.operations.page import operations
from review_app.screens.people.page import people
from review_app.screens.policy.page import policy
from review_app.screens.quality.page import quality
from review_app.screens.queue.page import queue
from service.client import ApiProblem, ApiUnreachableError

SCREENS: navigation.Screens = {
    "queue": queue,
    "cases": cases,
    "case": case,
    "my_work": my_work,
    "approvals": approvals,
    "people": people,
    "audit": audit,
    "account": account,
    "policy": policy,
    "quality": quality,
    "contracts": contracts,
    "exceptions": exceptions,
    "imports": imports,
    "models": models,
    "operations": operations,
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
        desk = session.open_desk(session_token())
    except ApiProblem as error:
        signed_out.not_let_in(error.problem)
        return
    except ApiUnreachableError as error:
        signed_out.unreachable(str(error))
        return
    screen = navigation.offer(desk.me, screens=SCREENS)
    with problems_shown():
        screen.run()


main()
