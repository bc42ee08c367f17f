"""The case: an item under human review, and the only ways it may move."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from data.schemas.vocabulary import CaseStatus, ItemKind, Lane, Route
from service.domain.errors import StaleLeaseError, StaleVersionError, WrongStateError

_S = CaseStatus
TRANSITIONS: dict[CaseStatus, frozenset[CaseStatus]] = {
    _S.OPEN: frozenset({_S.CLAIMED, _S.CLOSED}),
    _S.HELD: frozenset({_S.CLAIMED, _S.CLOSED}),
    _S.CLAIMED: frozenset(
        {
            _S.CLAIMED,
            _S.OPEN,
            _S.HELD,
            _S.AWAITING_INFORMATION,
            _S.ESCALATED,
            _S.AWAITING_SIGNATURE,
            _S.DECIDED,
            _S.CLOSED,
        }
    ),
    _S.AWAITING_INFORMATION: frozenset({_S.CLAIMED, _S.OPEN, _S.HELD, _S.CLOSED}),
    _S.ESCALATED: frozenset({_S.CLAIMED, _S.OPEN, _S.HELD, _S.CLOSED}),
    _S.AWAITING_SIGNATURE: frozenset({_S.DECIDED, _S.OPEN, _S.HELD, _S.CLOSED}),
    _S.DECIDED: frozenset({_S.OPEN, _S.HELD}),
    _S.CLOSED: frozenset(),
}
"""From each status, the statuses a case may go to; `closed` means superseded by a newer item."""

CLAIMABLE = frozenset({_S.OPEN, _S.CLAIMED, _S.HELD, _S.AWAITING_INFORMATION, _S.ESCALATED})
"""Statuses from which a person may take a case by name; `claimed` only once its lease ran out."""

UNDOABLE = frozenset({_S.AWAITING_INFORMATION, _S.ESCALATED, _S.AWAITING_SIGNATURE, _S.DECIDED})
"""Statuses a decision leads to; once the case has left them, undoing would disturb somebody."""

WAITING = frozenset({_S.OPEN, _S.CLAIMED})
"""Statuses from which the queue hands out the next case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """One person's hold on a case; the token fences off earlier holders."""

    owner_id: str
    token: int
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One item under review. A change gives a new case with the next version."""

    id: str
    item_id: str
    item_seq: int
    assessment_id: str
    kind: ItemKind
    title: str
    client_id: str
    contract_id: str
    status: CaseStatus
    version: int
    route: Route
    lane: Lane
    propensity: float
    amount_minor: int
    currency: str
    risk_minor: int
    leak_minor: int
    value_minor: int
    """Money that a wrong default would cost, capped so that one typing error owns no queue."""
    doubt: float
    """Probability that billing the item as it stands would be wrong."""
    review_minutes: float
    opened_at: datetime
    due_at: datetime
    lease_token: int = 0
    lease: Lease | None = None
    released_by_id: str | None = None
    """Who gave the case back last: the queue offers it to others first."""

    def claimed(self, *, owner_id: str, now: datetime, hold: timedelta) -> Case:
        """Lease the case to a person; a lease that still runs keeps others out."""
        if self.is_leased(now=now) and self.lease and self.lease.owner_id != owner_id:
            raise WrongStateError(self.id, status="held by a colleague", step="claimed")
        token = self.lease_token + 1
        lease = Lease(owner_id=owner_id, token=token, expires_at=now + hold)
        return replace(self._moved(CaseStatus.CLAIMED, step="claimed"), lease=lease,
                       lease_token=token)  # fmt: skip

    def extended(self, *, token: int, owner_id: str, now: datetime, hold: timedelta) -> Case:
        """Hold on for longer; the version stays, nothing about the case changed."""
        lease = self.checked_lease(token=token, owner_id=owner_id, now=now)
        return replace(self, lease=replace(lease, expires_at=now + hold))

    def released(self, *, token: int, owner_id: str, now: datetime) -> Case:
        """Give the case back to the queue (or to the held ones, if policy held it)."""
        self.checked_lease(token=token, owner_id=owner_id, now=now)
        return replace(self.returned(), released_by_id=owner_id)

    def returned(self) -> Case:
        """Put the case back where it waits without an owner."""
        back = CaseStatus.HELD if self.route is Route.AUTO_HOLD else CaseStatus.OPEN
        back = CaseStatus.OPEN if self.lane is Lane.AUDIT else back
        return replace(self._moved(back, step="returned"), lease=None)

    def moved_on(self, status: CaseStatus, *, step: str) -> Case:
        """Leave the hands of its owner for `status`."""
        return replace(self._moved(status, step=step), lease=None)

    def checked_lease(self, *, token: int, owner_id: str, now: datetime) -> Lease:
        """Give the lease if it is the caller's and runs; raise StaleLeaseError otherwise."""
        lease = self.lease
        if lease is None or lease.token != token or lease.owner_id != owner_id:
            raise StaleLeaseError(self.id)
        if lease.expires_at <= now:
            raise StaleLeaseError(self.id)
        return lease

    def checked_version(self, shown: int) -> None:
        """Raise StaleVersionError unless the case is as it was shown."""
        if shown != self.version:
            raise StaleVersionError(self.id, shown=shown, current=self.version)

    def is_leased(self, *, now: datetime) -> bool:
        """Say whether somebody holds the case now."""
        return self.lease is not None and self.lease.expires_at > now

    def _moved(self, status: CaseStatus, *, step: str) -> Case:
        if status not in TRANSITIONS[self.status]:
            raise WrongStateError(self.id, status=self.status, step=step)
        return replace(self, status=status, version=self.version + 1)
