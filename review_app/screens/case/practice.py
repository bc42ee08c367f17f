"""Practice: name the right answer of a decided case, for colleagues to meet among their work."""

from __future__ import annotations

import streamlit as st

from data.schemas.vocabulary import CaseStatus, Role
from review_app import formats, session
from review_app.components import page
from review_app.notices import plain, problems_shown
from service.calls.paging import pages
from service.wire.cases import CaseDetail
from service.wire.known_cases import LONGEST_REASON, KnownCaseRequest, KnownCaseView

ANSWERS = {False: "Right to bill as it stood", True: "Wrong to bill as it stood"}


def is_offered(detail: CaseDetail) -> bool:
    """Say whether this person names the answers of cases, and this one is decided."""
    names_answers = {Role.APPROVER, Role.ADMIN} & set(session.desk().me.roles)
    return bool(names_answers) and detail.case.status is CaseStatus.DECIDED


def draw(detail: CaseDetail) -> None:
    """Show the known answer with how it was met, or ask for it."""
    with problems_shown():
        every = pages(session.desk().client.known_cases)
        known = (one for shown in every for one in shown.known_cases)
        answer = next((one for one in known if one.item_id == detail.case.item_id), None)
        if answer is None:
            _ask(detail)
        else:
            _show(answer)


def _ask(detail: CaseDetail) -> None:
    st.caption(
        "Reviewers meet a copy of this case among their work, without knowing. Their verdict moves "
        "no money; afterwards they are told the answer, and Quality counts what was caught."
    )
    with st.form(f"practice_{detail.case.id}", border=False, width=640):
        is_faulty = st.radio(
            "What is the right answer?", list(ANSWERS), index=None, key="practice_answer",
            format_func=ANSWERS.__getitem__,
        )  # fmt: skip
        why = st.text_area(
            "Why? People read it after their verdict.", key="practice_why",
            max_chars=LONGEST_REASON, height=80,
        )  # fmt: skip
        is_sent = st.form_submit_button("Use it for practice", type="primary", key="practice_send")
    if not is_sent:
        return
    if is_faulty is None or not why.strip():
        st.warning("Choose the right answer, and say why in a few words.")
        return
    request = KnownCaseRequest(case_id=detail.case.id, is_faulty=is_faulty, why=why.strip())
    session.desk().client.name_known_case(request)
    page.done("It is used for practice from now on.")


def _show(answer: KnownCaseView) -> None:
    at = formats.instant(answer.at, zone=session.zone())
    st.markdown(f"**{ANSWERS[answer.is_faulty]}.** {plain(answer.why)}")
    st.caption(plain(f"Named by {answer.named_by}, {at} · {met(answer)}"))
    if page.asked_confirmation(
        "End the practice", key=f"practice_end_{answer.id}",
        question="Nobody meets it any more; what it has measured stays.",
    ):  # fmt: skip
        session.desk().client.end_known_case(answer.id)
        page.done("It is used for practice no more.")


def met(answer: KnownCaseView) -> str:
    """Say how many people met the case, and how many judged it right."""
    if not answer.shown:
        return "nobody has met it yet"
    people = "one person" if answer.shown == 1 else f"{formats.count(answer.shown)} people"
    return f"{people} met it, {formats.count(answer.right)} right"
