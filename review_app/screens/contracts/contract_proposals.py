"""Proposed clauses, one by one beside the text they were read out of: confirm, correct, dismiss."""

from __future__ import annotations

import streamlit as st

from data.schemas.contracts import Contract
from data.schemas.proposals import Proposal, ProposalStatus
from data.schemas.vocabulary import Role
from review_app import formats, session
from review_app.components import page
from review_app.components.card import template
from review_app.notices import plain, problems_shown
from review_app.screens.contracts.clause_words import kind_words
from review_app.screens.contracts.contract_reading import have_read
from review_app.screens.contracts.contract_view import passage_of
from review_app.screens.contracts.proposal_form import confirm_form
from service.client import ApiProblem

CHOSEN = "proposal"
MOST = 200
"""Proposals fetched at once; whoever settles these is shown the next."""
NOT_FOUND = 404


def proposals(contract: Contract) -> None:
    """Show the proposal that the address names, or the first that nobody settled."""
    waiting = (
        session.desk()
        .client.proposals(contract.id, status=ProposalStatus.PROPOSED, limit=MOST)
        .proposals
    )
    have_read(contract, is_open=not waiting)
    if not waiting:
        page.empty(
            "No clause waits for your word.",
            next_step="Have the contract's text read, and its clauses stand here.",
        )
    else:
        _one(waiting, contract)
    _settled(contract)


def _one(waiting: tuple[Proposal, ...], contract: Contract) -> None:
    ids = [one.id for one in waiting]
    name = st.query_params.get(CHOSEN)
    place = ids.index(name) if name in ids else 0
    proposal = waiting[place]
    following = ids[(place + 1) % len(ids)] if len(ids) > 1 else ""
    _turner(place, ids)
    text, form = st.columns([3, 2], gap="medium")
    with text:
        _source(proposal, contract)
    with form:
        _proposal(proposal)
        if {Role.APPROVER, Role.ADMIN} & set(session.desk().me.roles):
            confirm_form(proposal, contract, following=following)
            _dismiss(proposal, following=following)
        else:
            st.caption("Approvers and administrators confirm clauses; you read here.")


def _turner(place: int, ids: list[str]) -> None:
    def turn(to: str) -> None:
        st.query_params[CHOSEN] = to

    has_keys = session.desk().me.preferences.are_keys_on
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{place + 1} of {len(ids)}** to confirm")
        st.button("Previous", key="proposal_previous", on_click=turn,
                  args=(ids[place - 1],), disabled=len(ids) == 1,
                  shortcut="K" if has_keys else None)  # fmt: skip
        st.button("Next", key="proposal_next", on_click=turn,
                  args=(ids[(place + 1) % len(ids)],), disabled=len(ids) == 1,
                  shortcut="J" if has_keys else None)  # fmt: skip


def _source(proposal: Proposal, contract: Contract) -> None:
    source = proposal.draft.source
    try:
        document = session.desk().client.contract_document(
            contract.id, sha256=source.document_sha256
        )
    except ApiProblem as error:
        if error.problem.status != NOT_FOUND:
            raise
        page.quote(proposal.draft.text)
        st.caption(
            f"Page {source.page}. The document was read before texts were kept; have it read "
            "again to see the passage in its place."
        )
        return
    st.html(template("passage.html.jinja").render(passage=passage_of(document.text, source)))


def _proposal(proposal: Proposal) -> None:
    draft = proposal.draft
    page.section(kind_words(draft.kind))
    st.caption(
        plain(
            f"Page {draft.source.page} · read by {draft.proposed_by}, "
            f"{formats.percent(draft.confidence)} sure · {proposal.id}"
        ),
        help="A person confirms every clause before it holds.",
    )
    if draft.missing:
        # Fields of money end in their unit, which is the machine's and not the reader's.
        missing = ", ".join(
            formats.words(one.removesuffix("_minor")).lower() for one in draft.missing
        )
        st.warning(plain(f"The text does not give {missing}; write it below."))


def _dismiss(proposal: Proposal, *, following: str) -> None:
    reason = page.asked_reason(
        "Dismiss",
        key=f"dismiss_{proposal.id}",
        question="Why is this no clause of the contract? Nothing of it comes into force.",
        icon=":material/close:",
    )
    if reason is None:
        return
    with problems_shown():
        session.desk().client.dismiss_clause(proposal.id, reason=reason)
        st.query_params[CHOSEN] = following
        page.done(f"{kind_words(proposal.draft.kind)} was dismissed.")


def _settled(contract: Contract) -> None:
    client = session.desk().client
    with st.expander("Settled before"):
        found = [
            one
            for status in (ProposalStatus.CONFIRMED, ProposalStatus.DISMISSED)
            for one in client.proposals(contract.id, status=status, limit=page.PAGE).proposals
        ]
        if not found:
            st.caption("Nobody has settled anything of this contract yet.")
            return
        page.table({one.id: _row(one) for one in found}, key="proposals_settled")


def _row(one: Proposal) -> dict[str, str]:
    at = one.settled_at
    return {
        "Clause": kind_words(one.draft.kind),
        "What became of it": formats.words(one.status),
        "By": one.settled_by or "",
        "At": formats.instant(at, zone=session.zone()) if at else "",
        "Reason": one.reason,
        "Text": " ".join(one.draft.text.split())[:160],
    }
