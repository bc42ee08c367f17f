"""The form in which a change of the review policy is drafted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

import streamlit as st
from pydantic import ValidationError

from data.definitions import explain
from data.policy_words import WEEKDAYS, definition_name, title, value
from data.schemas.batch import problems
from data.schemas.review_policy import ReviewPolicy, TimeoutRule
from data.schemas.vocabulary import ItemKind, TimeoutAction
from review_app import formats
from review_app.notices import plain
from review_app.screens.policy.approval_fields import approval_fields

EVERY_KIND = "every kind"
MOST_MAJOR = 1_000_000_000
MOST_SHARE = 50.0
MOST_HOURS = 24 * 90


def drafted_policy(in_force: ReviewPolicy, *, version: int) -> ReviewPolicy | None:
    """Draw a field for every limit, and give the policy they make; None while it is no policy.

    A newer version in force begins a new form.
    """
    form = _Form(in_force, version=version)
    said = {
        **_second_people(form),
        **_what_people_are_told(form),
        **_queue(form),
        **_times(form),
        "approvals": approval_fields(in_force.approvals, key=form.key("approvals")),
    }
    try:
        return ReviewPolicy.model_validate(said)
    except ValidationError as error:
        for one in problems(error):
            where = _name_of(one.field)
            st.warning(plain(f"{where}: {one.reason}."), icon=":material/warning:")
        return None


class _Form:
    """Fields whose first content is what is in force, with what each limit means as help."""

    def __init__(self, in_force: ReviewPolicy, *, version: int) -> None:
        self.in_force = in_force
        self._version = version

    def key(self, path: str) -> str:
        return f"policy_{self._version}_{path}"

    def words(self, path: str) -> dict[str, Any]:
        return {
            "label": title(path),
            "help": explain(definition_name(path)),
            "key": self.key(path),
        }

    def whole(self, path: str, *, least: int = 0, most: int = MOST_MAJOR, step: int = 1_000) -> int:
        found = st.number_input(
            **self.words(path), value=int(value(self.in_force, path)),
            min_value=least, max_value=most, step=step,
        )  # fmt: skip
        return int(found)

    def percent(self, path: str, *, least: float = 0.0, most: float = MOST_SHARE) -> float:
        words = self.words(path)
        words["label"] += " (%)"
        found = st.number_input(
            **words, value=round(value(self.in_force, path) * 100, 4),
            min_value=least, max_value=most, step=1.0, format="%g",
        )  # fmt: skip
        return round(float(found) / 100, 6)


def _second_people(form: _Form) -> Mapping[str, Any]:
    st.markdown("**Second people**")
    left, right = st.columns(2)
    with left:
        limit = form.whole("four_eyes_major")
        override = form.whole("four_eyes_override_major")
    with right:
        sure = form.percent("sure_probability", least=50.0, most=100.0)
        is_seconded = st.checkbox(
            **form.words("is_trainee_seconded"), value=form.in_force.is_trainee_seconded
        )
    return {
        "four_eyes_major": limit,
        "four_eyes_override_major": override,
        "sure_probability": sure,
        "is_trainee_seconded": is_seconded,
    }


def _what_people_are_told(form: _Form) -> Mapping[str, Any]:
    st.markdown("**Own judgement**")
    columns = st.columns(3)
    with columns[0]:
        own_call = form.whole("own_call_major")
    with columns[1]:
        at_random = form.percent("own_call_share")
    with columns[2]:
        hidden = form.percent("hidden_score_share")
    return {
        "own_call_major": own_call,
        "own_call_share": at_random,
        "hidden_score_share": hidden,
    }


def _queue(form: _Form) -> Mapping[str, Any]:
    st.markdown("**Queue**")
    columns = st.columns(3)
    with columns[0]:
        audit = form.percent("lanes.audit")
        most_cases = form.whole("bulk_most_cases", least=2, most=100, step=1)
    with columns[1]:
        double = form.percent("lanes.double")
        most_major = form.whole("bulk_most_major")
    with columns[2]:
        gold = form.percent("lanes.gold")
        cap = form.whole("value_cap_major")
    return {
        "lanes": {"audit": audit, "double": double, "gold": gold},
        "bulk_most_cases": most_cases,
        "bulk_most_major": most_major,
        "value_cap_major": cap,
    }


def _times(form: _Form) -> Mapping[str, Any]:
    st.markdown("**Time**")
    hours = form.in_force.working_hours
    columns = st.columns([2, 1, 1, 2])
    zones = sorted(available_timezones())
    zone = columns[0].selectbox(
        "Time zone", zones, index=zones.index(hours.zone), key=form.key("zone"),
        help=explain(definition_name("working_hours")),
    )  # fmt: skip
    start = columns[1].number_input(
        "From (hour)", value=hours.start_hour, min_value=0, max_value=23, key=form.key("start")
    )
    end = columns[2].number_input(
        "To (hour)", value=hours.end_hour, min_value=1, max_value=24, key=form.key("end")
    )
    days = columns[3].pills(
        "Working days", range(len(WEEKDAYS)), default=hours.weekdays, selection_mode="multi",
        format_func=WEEKDAYS.__getitem__, key=form.key("days"),
    )  # fmt: skip
    with st.columns(2)[0]:
        hold = form.whole("hold_escalated_after_hours", least=1, most=MOST_HOURS, step=1)
    return {
        "working_hours": {
            "zone": zone,
            "start_hour": int(start),
            "end_hour": int(end),
            "weekdays": tuple(sorted(days)),
        },
        "timeouts": _timeouts(form),
        "hold_escalated_after_hours": hold,
    }


def _timeouts(form: _Form) -> tuple[Mapping[str, Any], ...]:
    st.caption(plain(f"{title('timeouts')}: {explain(definition_name('timeouts'))}"))
    rows = st.data_editor(
        [_row(one) for one in form.in_force.timeouts],
        key=form.key("timeouts"),
        num_rows="dynamic",
        column_config={
            "Kind": st.column_config.SelectboxColumn(
                options=[EVERY_KIND, *(one.value for one in ItemKind)], default=EVERY_KIND,
                format_func=_words, required=True,
            ),
            "From amount": st.column_config.NumberColumn(
                min_value=0, max_value=MOST_MAJOR, step=1, default=0, required=True
            ),
            "Working hours": st.column_config.NumberColumn(
                min_value=1, max_value=MOST_HOURS, step=1, default=16, required=True
            ),
            "Then": st.column_config.SelectboxColumn(
                options=[one.value for one in TimeoutAction], default=TimeoutAction.ESCALATE.value,
                format_func=_words, required=True,
            ),
        },
    )  # fmt: skip
    return tuple(_rule(row) for row in rows)


def _row(rule: TimeoutRule) -> dict[str, Any]:
    return {
        "Kind": EVERY_KIND if rule.kind is None else rule.kind.value,
        "From amount": rule.from_major,
        "Working hours": rule.respond_hours,
        "Then": rule.on_timeout.value,
    }


def _rule(row: Mapping[str, Any]) -> Mapping[str, Any]:
    kind, then = row["Kind"] or EVERY_KIND, row["Then"] or TimeoutAction.ESCALATE.value
    return {
        "kind": None if kind == EVERY_KIND else ItemKind(kind),
        "from_major": int(row["From amount"] or 0),
        "respond_hours": int(row["Working hours"] or TimeoutRule().respond_hours),
        "on_timeout": TimeoutAction(then),
    }


def _words(code: object) -> str:
    return formats.words(str(code))


def _name_of(field: str) -> str:
    try:
        return title(field)
    except KeyError:
        return formats.words(field.partition(".")[0])
