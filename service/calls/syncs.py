"""Syncs: how the sources fare that work is read from."""

from __future__ import annotations

from service.calls.http import ApiCalls, segment
from service.wire.postings import AssignRequest
from service.wire.syncs import SyncDetail, SyncsView


class SyncCalls(ApiCalls):
    """Sources, listed, looked into, read now and given to somebody."""

    def syncs(self) -> SyncsView:
        """Give every source that work is read from, with its last sync and its next."""
        return self._get("/v1/syncs", answer=SyncsView)

    def sync(self, source: str) -> SyncDetail:
        """Give one source with its last syncs."""
        return self._get(f"/v1/syncs/{segment(source)}", answer=SyncDetail)

    def run_sync(self, source: str) -> SyncDetail:
        """Have a source read now; `sync` tells how it went."""
        return self._post(f"/v1/syncs/{segment(source)}/run", None, answer=SyncDetail)

    def assign_sync(self, source: str, *, person_id: str) -> SyncDetail:
        """Put a person's name on a source."""
        path = f"/v1/syncs/{segment(source)}/assign"
        return self._post(path, AssignRequest(person_id=person_id), answer=SyncDetail)
