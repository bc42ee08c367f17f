"""The review policy: read, drafted, and published by a second person."""

from __future__ import annotations

from data.schemas.review_policy import ReviewPolicy
from service.calls.http import DEFAULT_PAGE, ApiCalls, page_filters, segment
from service.wire.cases import MAX_PAGE
from service.wire.policies import (
    DraftPage,
    DraftRequest,
    DraftView,
    EffectRequest,
    PolicyEffect,
    PolicyVersionPage,
    PolicyView,
)


class PolicyCalls(ApiCalls):
    """The review policy: read, drafted, and published by a second person."""

    def policy(self) -> PolicyView:
        """Tell what is in force."""
        return self._get("/v1/policy", answer=PolicyView)

    def policy_versions(
        self, *, cursor: str | None = None, limit: int = MAX_PAGE
    ) -> PolicyVersionPage:
        """List every version that was ever published, newest first."""
        asked = page_filters(cursor, limit)
        return self._get("/v1/policy/versions", asked, answer=PolicyVersionPage)

    def policy_drafts(self, *, cursor: str | None = None, limit: int = DEFAULT_PAGE) -> DraftPage:
        """List drafts, newest first."""
        return self._get("/v1/policy/drafts", page_filters(cursor, limit), answer=DraftPage)

    def draft_policy(self, policy: ReviewPolicy, *, note: str) -> DraftView:
        """Propose a change."""
        request = DraftRequest(policy=policy, note=note)
        return self._post("/v1/policy/drafts", request, answer=DraftView)

    def publish_policy(self, draft_id: str) -> PolicyView:
        """Put a colleague's draft in force."""
        path = f"/v1/policy/drafts/{segment(draft_id)}/publish"
        return self._post(path, None, answer=PolicyView)

    def withdraw_policy(self, draft_id: str) -> DraftView:
        """Put a draft aside."""
        path = f"/v1/policy/drafts/{segment(draft_id)}/withdraw"
        return self._post(path, None, answer=DraftView)

    def policy_effect(self, policy: ReviewPolicy) -> PolicyEffect:
        """Tell what a policy would change for the cases that are open now."""
        request = EffectRequest(policy=policy)
        return self._post("/v1/policy/effect", request, answer=PolicyEffect)
