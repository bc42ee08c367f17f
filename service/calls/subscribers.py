"""Who is told of events, and how that fares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from service.calls.http import ApiCalls, page_filters, segment
from service.calls.seen import Seen
from service.wire.cases import MAX_PAGE
from service.wire.subscribers import (
    EventTypePage,
    ReplayRequest,
    SubscribeRequest,
    SubscriberPage,
    SubscriberSecretView,
    SubscriberView,
    TrialView,
)


class SubscriberCalls(ApiCalls):
    """Subscribers to events; for integration owners and administrators."""

    def event_types(self) -> EventTypePage:
        """List every type of event, with the JSON schema of what it says."""
        return self._get("/v1/event-types", answer=EventTypePage)

    def subscribers(self, *, cursor: str | None = None, limit: int = MAX_PAGE) -> SubscriberPage:
        """List who is told of events, oldest first."""
        return self._get("/v1/subscribers", page_filters(cursor, limit), answer=SubscriberPage)

    def subscriber(self, subscriber_id: str) -> SubscriberView:
        """Give one subscriber."""
        return self._get(f"/v1/subscribers/{segment(subscriber_id)}", answer=SubscriberView)

    def see_subscriber(self, subscriber_id: str) -> Seen[SubscriberView]:
        """Give one subscriber with its ETag, to be changed as it was seen."""
        return self._see(f"/v1/subscribers/{segment(subscriber_id)}", answer=SubscriberView)

    def subscribe(self, url: str, *, types: Sequence[str] = ()) -> SubscriberSecretView:
        """Have an address told of events; without types of all. The secret is shown this once."""
        request = SubscribeRequest(url=url, types=tuple(types))
        return self._post("/v1/subscribers", request, answer=SubscriberSecretView)

    def rotate_subscriber_secret(
        self, subscriber_id: str, *, if_match: str | None = None
    ) -> SubscriberSecretView:
        """Make a new secret; the one before it signs beside it for a day."""
        path = f"/v1/subscribers/{segment(subscriber_id)}/rotate-secret"
        return self._post(path, None, answer=SubscriberSecretView, if_match=if_match)

    def disable_subscriber(self, subscriber_id: str) -> SubscriberView:
        """Send nothing more; what waits stays."""
        path = f"/v1/subscribers/{segment(subscriber_id)}/disable"
        return self._post(path, None, answer=SubscriberView)

    def enable_subscriber(self, subscriber_id: str) -> SubscriberView:
        """Go on where it stopped."""
        path = f"/v1/subscribers/{segment(subscriber_id)}/enable"
        return self._post(path, None, answer=SubscriberView)

    def replay_events(self, subscriber_id: str, *, since: datetime) -> SubscriberView:
        """Send everything since a moment once more, under the same ids."""
        path = f"/v1/subscribers/{segment(subscriber_id)}/replay"
        return self._post(path, ReplayRequest(since=since), answer=SubscriberView)

    def try_subscriber(self, subscriber_id: str) -> TrialView:
        """Send a test event, and say whether it was taken."""
        path = f"/v1/subscribers/{segment(subscriber_id)}/test"
        return self._post(path, None, answer=TrialView)
