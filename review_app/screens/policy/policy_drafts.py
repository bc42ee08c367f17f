"""Drafts of the review policy: what each would change, and the second person who publishes it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.policy_words import Change
from data.schemas.review_policy import ReviewPolicy
from data.schemas.vocabulary import DraftStatus, Lane
from review_app import formats, session
from review_app.components import page
from review_app.components.plain_table import plain_table
from review_app.notices import plain, problems_shown
from service.wire.policies import DraftView, PolicyEffect, PolicyVersionView

_EFFECT = "policy_effect"


def waiting_drafts(drafts: Sequence[DraftView], *, may_change: bool, named: str) -> None:
    """Draw the drafts that wait for a second person; the one that a link names comes first."""
    page.section("Waiting for a second person")
    waiting = [one for one in drafts if one.status is DraftStatus.WAITING]
    if not waiting:
        page.empty("No draft waits.", next_step="A change begins with a draft, below.")
    for one in sorted(waiting, key=lambda draft: draft.id != named):
        with st.container(border=True, key=f"draft_{one.id}"):
            _draft(one, may_change=may_change)


def changes_table(changes: Sequence[Change], *, caption: str) -> None:
    """Draw what would change: each limit before and after, with what it means."""
    plain_table(
        ("Limit", "Before", "After", "What it does"),
        [(one.title, one.before, one.after, one.meaning) for one in changes],
        caption=caption,
    )


def effect_of(policy: ReviewPolicy, *, key: str) -> None:
    """Draw a button that tells what a policy would change for the open cases, and the answer."""
    if st.button("What would it change now?", key=f"effect_{key}"):
        with problems_shown():
            st.session_state[_EFFECT] = (policy, session.desk().client.policy_effect(policy))
    shown = st.session_state.get(_EFFECT)
    if shown is not None and shown[0] == policy:
        _effect(shown[1])


def history(versions: Sequence[PolicyVersionView], drafts: Sequence[DraftView]) -> None:
    """Draw every version there was, and the drafts that were put aside."""
    page.section("History")
    if not versions:
        page.empty("The standard policy is in force; nobody has published another yet.")
    for one in versions:
        at = formats.instant(one.published_at, zone=session.zone())
        with st.expander(plain(f"Version {one.version} · {at} · {one.publisher_name}")):
            st.markdown(
                plain(
                    f"Drafted by {one.author_name}, published by {one.publisher_name}. {one.note}"
                )
            )
            changes_table(one.changes, caption="Against the version before")
    withdrawn = [one for one in drafts if one.status is DraftStatus.WITHDRAWN]
    if withdrawn:
        plain_table(
            ("Draft", "By", "Withdrawn by", "When", "Why it was drafted"),
            [
                (
                    one.id,
                    one.author_name,
                    one.settled_by_name or "",
                    formats.instant(one.settled_at, zone=session.zone()) if one.settled_at else "",
                    one.note,
                )
                for one in withdrawn
            ],
            caption="Drafts that were withdrawn",
        )


def _draft(one: DraftView, *, may_change: bool) -> None:
    at = formats.instant(one.drafted_at, zone=session.zone())
    st.markdown(f"**{plain(one.author_name)}** · {plain(at)} · {plain(one.id)}")
    st.markdown(plain(one.note))
    changes_table(one.changes, caption="What it would change")
    if not may_change:
        return
    effect_of(one.policy, key=one.id)
    buttons = st.container(horizontal=True)
    _publish(one, place=buttons)
    _withdraw(one, place=buttons)
    if one.why_not is not None:
        st.caption(plain(f"You cannot publish this draft. {one.why_not}"))


def _publish(one: DraftView, *, place: DeltaGenerator) -> None:
    is_confirmed = page.asked_confirmation(
        "Publish",
        key=f"publish_{one.id}",
        place=place,
        question="It holds for everybody from the next claim and decision on.",
        disabled=not one.may_i_publish,
        help=one.why_not,
        type="primary",
    )
    if is_confirmed:
        with problems_shown():
            view = session.desk().client.publish_policy(one.id)
            page.done(f"Version {view.version} of the policy is in force.")


def _withdraw(one: DraftView, *, place: DeltaGenerator) -> None:
    is_confirmed = page.asked_confirmation(
        "Withdraw",
        key=f"withdraw_{one.id}",
        place=place,
        question="It is put aside for good; the trail keeps that it was there.",
    )
    if is_confirmed:
        with problems_shown():
            session.desk().client.withdraw_policy(one.id)
            page.done("The draft was withdrawn.")


def _effect(effect: PolicyEffect) -> None:
    rows = (
        ("Need a second person if approved as they stand",
         effect.now.four_eyes, effect.then.four_eyes),
        ("Ask for the person's own call first, by amount",
         effect.now.own_call, effect.then.own_call),
        ("Are late", effect.now.late, effect.then.late),
    )  # fmt: skip
    plain_table(
        ("Open cases that", "Now", "With the draft", "Difference"),
        [
            (words, str(now), str(then), f"{then - now:+d}" if then != now else "0")
            for words, now, then in rows
        ],
        caption=f"Of the {effect.open_cases} cases that are open now",
        right=("Now", "With the draft", "Difference"),
    )
    plain_table(
        ("Share of minutes for", "Now", "With the draft"),
        [(_LANES[one.lane], _share(one.now), _share(one.then)) for one in effect.minutes],
        caption="Of reviewers' minutes, while every lane has work",
        right=("Now", "With the draft"),
    )


def _share(share: float) -> str:
    return f"{share * 100:.0f} %"


_LANES = {
    Lane.INDEX: "Cases in the order of value",
    Lane.RETURNED: "What is due or came back",
    Lane.AUDIT: "Random checks",
    Lane.DOUBLE: "Blind second reviews",
    Lane.GOLD: "Practice cases",
}
