"""The guided first case: five short steps beside the real one, once in a person's life here."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from review_app import session
from review_app.notices import problems_shown
from review_app.work.desk_api import Standing

_AT = "guide_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One step: what to look at, and what to do."""

    title: str
    text: str
    is_next_offered: bool = True


LESSONS = (
    Lesson(
        title="The item",
        text="On the left stands what was charged. Rows with a mark such as F1 are in question; "
        "the figure in question is underlined.",
    ),
    Lesson(
        title="The finding and its clause",
        text="In the middle each mark is explained: what stands in the row, what the contract "
        "allows, the money it is about, and the clause with its place in the document.",
    ),
    Lesson(
        title="Your verdict",
        text="Each verdict has a key: it stands on its button. Choose one now, for instance "
        "Reject. Nothing happens to money before you give a reason.",
        is_next_offered=False,
    ),
    Lesson(
        title="The reason",
        text="Press the number of a reason. The case is decided with that one key, and the next "
        "case stands there. Escape takes you back.",
        is_next_offered=False,
    ),
    Lesson(
        title="The way back",
        text="A decision can be taken back for a while, before anything leaves: press Undo or its "
        "key. After that you can still correct it, under Recent.",
    ),
)


def draw(standing: Standing) -> None:
    """Draw the step the person is at; nothing once they have seen it all."""
    if session.desk().me.preferences.has_seen_guide:
        return
    at = _step(standing)
    lesson = LESSONS[at]
    with st.container(border=True, key="guide"):
        st.markdown(f"**{at + 1} of {len(LESSONS)}: {lesson.title}.** {lesson.text}")
        with st.container(horizontal=True):
            if lesson.is_next_offered:
                label = "Done" if at == len(LESSONS) - 1 else "Next"
                st.button(label, key=f"guide_next_{at}", on_click=_next, args=(at,))
            st.button("Skip the tour", key="guide_skip", type="tertiary", on_click=_finish)


def _step(standing: Standing) -> int:
    """Where the person is: what they did counts, not what they clicked."""
    at: int = st.session_state.get(_AT, 0)
    if standing.undoable_case_id is not None:
        at = 4
    elif at in {2, 3}:
        at = 3 if session.draft().verdict is not None else 2
    st.session_state[_AT] = at
    return at


def _next(at: int) -> None:
    if at + 1 == len(LESSONS):
        _finish()
    else:
        st.session_state[_AT] = at + 1


def _finish() -> None:
    st.session_state.pop(_AT, None)
    me, client = session.desk().me, session.desk().client
    with problems_shown():
        client.save_preferences(me.preferences.model_copy(update={"has_seen_guide": True}))
        session.refresh_me()
