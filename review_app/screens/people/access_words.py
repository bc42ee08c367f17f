"""Who may what, in words; what the API lets through is the truth, and a test compares the two."""

from __future__ import annotations

from dataclasses import dataclass

from data.schemas.vocabulary import Role

_R = Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Ability:
    """One thing people do, and the roles that may."""

    words: str
    roles: frozenset[Role]


ABILITIES: tuple[Ability, ...] = (
    Ability(words="Read cases and contracts on their side of the wall",
            roles=frozenset(Role)),
    Ability(words="Decide cases of the queue, alone or in bulk",
            roles=frozenset({_R.REVIEWER, _R.APPROVER})),
    Ability(words="Give a second verdict, and settle two that differ",
            roles=frozenset({_R.APPROVER})),
    Ability(words="Confirm clauses read out of contracts",
            roles=frozenset({_R.APPROVER, _R.ADMIN})),
    Ability(words="Change clients, contracts, people and projects",
            roles=frozenset({_R.INTEGRATION_OWNER, _R.ADMIN})),
    Ability(words="Import items, from files or by hand",
            roles=frozenset({_R.INTEGRATION_OWNER, _R.ADMIN})),
    Ability(words="Have models trained, promoted or rolled back",
            roles=frozenset({_R.DATA_SCIENTIST, _R.ADMIN})),
    Ability(words="Search and verify the audit trail",
            roles=frozenset({_R.AUDITOR, _R.DATA_SCIENTIST, _R.ADMIN})),
    Ability(words="See who has access", roles=frozenset({_R.ADMIN, _R.AUDITOR})),
    Ability(words="Give and take access, and keys for workflows", roles=frozenset({_R.ADMIN})),
)  # fmt: skip

ROLE_WORDS: dict[Role, str] = {
    Role.REVIEWER: "Reviewer",
    Role.APPROVER: "Approver",
    Role.AUDITOR: "Auditor",
    Role.DATA_SCIENTIST: "Data scientist",
    Role.OPERATIONS_LEADER: "Operations leader",
    Role.RESOURCE_MANAGER: "Resource manager",
    Role.INTEGRATION_OWNER: "Integration owner",
    Role.ADMIN: "Administrator",
}
