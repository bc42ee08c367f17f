"""When I am away, and who stands in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import streamlit as st

from review_app import clock, formats, session
from review_app.attempts import attempt, show_failure
from review_app.components import page
from review_app.notices import plain
from service.wire.my_work import Absence, AbsenceRequest
from service.wire.talk import Colleague

PLACE = "absence"
ONE_DAY = timedelta(days=1)
LONGEST = timedelta(days=365)


def absence() -> None:
    """Show the absence as it stands, and the form that changes it."""
    show_failure(place=PLACE)
    client = session.desk().client
    stands = client.absence()
    _say(stands)
    others = [one for one in client.colleagues().colleagues if one.id != session.desk().me.id]
    by_id = {one.id: one for one in others}
    today = clock.now().astimezone(session.zone()).date()
    start, end = _days(stands) or (today, today)
    earliest = min(start, today)
    with st.form("absence", border=False):
        first, last, deputy = st.columns(3)
        first.date_input("First day away", value=start, min_value=earliest, format="DD/MM/YYYY",
                         max_value=today + LONGEST, key="absence_from")  # fmt: skip
        last.date_input("Last day away", value=end, min_value=earliest, format="DD/MM/YYYY",
                        max_value=today + LONGEST, key="absence_until")  # fmt: skip
        deputy.selectbox("Stands in for me", list(by_id), index=None, key="absence_deputy",
                         placeholder="Whoever has my role",
                         format_func=lambda person_id: _name(by_id[person_id]))  # fmt: skip
        st.caption(
            "While you are away your cases go back to the queue, colleagues who mention you are "
            f"told, and approvals also go to whoever stands in. Days count in {_zone()}."
        )
        st.form_submit_button("Save absence", key="absence_save", on_click=_save)
    if stands.absent_until is not None:
        st.button("I am back", key="absence_end", on_click=_end)


def _say(stands: Absence) -> None:
    days = _days(stands)
    if days is None:
        page.empty("You are not away.")
        return
    first, last = (formats.full_day(day) for day in days)
    deputy = f" {stands.deputy_name} stands in." if stands.deputy_name else ""
    words = "You are away" if stands.is_absent else "You will be away"
    st.info(plain(f"{words} from {first} to {last}.{deputy}"), icon=":material/event_busy:")


def _days(stands: Absence) -> tuple[date, date] | None:
    """Give the first and the last day in the reader's zone."""
    if stands.absent_from is None or stands.absent_until is None:
        return None
    zone = session.zone()
    end = stands.absent_until.astimezone(zone).date()
    return stands.absent_from.astimezone(zone).date(), end - ONE_DAY


def _save() -> None:
    first: date = st.session_state["absence_from"]
    last: date = st.session_state["absence_until"]
    request = AbsenceRequest(
        absent_from=midnight(first),
        absent_until=midnight(last + ONE_DAY),
        deputy_id=st.session_state["absence_deputy"],
    )
    _send(request)


def _end() -> None:
    _send(AbsenceRequest())


def _send(request: AbsenceRequest) -> None:
    attempt(lambda: session.desk().client.set_absence(request), place=PLACE)


def midnight(day: date) -> datetime:
    """Give the beginning of a day in the reader's zone, in UTC."""
    return datetime.combine(day, time(), tzinfo=session.zone()).astimezone(UTC)


def _zone() -> str:
    return str(session.zone())


def _name(one: Colleague) -> str:
    return one.name
