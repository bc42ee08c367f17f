"""Comments and files beside a case; nothing is asked of the API before the panel is opened."""

from __future__ import annotations

import streamlit as st

from data.schemas.vocabulary import CaseStatus, Role
from review_app import formats, session
from review_app.attempts import attempt, show_failure
from review_app.components.card import template
from review_app.notices import plain, problems_shown
from service.wire.cases import CaseDetail, CaseSummary
from service.wire.talk import AttachmentView, Colleague, CommentView

ENDINGS = ["pdf", "png", "jpg", "jpeg", "csv", "xlsx", "eml", "txt", "docx"]
"""What the picker offers; what is taken is decided by the API, from the bytes."""
LARGEST_MEGABYTES = 20
"""What the picker lets through; the API may be set to take less."""
LONGEST_COMMENT = 4_000
SHOWN = 200
KILOBYTE, MEGABYTE = 1_000, 1_000_000
ENDED = frozenset({CaseStatus.DECIDED, CaseStatus.CLOSED})
_SAID = "talk_said"


def talk_panel(detail: CaseDetail, *, is_open: bool = False) -> None:
    """Draw the panel of a case: closed it costs nothing, opened it loads what was said."""
    case = detail.case
    panel = st.expander(
        "Comments and files", expanded=is_open, key=f"talk_{case.id}", icon=":material/forum:",
        on_change="rerun",
    )  # fmt: skip
    if panel.open:
        with panel:
            _talk(case)


@st.fragment
def _talk(case: CaseSummary) -> None:
    with problems_shown():
        client = session.desk().client
        _show_outcome(case.id)
        said, files = st.columns([3, 2], gap="large")
        with said:
            comments = client.comments(case.id, limit=SHOWN).comments
            st.html(comments_html(comments))
            if _may_talk():
                _say(case, client.colleagues(case_id=case.id).colleagues)
        with files:
            for one in client.attachments(case.id).attachments:
                _file(one)
            if _may_talk():
                _attach(case)


def comments_html(comments: tuple[CommentView, ...]) -> str:
    """Draw what was said; whatever people wrote stays text."""
    shown = [
        {
            "author": one.author_name,
            "at": formats.instant(one.at, zone=session.zone()),
            "mentions": ", ".join(one.mentions),
            "text": one.text,
        }
        for one in comments
    ]
    return template("talk.html.jinja").render(comments=shown)


def _say(case: CaseSummary, colleagues: tuple[Colleague, ...]) -> None:
    by_login = {one.login: one for one in colleagues if one.id != session.desk().me.id}
    text_key, tell_key = f"comment_{case.id}", f"tell_{case.id}"
    with st.form(f"say_{case.id}", border=False, enter_to_submit=False):
        st.text_area(
            "Comment", key=text_key, max_chars=LONGEST_COMMENT, height=88,
            placeholder="What colleagues should know. @name tells somebody.",
        )  # fmt: skip
        st.multiselect(
            "Tell", list(by_login), key=tell_key, placeholder="Nobody in particular",
            format_func=lambda login: _colleague(by_login[login]),
        )  # fmt: skip
        st.form_submit_button(
            "Comment",
            key=f"say_now_{case.id}",
            on_click=_comment,
            args=(case.id, text_key, tell_key),
        )


def _comment(case_id: str, text_key: str, tell_key: str) -> None:
    told = " ".join(f"@{login}" for login in st.session_state[tell_key])
    text = f"{told} {st.session_state[text_key]}".strip()

    def send() -> None:
        answer = session.desk().client.comment(case_id, text=text)
        st.session_state[text_key], st.session_state[tell_key] = "", []
        st.session_state[f"{_SAID}_{case_id}"] = " ".join(_away(one) for one in answer.away)

    attempt(send, place=case_id)


def _attach(case: CaseSummary) -> None:
    if case.status in ENDED:
        st.caption("The case is decided: what it was decided on stays as it is.")
        return
    key = f"attach_{case.id}_{st.session_state.get(f'attached_{case.id}', 0)}"
    st.file_uploader(
        "Attach a file", key=key, type=ENDINGS, on_change=_upload, args=(case.id, key),
        max_upload_size=LARGEST_MEGABYTES,
    )  # fmt: skip


def _upload(case_id: str, key: str) -> None:
    file = st.session_state.get(key)
    if file is None:
        return

    def send() -> None:
        session.desk().client.attach(case_id, name=file.name, content=file.getvalue())
        st.session_state[f"{_SAID}_{case_id}"] = f"{file.name} is attached."

    attempt(send, place=case_id)
    # A picker under a new key is empty: whatever became of the file, it is not sent twice.
    count: int = st.session_state.get(f"attached_{case_id}", 0)
    st.session_state[f"attached_{case_id}"] = count + 1


def _file(one: AttachmentView) -> None:
    client = session.desk().client
    st.download_button(
        plain(one.name), lambda: client.attachment(one.id), file_name=one.name,
        mime=one.media_type, key=f"file_{one.id}", on_click="ignore", type="tertiary",
        icon=":material/attach_file:",
    )  # fmt: skip
    at = formats.instant(one.at, zone=session.zone())
    st.caption(plain(f"{size(one.size_bytes)}, {one.by_name}, {at}"))


def size(size_bytes: int) -> str:
    """`12 kB` or `3.4 MB`."""
    if size_bytes < MEGABYTE:
        return f"{max(size_bytes / KILOBYTE, 1):.0f} kB"
    return f"{size_bytes / MEGABYTE:.1f} MB"


def _show_outcome(case_id: str) -> None:
    show_failure(place=case_id)
    said = st.session_state.pop(f"{_SAID}_{case_id}", "")
    if said:
        st.info(plain(said))


def _colleague(one: Colleague) -> str:
    return f"{one.name} (@{one.login})" + (f", {_away_words(one)}" if one.away_until else "")


def _away(one: Colleague) -> str:
    return f"{one.name} {_away_words(one)}."


def _away_words(one: Colleague) -> str:
    if one.away_until is None:
        return ""
    return f"is away until {formats.instant(one.away_until, zone=session.zone())}"


def _may_talk() -> bool:
    return bool(set(session.desk().me.roles) - {Role.AUDITOR})
