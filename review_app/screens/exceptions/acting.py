"""What can be done about failed postings that are selected: again, to somebody else, or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.schemas.vocabulary import Role
from review_app import session
from review_app.components import page
from review_app.components.colleagues import asked_colleague
from review_app.work.outbox import UNAUTHORIZED
from service.client import ApiProblem
from service.wire.cases import PostingView

MENDERS = frozenset({Role.INTEGRATION_OWNER, Role.ADMIN})


def act_on(chosen: Sequence[PostingView]) -> None:
    """Draw the buttons for the postings selected, as far as the person may use them."""
    roles = set(session.desk().me.roles)
    bar = st.container(horizontal=True)
    if may_mend():
        _retry(chosen, bar)
        _assign(chosen, bar)
    if may_mend() or Role.APPROVER in roles:
        _discard(chosen, bar)
    else:
        st.caption("You read here; integration owners act on exceptions.")


def may_mend() -> bool:
    """Say whether the person may have postings tried again, edited and given to somebody."""
    return bool(MENDERS & set(session.desk().me.roles))


def retry_all_of(code: str, *, count: int) -> None:
    """Draw the button that tries everything again that failed for one reason."""
    if not may_mend():
        return
    reason = page.asked_reason(
        f"Try all {count} again",
        key="exceptions_retry_all",
        question="What was mended? Every bill with this reason goes out again under the key it "
        "always had, so none can stand in the ledger twice.",
        icon=":material/replay:",
    )
    if reason is not None:
        told = session.desk().client.retry_alike(code, reason=reason)
        left = f" {told.left} are left; try them again in a moment." if told.left else ""
        page.done(f"{told.retried} are tried again.{left}")


def _retry(chosen: Sequence[PostingView], bar: DeltaGenerator) -> None:
    client = session.desk().client
    reason = page.asked_reason(
        f"Try again ({len(chosen)})",
        key="exceptions_retry",
        question="What was mended? The bill goes out again under the key it always had, so it "
        "cannot stand in the ledger twice.",
        place=bar,
        icon=":material/replay:",
    )
    if reason is not None:
        _each(chosen, lambda one: client.retry_posting(one.id, reason=reason), done="tried again")


def _assign(chosen: Sequence[PostingView], bar: DeltaGenerator) -> None:
    client = session.desk().client
    owner = asked_colleague("exceptions", place=bar)
    if owner is not None:
        _each(
            chosen,
            lambda one: client.assign_posting(one.id, person_id=owner.id),
            done=f"given to {owner.name}",
        )


def _discard(chosen: Sequence[PostingView], bar: DeltaGenerator) -> None:
    client = session.desk().client
    reason = page.asked_reason(
        f"Discard ({len(chosen)})",
        key="exceptions_discard",
        question="The bill never leaves from here. Discard only what is billed otherwise, or "
        "never will be. From the four-eyes limit on this takes an approver.",
        place=bar,
        icon=":material/delete:",
    )
    if reason is not None:
        _each(chosen, lambda one: client.discard_posting(one.id, reason=reason), done="discarded")


def _each(
    chosen: Sequence[PostingView], act: Callable[[PostingView], PostingView], *, done: str
) -> None:
    """Act on one after the other; each answers for itself."""
    refused = []
    for one in chosen:
        try:
            act(one)
        except ApiProblem as error:
            if error.problem.status == UNAUTHORIZED:
                raise
            refused.append(f"{one.item_id}: {error.problem.detail}")
    told = f"{len(chosen) - len(refused)} of {len(chosen)} {done}."
    page.done(told, trouble=refused)
