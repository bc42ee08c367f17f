"""Which decisions take effect only once named people have approved them, and in which order."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from data.schemas.values import ContradictionError, Currency, Identifier, Record
from data.schemas.vocabulary import ApprovalKind, Role

MOST_RULES = 100
MOST_APPROVERS = 5
MOST_OWNERS = 2_000
ResponseHours = Annotated[int, Field(ge=1, le=24 * 90)]
"""Working hours."""
FromMajor = Annotated[int, Field(ge=0, le=1_000_000_000)]
"""Whole currency units, whatever the currency."""


class Approver(Record):
    """Who must say yes: anybody of a role, or the one person named for the client."""

    role: Role
    is_client_owner: bool = False
    """Only the client's owner will do, where the policy names one; without one the role does."""


class ApprovalRule(Record):
    """Which decisions of one kind need whose approval, and how long that may take."""

    kind: ApprovalKind
    from_major: FromMajor = 0
    """Applies from this amount on; of several rules that of the largest amount applies."""
    currency: Currency | None = None
    """None speaks of every currency; a rule of one currency outranks it."""
    approvers: Annotated[tuple[Approver, ...], Field(min_length=1, max_length=MOST_APPROVERS)]
    """All of them must say yes, each a different person."""
    is_in_turn: bool = True
    """One after another as listed; otherwise in any order."""
    remind_hours: ResponseHours = 8
    """Working hours after which those who are asked are reminded, again and again."""
    respond_hours: ResponseHours = 16
    """Working hours after which the role in `escalate_to` may answer as well."""
    escalate_to: Role = Role.APPROVER


class ClientOwner(Record):
    """Who answers for a client in the firm."""

    client_id: Identifier
    person_id: Identifier


class ApprovalPolicy(Record):
    """Every rule of approval, and who owns which client."""

    rules: Annotated[tuple[ApprovalRule, ...], Field(max_length=MOST_RULES)] = ()
    owners: Annotated[tuple[ClientOwner, ...], Field(max_length=MOST_OWNERS)] = ()

    @model_validator(mode="after")
    def _says_each_thing_once(self) -> ApprovalPolicy:
        spoken_of = [(one.kind, one.currency, one.from_major) for one in self.rules]
        if len(set(spoken_of)) < len(spoken_of):
            raise ContradictionError(
                "holds two rules of the same kind, currency and amount; keep one of them",
                field="rules",
                value=len(spoken_of),
            )
        if len({one.client_id for one in self.owners}) < len(self.owners):
            raise ContradictionError(
                "names two owners of one client; keep one", field="owners", value=len(self.owners)
            )
        return self

    def owner_of(self, client_id: str) -> str | None:
        """Give the person who answers for a client, None where nobody is named."""
        return next((one.person_id for one in self.owners if one.client_id == client_id), None)
