"""A contract's text goes in, proposals come out."""

from __future__ import annotations

import streamlit as st

from data.schemas.contracts import Contract
from data.schemas.vocabulary import Role, Scope
from review_app import session
from review_app.components import page
from service.wire.proposals import MAX_DOCUMENT

WHOLE = ""
ENDINGS = ["txt", "md", "text"]


def have_read(contract: Contract, *, is_open: bool) -> None:
    """Take a text by file or by paste, and have its clauses proposed."""
    me = session.desk().me
    if Scope.REFERENCE not in me.scopes and Role.APPROVER not in me.roles:
        return
    with st.expander("Have the contract's text read", expanded=is_open):
        with st.form("have_read", border=False):
            file = st.file_uploader(
                "Text of the contract (UTF-8)", type=ENDINGS, key="read_file", max_upload_size=8
            )
            pasted = st.text_area("Or paste it", key="read_text", height=120)
            lines = {WHOLE: "The whole contract"} | {line.id: line.name for line in contract.lines}
            line_id = st.selectbox("Governs", list(lines), format_func=lines.__getitem__,
                                   key="read_line")  # fmt: skip
            st.caption(
                "Make text of a PDF with pdftotext -layout; form feeds keep the pages. Nothing "
                "that is read is in force before a person confirms it."
            )
            is_meant = st.form_submit_button("Read it", key="read_it", type="primary")
        if is_meant:
            text = pasted if file is None else file.getvalue().decode("utf-8", errors="replace")
            _read(contract, text=text, line_id=line_id or None)


def _read(contract: Contract, *, text: str, line_id: str | None) -> None:
    if not text.strip():
        st.warning("Choose a file or paste the text first.")
        return
    if len(text) > MAX_DOCUMENT:
        st.warning(f"The text is longer than {MAX_DOCUMENT:,} characters; cut it in parts.")
        return
    with st.spinner("Reading …"):
        answer = session.desk().client.propose_clauses(contract.id, text=text, line_id=line_id)
    told = f"{len(answer.proposals)} clauses were read; {answer.already_known} were known before."
    page.done(told, trouble=answer.notes)
