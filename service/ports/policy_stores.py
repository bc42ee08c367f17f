"""What is kept of the review policy: drafts, and every version that was ever in force."""

from __future__ import annotations

from typing import Protocol

from data.schemas.review_policy import ReviewPolicy
from service.domain.policy_draft import PolicyDraft, PolicyVersion
from service.domain.policy_effect import OpenWork


class PolicyStore(Protocol):
    """The review policy; the newest version is in force."""

    def in_force(self) -> ReviewPolicy:
        """Give the policy in force: the standard one until somebody publishes another."""
        ...

    def version(self) -> int:
        """Give the number of the version in force, 0 for the standard policy."""
        ...

    def versions(self) -> list[PolicyVersion]:
        """Give every version that was ever published, newest first."""
        ...

    def publish(self, draft: PolicyDraft) -> PolicyVersion:
        """Append a published draft as the next version."""
        ...

    def add_draft(self, draft: PolicyDraft) -> None:
        """Store a new draft."""
        ...

    def draft(self, draft_id: str) -> PolicyDraft | None:
        """Give a draft."""
        ...

    def drafts(self, *, before: str | None, limit: int) -> list[PolicyDraft]:
        """Give the newest drafts, or those before one of them, newest first."""
        ...

    def settle(self, draft: PolicyDraft) -> None:
        """Write down that a draft was published or withdrawn."""
        ...

    def open_work(self) -> list[OpenWork]:
        """Give every case that is neither decided nor closed, as a policy looks at it."""
        ...
