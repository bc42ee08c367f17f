"""The review policy: what is in force, what would change, and the second person who publishes."""

from __future__ import annotations

import streamlit as st

from data.policy_words import changes, in_words
from review_app import formats, navigation, session
from review_app.components import page
from review_app.components.plain_table import plain_table
from review_app.notices import problems_shown
from review_app.screens.policy.policy_drafts import (
    changes_table,
    effect_of,
    history,
    waiting_drafts,
)
from review_app.screens.policy.policy_form import drafted_policy
from service.wire.models import CertificateView
from service.wire.policies import MAX_NOTE, PolicyView

DRAFT = "draft"
"""The part of the address that names a draft."""


def policy() -> None:
    """Show the policy in force, its drafts and its history; `?draft=` brings one draft first."""
    desk = session.desk()
    view = desk.client.policy()
    page.head("Policy", facts=_standing(view))
    # No wall can cut what drafts and versions tell: whoever is behind one reads what is in force.
    drafts = () if desk.me.has_wall else desk.client.policy_drafts().drafts
    if not desk.me.has_wall:
        named = st.query_params.get(DRAFT, "")
        waiting_drafts(drafts, may_change=view.may_i_draft, named=named)
    _in_force(view)
    _promises(view)
    if view.may_i_draft:
        _drafting(view)
    else:
        st.caption("Approvers and administrators draft changes; a second one publishes them.")
    if not desk.me.has_wall:
        history(desk.client.policy_versions().versions, drafts)


def _standing(view: PolicyView) -> tuple[tuple[str, str], ...]:
    if view.published_at is None:
        return (("Standard policy", "· in force until two people put another in its place"),)
    at = formats.instant(view.published_at, zone=session.zone())
    return (
        (f"Version {view.version}", "in force"),
        ("", f"since {at}"),
        ("", f"drafted by {view.author_name}, published by {view.publisher_name}"),
    )


def _in_force(view: PolicyView) -> None:
    page.section("In force")
    plain_table(
        ("Limit", "Value", "What it does"),
        [(one.title, one.value, one.meaning) for one in view.limits],
        caption="Amounts are in whole units of each contract's own currency.",
    )


def _promises(view: PolicyView) -> None:
    page.section("What the models promise", help_name="certificate")
    st.caption(
        "Which items are cleared without a person is no part of this policy: the thresholds are "
        "certified with the models, travel with them, and change when other models are promoted."
    )
    if view.bundle is None:
        page.empty("No models are in force: rules alone, and nothing is cleared without a person.")
    elif not view.promises:
        page.empty(f"The models {view.bundle} promise nothing, so that nothing is cleared.")
    else:
        plain_table(
            ("Segment", "Cleared up to", "At most wrong, of items", "Of money", "Until", "State"),
            [_promise(one) for one in view.promises],
            caption=f"Models in force: {view.bundle}",
            right=("Cleared up to", "At most wrong, of items", "Of money"),
        )
    navigation.link_to("models", label="Models", icon=":material/model_training:")


def _promise(one: CertificateView) -> tuple[str, ...]:
    threshold = "nothing" if one.threshold is None else formats.percent(one.threshold)
    return (
        one.segment,
        threshold,
        formats.percent(one.alpha_cases),
        formats.percent(one.alpha_money),
        formats.full_day(one.expires_at),
        "in force" if one.is_in_force else "not in force",
    )


def _drafting(view: PolicyView) -> None:
    page.section("Draft a change")
    st.caption("It has no effect until another approver or administrator publishes it.")
    drafted = drafted_policy(view.policy, version=view.version)
    if drafted is None:
        return
    changed = changes(view.policy, drafted)
    if not changed:
        page.empty("Nothing is changed yet.", next_step="Change a limit above.")
        return
    changes_table(changed, caption=f"{len(changed)} of {len(in_words(drafted))} limits change")
    effect_of(drafted, key="new")
    note = st.text_area(
        "Why", key=f"policy_{view.version}_note", max_chars=MAX_NOTE, height=80,
        placeholder="What happened, and what the change is to mend",
    )  # fmt: skip
    if st.button("Propose", key="policy_propose", type="primary", disabled=not note.strip()):
        with problems_shown():
            made = session.desk().client.draft_policy(drafted, note=note)
            page.done(f"{made.id} waits for a second person.")
    if not note.strip():
        st.caption("Say why; whoever publishes it reads it.")
