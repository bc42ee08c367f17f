"""What one browser session remembers, every key declared here; nothing of it is authoritative."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from data.schemas.vocabulary import Verdict
from review_app import clock
from review_app.components.outbox import Outbox
from review_app.components.workbench import Workbench
from review_app.settings import settings
from service.client import CountersignClient
from service.wire.access import Me

_DESK, _PRESENTED, _DRAFT, _SAID, _ENDED = (
    "desk", "desk_presented", "desk_draft", "desk_said", "desk_ended",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A logged-in person with their client and their workbench."""

    token: str
    client: CountersignClient
    me: Me
    workbench: Workbench


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """Which version of which case stands on the screen, and since when."""

    case_id: str
    version: int
    since_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A decision in the making for the case on the screen."""

    verdict: Verdict | None = None
    """The verdict whose reasons are asked for; None while none is chosen."""
    is_note_open: bool = False
    complaint: str | None = None
    """What is still missing, in words."""


def open_desk(token: str) -> Desk:
    """Give the person's desk, asking the API who they are the first time.

    Raises ApiProblem when the session is over, ApiUnreachableError when the API is down.
    """
    desk = st.session_state.get(_DESK)
    if isinstance(desk, Desk) and desk.token == token:
        return desk
    with ExitStack() as on_failure:
        client = on_failure.enter_context(CountersignClient(settings().api_url, token=token))
        me = client.me()
        on_failure.pop_all()
    workbench = Workbench(client, person_id=me.id, outbox=Outbox(), now=clock.now)
    desk = Desk(token=token, client=client, me=me, workbench=workbench)
    st.session_state[_DESK] = desk
    return desk


def desk() -> Desk:
    """Give the desk that `open_desk` made in this session."""
    desk: Desk = st.session_state[_DESK]
    return desk


def has_desk() -> bool:
    """Say whether somebody worked in this session."""
    return _DESK in st.session_state


def present(*, case_id: str, version: int) -> None:
    """Note what the screen shows now; a new case starts with an empty draft."""
    shown: Presented | None = st.session_state.get(_PRESENTED)
    if shown is not None and (shown.case_id, shown.version) == (case_id, version):
        return
    st.session_state[_PRESENTED] = Presented(
        case_id=case_id, version=version, since_seconds=clock.steady_seconds()
    )
    st.session_state[_DRAFT] = Draft()


def presented() -> Presented | None:
    """Give what the screen shows."""
    shown: Presented | None = st.session_state.get(_PRESENTED)
    return shown


def draft() -> Draft:
    """Give the decision in the making."""
    made: Draft = st.session_state.get(_DRAFT, Draft())
    return made


def set_draft(
    *, verdict: Verdict | None, is_note_open: bool | None = None, complaint: str | None = None
) -> None:
    """Change the decision in the making."""
    is_open = draft().is_note_open if is_note_open is None else is_note_open
    st.session_state[_DRAFT] = replace(
        draft(), verdict=verdict, is_note_open=is_open, complaint=complaint
    )


def say(text: str) -> None:
    """Set what screen readers hear next."""
    st.session_state[_SAID] = text


def said() -> str:
    """Give what screen readers hear."""
    text: str = st.session_state.get(_SAID, "")
    return text


def end() -> None:
    """Remember that the API no longer takes this session."""
    st.session_state[_ENDED] = True


def is_ended() -> bool:
    """Say whether the API refused this session."""
    return bool(st.session_state.get(_ENDED, False))


def zone() -> tzinfo:
    """Give the reader's time zone as their browser names it."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
