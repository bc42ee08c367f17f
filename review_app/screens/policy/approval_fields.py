"""The part of the policy's form that says who must approve what, and who owns which client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from data.definitions import explain
from data.policy_words import definition_name, title
from data.schemas.approval_policy import ApprovalPolicy, ApprovalRule
from data.schemas.vocabulary import ApprovalKind, Role
from review_app import formats
from review_app.notices import plain

OWNER = "client_owner:"
"""Before a role: only the person named for the client, where one is."""
APPROVERS = [
    role.value
    for role in (
        Role.APPROVER, Role.OPERATIONS_LEADER, Role.RESOURCE_MANAGER, Role.INTEGRATION_OWNER,
        Role.ADMIN,
    )
]  # fmt: skip
ASKED = [*APPROVERS, *(OWNER + role for role in APPROVERS)]
ANY_CURRENCY = "every currency"
IN_TURN, ANY_ORDER = "one after another", "in any order"
MOST_MAJOR, MOST_HOURS = 1_000_000_000, 24 * 90


def approval_fields(in_force: ApprovalPolicy, *, key: str) -> Mapping[str, Any]:
    """Draw both tables, and give what they say as a policy reads it."""
    st.markdown("**Approvals**")
    return {"rules": _rules(in_force, key=key), "owners": _owners(in_force, key=key)}


def _rules(in_force: ApprovalPolicy, *, key: str) -> tuple[Mapping[str, Any], ...]:
    _told("approvals.rules")
    rows = st.data_editor(
        [_row(one) for one in in_force.rules] or _empty_rule(),
        key=f"{key}_approval_rules",
        num_rows="dynamic",
        column_config={
            "What": st.column_config.SelectboxColumn(
                options=[one.value for one in ApprovalKind], format_func=_words
            ),
            "From amount": st.column_config.NumberColumn(
                min_value=0, max_value=MOST_MAJOR, step=1, default=0
            ),
            "Currency": st.column_config.TextColumn(default=ANY_CURRENCY),
            "Who must say yes": st.column_config.MultiselectColumn(
                options=ASKED, format_func=_words
            ),
            "Order": st.column_config.SelectboxColumn(
                options=[IN_TURN, ANY_ORDER], default=IN_TURN
            ),
            "Reminded every (h)": _hours(8),
            "Others too after (h)": _hours(16),
            "Who then": st.column_config.SelectboxColumn(
                options=APPROVERS, default=Role.APPROVER.value, format_func=_words
            ),
        },
    )
    return tuple(_rule(one) for one in rows if one["What"])


def _owners(in_force: ApprovalPolicy, *, key: str) -> tuple[Mapping[str, str], ...]:
    _told("approvals.owners")
    rows = st.data_editor(
        [{"Client": one.client_id, "Person": one.person_id} for one in in_force.owners]
        or [{"Client": "", "Person": ""}],
        key=f"{key}_client_owners",
        num_rows="dynamic",
    )
    return tuple(
        {"client_id": one["Client"].strip(), "person_id": (one["Person"] or "").strip()}
        for one in rows
        if (one["Client"] or "").strip()
    )


def _row(rule: ApprovalRule) -> dict[str, Any]:
    return {
        "What": rule.kind.value,
        "From amount": rule.from_major,
        "Currency": rule.currency or ANY_CURRENCY,
        "Who must say yes": [
            (OWNER if one.is_client_owner else "") + one.role.value for one in rule.approvers
        ],
        "Order": IN_TURN if rule.is_in_turn else ANY_ORDER,
        "Reminded every (h)": rule.remind_hours,
        "Others too after (h)": rule.respond_hours,
        "Who then": rule.escalate_to.value,
    }


def _empty_rule() -> list[dict[str, Any]]:
    """A line to begin with: an editor without rows would have no columns."""
    return [
        {
            "What": None, "From amount": 0, "Currency": ANY_CURRENCY, "Who must say yes": [],
            "Order": IN_TURN, "Reminded every (h)": 8, "Others too after (h)": 16,
            "Who then": Role.APPROVER.value,
        }
    ]  # fmt: skip


def _rule(row: Mapping[str, Any]) -> Mapping[str, Any]:
    currency = (row["Currency"] or ANY_CURRENCY).strip()
    return {
        "kind": ApprovalKind(row["What"]),
        "from_major": int(row["From amount"] or 0),
        "currency": None if currency == ANY_CURRENCY else currency,
        "approvers": _approvers(row["Who must say yes"] or ()),
        "is_in_turn": row["Order"] != ANY_ORDER,
        "remind_hours": int(row["Reminded every (h)"] or 8),
        "respond_hours": int(row["Others too after (h)"] or 16),
        "escalate_to": Role(row["Who then"] or Role.APPROVER),
    }


def _approvers(named: Sequence[str]) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {"role": Role(one.removeprefix(OWNER)), "is_client_owner": one.startswith(OWNER)}
        for one in named
    )


def _told(path: str) -> None:
    st.caption(plain(f"{title(path)}: {explain(definition_name(path))}"))


def _hours(usual: int) -> Any:  # noqa: ANN401 - Streamlit's columns share no public type
    return st.column_config.NumberColumn(min_value=1, max_value=MOST_HOURS, step=1, default=usual)


def _words(code: object) -> str:
    return formats.words(str(code).replace(OWNER, "client's owner: "))
