"""What one browser session remembers, every key declared here; nothing of it is authoritative."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import tzinfo

import streamlit as st

from data.schemas.vocabulary import ReasonCode, Verdict
from review_app import clock, reader
from review_app.keys import Action, Key, Step, key_map
from review_app.settings import settings
from review_app.work.outbox import Outbox
from review_app.work.workbench import Workbench
from service.client import CountersignClient
from service.wire.access import Me

_DESK, _PRESENTED, _DRAFT, _SAID, _ENDED, _KEYS, _QUIET, _ANSWERED, _CARDS = (
    "desk", "desk_presented", "desk_draft", "desk_said", "desk_ended", "desk_keys", "desk_quiet",
    "desk_answered", "desk_cards",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A logged-in person with their client and their workbench."""

    token: str
    client: CountersignClient
    me: Me
    workbench: Workbench

    def close(self) -> None:
        """Let go of the connection to the API, once what is on its way has been answered."""
        self.workbench.settle()
        self.client.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """Which version of which case stands on the screen, and since when."""

    case_id: str
    version: int
    stage: str
    """What of the case is told: a new stage has to be read before a key counts."""
    since_seconds: float
    opened_seconds: float
    """When the case came to the screen, at whatever stage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A decision in the making for the case on the screen."""

    verdict: Verdict | None = None
    """The verdict whose reasons are asked for; None while none is chosen."""
    reason: ReasonCode | None = None
    """The reason given, while the cause of an override is asked for."""
    is_note_open: bool = False
    panel: Step | None = None
    """The panel over the card."""
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
        client = on_failure.enter_context(
            CountersignClient(settings().api_url, token=token, retries=0)
        )
        me = client.me()
        on_failure.pop_all()
    workbench = Workbench(client, person_id=me.id, outbox=Outbox(), now=clock.now)
    desk = Desk(token=token, client=client, me=me, workbench=workbench)
    st.session_state[_DESK] = desk
    _follow(me)
    return desk


def refresh_me() -> None:
    """Ask the API anew who the person is, after they changed their preferences."""
    kept = desk()
    me = kept.client.me()
    st.session_state[_DESK] = replace(kept, me=me)
    _follow(me)


def desk() -> Desk:
    """Give the desk that `open_desk` made in this session."""
    desk: Desk = st.session_state[_DESK]
    return desk


def has_desk() -> bool:
    """Say whether somebody worked in this session."""
    return _DESK in st.session_state


def keys() -> dict[Action, Key]:
    """Give the person's keys."""
    kept: dict[Action, Key] = st.session_state[_KEYS]
    return kept


def present(*, case_id: str, version: int, stage: str = "") -> None:
    """Note what the screen shows now; a new case starts with an empty draft."""
    shown, now = presented(), clock.steady_seconds()
    is_same = shown is not None and (shown.case_id, shown.version) == (case_id, version)
    if shown is not None and is_same and shown.stage == stage:
        return
    st.session_state[_PRESENTED] = Presented(
        case_id=case_id,
        version=version,
        stage=stage,
        since_seconds=now,
        opened_seconds=shown.opened_seconds if shown and is_same else now,
    )
    if not is_same:
        st.session_state[_DRAFT] = Draft()


def look_anew() -> None:
    """Count from now how long the screen has stood: what opened on it has to be seen first."""
    shown = presented()
    if shown is not None:
        st.session_state[_PRESENTED] = replace(shown, since_seconds=clock.steady_seconds())


def presented() -> Presented | None:
    """Give what the screen shows."""
    shown: Presented | None = st.session_state.get(_PRESENTED)
    return shown


def draft() -> Draft:
    """Give the decision in the making."""
    made: Draft = st.session_state.get(_DRAFT, Draft())
    return made


def set_draft(
    *,
    verdict: Verdict | None = None,
    reason: ReasonCode | None = None,
    is_note_open: bool | None = None,
    panel: Step | None = None,
    complaint: str | None = None,
) -> None:
    """Change the decision in the making; an open note stays open."""
    is_open = draft().is_note_open if is_note_open is None else is_note_open
    st.session_state[_DRAFT] = replace(
        draft(),
        verdict=verdict,
        reason=reason,
        is_note_open=is_open,
        panel=panel,
        complaint=complaint,
    )


def say(text: str) -> None:
    """Set what screen readers hear next."""
    st.session_state[_SAID] = text


def said() -> str:
    """Give what screen readers hear."""
    text: str = st.session_state.get(_SAID, "")
    return text


def answer_press(number: int) -> None:
    """Note that a press was taken or refused."""
    st.session_state[_ANSWERED] = number


def answered() -> int:
    """Give the number of the last press that was taken or refused."""
    number: int = st.session_state.get(_ANSWERED, 0)
    return number


def keep_cards(cards: dict[str, str]) -> None:
    """Keep the cards of the case on the screen and of the next one, and no others."""
    st.session_state[_CARDS] = cards


def kept_card(name: str) -> str | None:
    """Give a card that is at hand already."""
    cards: dict[str, str] = st.session_state.get(_CARDS, {})
    return cards.get(name)


def be_quiet() -> None:
    """Mark this run as one that a timer asked for, and nobody at the desk."""
    st.session_state[_QUIET] = True


def was_quiet() -> bool:
    """Say, once, whether a timer asked for this run."""
    return bool(st.session_state.pop(_QUIET, False))


def end() -> None:
    """Remember that the API no longer takes this session."""
    st.session_state[_ENDED] = True


def is_ended() -> bool:
    """Say whether the API refused this session."""
    return bool(st.session_state.get(_ENDED, False))


def zone() -> tzinfo:
    """Give the reader's time zone."""
    return reader.zone()


def _follow(me: Me) -> None:
    chosen = me.preferences
    reader.remember(locale=chosen.locale, time_zone=chosen.time_zone)
    st.session_state[_KEYS] = key_map(chosen.keys, are_on=chosen.are_keys_on)
