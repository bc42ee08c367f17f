"""My work: what I hold, wait for, put away and got back; what I was told, decided, and am away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

import streamlit as st

from review_app import clock, formats, navigation, session
from review_app.attempts import attempt, has_failed, show_failure
from review_app.components import page
from review_app.components.card import template
from review_app.notices import problems_shown
from review_app.screens.my_work.my_absence import absence
from review_app.screens.my_work.my_day import day
from review_app.screens.my_work.my_decisions import decisions
from review_app.screens.my_work.my_notifications import notifications
from service.wire.cases import CaseSummary
from service.wire.my_work import HeldCase, MyWork

PLACE = "my_work"
"""Where this page says what was refused."""
_TAKEN = "my_work_taken"
REFRESH_SECONDS = 15
"""How often the time left is drawn anew; more often would only disturb whoever reads."""


def my_work() -> None:
    """Show the tab that the address names, `?tab=Held` and so on; only that one is loaded."""
    if st.session_state.pop(_TAKEN, False):
        navigation.go_to_queue()
    with problems_shown():
        work = _load()
        page.head("My work", facts=_facts(work))
        show_failure(place=PLACE)
        names = list(_TABS if navigation.may_decide(session.desk().me) else _TABS_OF_READERS)
        tabs = st.tabs(names, key="tab", on_change="rerun", bind="query-params")
        for name, tab in zip(names, tabs, strict=True):
            if tab.open:
                with tab:
                    _TABS[name](work)


def _load() -> MyWork:
    local = clock.now().astimezone(session.zone())
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return session.desk().client.my_work(since=midnight.astimezone(UTC))


def _facts(work: MyWork) -> tuple[tuple[str, str], ...]:
    counts = (
        (len(work.held), "held"),
        (len(work.awaiting_information), "waiting for information"),
        (len(work.snoozed), "snoozed"),
        (len(work.returned), "returned"),
        (work.unread, "to read"),
    )
    return tuple((str(count), words) for count, words in counts if count)


def _held(work: MyWork) -> None:
    if not work.held:
        page.empty("You hold no case.", next_step="The queue gives you the best next one.")
        navigation.link_to("queue", label="To the queue")
        return
    page.live(lambda: _held_list(len(work.held)), key="my_work_held", seconds=REFRESH_SECONDS)


def _held_list(shown: int) -> None:
    held = _load().held
    if len(held) != shown or _TAKEN in st.session_state or has_failed(place=PLACE):
        st.rerun()
    for one in held:
        _held_case(one)


def _held_case(one: HeldCase) -> None:
    case = one.case
    with _row(case, state=_left(case)):
        _continue(case, label="Continue")
        st.button("Hold longer", key=f"extend_{case.id}", on_click=_extend, args=(one,))
        st.button("Give back", key=f"release_{case.id}", on_click=_release, args=(one,))


def _waiting(work: MyWork) -> None:
    if not work.awaiting_information:
        page.empty("You wait for no information.", next_step="Cases you asked about stand here.")
    for case in work.awaiting_information:
        with _row(case, state="information asked for"):
            _continue(case, label="Decide now")


def _snoozed(work: MyWork) -> None:
    if not work.snoozed:
        page.empty("You put no case away.", next_step="S in the queue snoozes a case.")
    for case in work.snoozed:
        with _row(case, state=_until(case)):
            _continue(case, label="Wake now")


def _returned(work: MyWork) -> None:
    if not work.returned:
        page.empty("Nothing came back to you.", next_step="Cases you decided that wait again do.")
    for case in work.returned:
        with _row(case, state="waits for a decision again"):
            _continue(case, label="Decide again")


def _row(case: CaseSummary, *, state: str) -> st.delta_generator.DeltaGenerator:
    """Draw the line of a case; what follows stands beside it."""
    facts = (
        case.client_name,
        formats.money(case.amount_minor, currency=case.currency),
        formats.due(case.due_at, now=clock.now()),
    )
    with st.container(key=f"row_{case.id}", border=True):
        line, acts = st.columns([3, 2], vertical_alignment="center")
        line.html(template("case_line.html.jinja").render(case=case, facts=facts, state=state))
        buttons = acts.container(
            horizontal=True, horizontal_alignment="right", vertical_alignment="center"
        )
        with buttons:
            navigation.link_to_case(case.id)
    return buttons


def _left(case: CaseSummary) -> str:
    if case.lease_expires_at is None:
        return "held"
    left = case.lease_expires_at - clock.now()
    until = formats.clock(case.lease_expires_at, zone=session.zone())
    return f"held until {until}, {formats.distance(left)} left"


def _until(case: CaseSummary) -> str:
    if case.snoozed_until is None:
        return "snoozed"
    until = formats.instant(case.snoozed_until, zone=session.zone())
    return f"snoozed until {until}" + (f" · {case.boost}" if case.boost else "")


def _continue(case: CaseSummary, *, label: str) -> None:
    """Put the case on the desk, and go there."""
    st.button(
        label, key=f"continue_{case.id}", type="primary", on_click=_take, args=(case.id,)
    )  # fmt: skip


def _take(case_id: str) -> None:
    if attempt(lambda: session.desk().workbench.take(case_id), place=PLACE):
        st.session_state[_TAKEN] = True


def _extend(one: HeldCase) -> None:
    desk = session.desk()
    attempt(lambda: desk.client.extend_lease(one.case.id, lease_token=one.lease_token), place=PLACE)


def _release(one: HeldCase) -> None:
    desk = session.desk()
    attempt(lambda: desk.workbench.give_back(one.case.id, lease_token=one.lease_token), place=PLACE)


def _today(work: MyWork) -> None:
    day(work.day)


def _told(_work: MyWork) -> None:
    notifications()


def _decided(_work: MyWork) -> None:
    decisions()


def _away(_work: MyWork) -> None:
    absence()


_TABS: dict[str, Callable[[MyWork], None]] = {
    "Held": _held,
    "Waiting": _waiting,
    "Snoozed": _snoozed,
    "Returned": _returned,
    "Notifications": _told,
    "Decisions": _decided,
    "My day": _today,
    "Absence": _away,
}
_TABS_OF_READERS = ("Notifications", "Absence")
"""Whoever decides nothing holds nothing."""
