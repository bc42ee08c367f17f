"""Import: a file and its mapping go in, the rows that were not taken come back."""

from __future__ import annotations

import streamlit as st

from data.schemas.vocabulary import Scope
from review_app import formats, session
from review_app.components import page
from review_app.notices import plain, problems_shown
from review_app.screens.imports.import_progress import progress
from review_app.screens.imports.mapping_samples import TITLES, mapping_sample
from service.client import ApiProblem
from service.wire.imports import ImportPhase, ImportReport

CHOSEN = "import"
MAPPING, SAMPLE = "import_mapping", "import_sample"
ENDINGS = ["csv", "tsv", "txt", "xlsx", "json", "ndjson", "jsonl", "parquet"]
UNPROCESSABLE = 422
LARGEST_MB = 200
"""A file passes through this app's memory; larger ones go to POST /v1/imports or the command."""


def imports() -> None:
    """Take a file with its mapping; `?import=` shows one import."""
    page.head("Import")
    with problems_shown():
        if {Scope.ASSESS, Scope.REFERENCE} & set(session.desk().me.scopes):
            _upload()
        else:
            st.caption("Integration owners and administrators bring files in; you read here.")
        name = st.query_params.get(CHOSEN)
        if name:
            progress(name)
        _earlier()


def _upload() -> None:
    with st.expander("Bring a file in", expanded=CHOSEN not in st.query_params):
        file = st.file_uploader("File", type=ENDINGS, key="import_file", max_upload_size=LARGEST_MB)
        sample = st.selectbox(
            "Start from the mapping of", list(TITLES), index=None, placeholder="A sample …",
            format_func=TITLES.__getitem__, key=SAMPLE, on_change=_take_sample,
        )  # fmt: skip
        del sample
        mapping = st.text_area(
            "Mapping (YAML): which column is what", key=MAPPING, height=320,
            placeholder="source: …",
        )  # fmt: skip
        bar = st.container(horizontal=True)
        if bar.button("Check the mapping", key="import_check", icon=":material/rule:"):
            _check(mapping)
        is_meant = bar.button(
            "Import", key="import_go", type="primary", icon=":material/upload_file:",
            disabled=file is None or not mapping.strip(),
        )  # fmt: skip
        st.caption(
            "The same file under the same mapping is one import: sent again it changes nothing."
        )
        if is_meant and file is not None:
            _begin(file, mapping)


def _take_sample() -> None:
    name = st.session_state[SAMPLE]
    if name:
        st.session_state[MAPPING] = mapping_sample(name)


def _check(mapping: str) -> None:
    try:
        found = session.desk().client.check_mapping(mapping)
    except ApiProblem as error:
        _show_mistakes(error)
        return
    columns = ", ".join(found.columns)
    st.success(
        plain(f"No mistake. It reads {formats.words(found.kind).lower()} from: {columns}."),
        icon=":material/check_circle:",
    )


def _begin(file: st.runtime.uploaded_file_manager.UploadedFile, mapping: str) -> None:
    try:
        begun = session.desk().client.start_import(file, name=file.name, mapping=mapping)
    except ApiProblem as error:
        _show_mistakes(error)
        return
    st.query_params[CHOSEN] = begun.id
    page.done(f"{file.name} was taken; it is imported now.")


def _show_mistakes(error: ApiProblem) -> None:
    """Tell every mistake of a mapping by its field; any other refusal goes on."""
    if error.problem.status != UNPROCESSABLE or not error.problem.problems:
        raise error
    st.error("The mapping has mistakes; nothing was imported.", icon=":material/error:")
    page.table(
        {
            str(number): {
                "Where": one.get("field", ""),
                "What stands there": one.get("value", ""),
                "Why it cannot be": one.get("reason", ""),
            }
            for number, one in enumerate(error.problem.problems)
        },
        key="import_mistakes",
    )


def _earlier() -> None:
    page.section("Earlier imports")
    found = session.desk().client.imports(limit=page.PAGE).imports
    if not found:
        page.empty(
            "Nothing was imported yet.",
            next_step="Bring a file in above, or run 'countersign import'.",
        )
        return
    chosen = page.table(
        {one.id: row(one) for one in found}, key="imports", select="single-row",
        right=("Rows", "Given back", "Items", "Cases"), alt="Imports",
    )  # fmt: skip
    if chosen and st.query_params.get(CHOSEN) != chosen[0]:
        st.query_params[CHOSEN] = chosen[0]
        st.rerun()


def row(one: ImportReport) -> dict[str, str]:
    """Give one line of the list."""
    at = one.received_at
    return {
        "Received": formats.instant(at, zone=session.zone()) if at else "",
        "File": one.file,
        "Holds": formats.words(one.kind),
        "State": _state(one),
        "Rows": formats.count(one.rows_received),
        "Given back": formats.count(one.rows_rejected),
        "Items": formats.count(one.items),
        "Cases": formats.count(one.cases),
    }


def _state(one: ImportReport) -> str:
    if one.phase is ImportPhase.FAILED:
        return f"⚠ failed: {one.error}"
    return {"done": "✓ done"}.get(one.phase, f"… {one.phase}")
