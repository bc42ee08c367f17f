"""The case: an item under human review, and the only ways it may move."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from data.schemas.values import minor_per_major
from data.schemas.vocabulary import CaseStatus, ItemKind, Lane, Route
from service.domain.errors import StaleLeaseError, StaleVersionError, WrongStateError

_S = CaseStatus
TRANSITIONS: dict[CaseStatus, frozenset[CaseStatus]] = {
    _S.OPEN: frozenset({_S.CLAIMED, _S.OPEN, _S.HELD, _S.ESCALATED, _S.CLOSED, _S.DECIDED}),
    _S.HELD: frozenset({_S.CLAIMED, _S.HELD, _S.OPEN, _S.CLOSED}),
    _S.CLAIMED: frozenset(
        {
            _S.CLAIMED,
            _S.OPEN,
            _S.HELD,
            _S.AWAITING_INFORMATION,
            _S.ESCALATED,
            _S.AWAITING_SIGNATURE,
            _S.AWAITING_APPROVAL,
            _S.SNOOZED,
            _S.DECIDED,
            _S.CLOSED,
        }
    ),
    _S.SNOOZED: frozenset({_S.CLAIMED, _S.SNOOZED, _S.OPEN, _S.HELD, _S.CLOSED}),
    _S.AWAITING_INFORMATION: frozenset({_S.CLAIMED, _S.OPEN, _S.HELD, _S.CLOSED}),
    _S.ESCALATED: frozenset({_S.CLAIMED, _S.ESCALATED, _S.OPEN, _S.HELD, _S.CLOSED}),
    _S.AWAITING_SIGNATURE: frozenset(
        {
            _S.DECIDED,
            _S.AWAITING_ADJUDICATION,
            _S.AWAITING_APPROVAL,
            _S.OPEN,
            _S.HELD,
            _S.CLOSED,
        }
    ),
    _S.AWAITING_ADJUDICATION: frozenset(
        {_S.DECIDED, _S.AWAITING_APPROVAL, _S.OPEN, _S.HELD, _S.CLOSED}
    ),
    _S.AWAITING_APPROVAL: frozenset({_S.DECIDED, _S.OPEN, _S.HELD, _S.CLOSED}),
    _S.DECIDED: frozenset(
        {
            _S.DECIDED,
            _S.AWAITING_SIGNATURE,
            _S.AWAITING_ADJUDICATION,
            _S.AWAITING_APPROVAL,
            _S.OPEN,
            _S.HELD,
        }
    ),
    _S.CLOSED: frozenset(),
}
"""From each status, the statuses a case may go to; `closed` means superseded by a newer item."""

CLAIMABLE = frozenset(
    {_S.OPEN, _S.CLAIMED, _S.HELD, _S.AWAITING_INFORMATION, _S.ESCALATED, _S.SNOOZED}
)
"""Statuses from which a person may take a case by name; `claimed` only once its lease ran out."""

UNDOABLE = frozenset(
    {
        _S.AWAITING_INFORMATION,
        _S.ESCALATED,
        _S.AWAITING_SIGNATURE,
        _S.AWAITING_ADJUDICATION,
        _S.AWAITING_APPROVAL,
        _S.DECIDED,
    }
)
"""Statuses a decision leads to; once the case has left them, undoing would disturb somebody."""

WAITING = frozenset({_S.OPEN, _S.CLAIMED})
"""Statuses from which the queue hands out the next case."""

MOST_TIMEOUTS = 2
"""Escalated once, then held: a response time that runs out again does nothing more."""

FINISHED = frozenset({_S.DECIDED, _S.CLOSED})
"""Statuses in which nobody is asked any more."""


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
    review_error: float
    """How often a reviewer's verdict on such a case is wrong."""
    opened_at: datetime
    due_at: datetime
    lease_token: int = 0
    lease: Lease | None = None
    released_by_id: str | None = None
    """Who gave the case back last: the queue offers it to others first."""
    business_unit: str | None = None
    person_id: str | None = None
    """Whose work it is; None on a milestone."""
    project_id: str | None = None
    boost: str = ""
    """Why the case goes before the order of value, in words; empty for most."""
    timeouts: int = 0
    """How often its response time ran out."""
    snoozed_until: datetime | None = None
    reserved_for_id: str | None = None
    """The one person it is meant for; None for everybody."""
    kept_from_id: str | None = None
    """Who must not decide it: whoever decided the case that it repeats."""
    repeats_case_id: str | None = None
    """The case whose item it shows again, for a blind second review or as a known answer."""

    @property
    def worth(self) -> float:
        """Net value of a minute, by what was known when it was assessed: value x (u - e) / m.

        The search for the next case is narrowed by it; the claim scores anew.
        """
        major = self.value_minor / minor_per_major(self.currency)
        return major * (self.doubt - self.review_error) / self.review_minutes

    def claimed(self, *, owner_id: str, now: datetime, hold: timedelta) -> Case:
        """Lease the case to a person; a lease that still runs keeps others out."""
        if self.is_leased(now=now) and self.lease and self.lease.owner_id != owner_id:
            raise WrongStateError(self.id, status="held by a colleague", step="claimed")
        token = self.lease_token + 1
        lease = Lease(owner_id=owner_id, token=token, expires_at=now + hold)
        return replace(
            self._moved(CaseStatus.CLAIMED, step="claimed"),
            lease=lease,
            lease_token=token,
            snoozed_until=None,
        )

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
        return replace(self._moved(status, step=step), lease=None, boost="", snoozed_until=None)

    def snoozed(self, *, until: datetime, due_at: datetime, boost: str) -> Case:
        """Sleep until a moment; it comes back before others, and is due after it."""
        asleep = self.moved_on(CaseStatus.SNOOZED, step="snoozed")
        return replace(asleep, snoozed_until=until, due_at=due_at, boost=boost)

    def woken(self) -> Case:
        """Come back from sleep to where it waits."""
        return replace(self.returned(), snoozed_until=None)

    def raised(self, newer: Case, *, boost: str) -> Case:
        """Go on with a newer version of the item: the same case, as `newer` would be opened.

        Its lease ends. An escalated case stays escalated, and one that was to sleep sleeps on
        unless the newer version is worth more of a minute.
        """
        stays = self.status is CaseStatus.ESCALATED or (
            self.status is CaseStatus.SNOOZED and newer.worth <= self.worth
        )
        moved = self._moved(self.status if stays else newer.status, step="raised")
        lane = Lane.RETURNED if self.lane is Lane.RETURNED else newer.lane
        return replace(
            newer,
            id=self.id,
            status=moved.status,
            version=moved.version,
            lane=lane,
            propensity=1.0 if lane is Lane.RETURNED else newer.propensity,
            opened_at=self.opened_at,
            lease_token=self.lease_token,
            boost=boost,
            timeouts=self.timeouts,
            snoozed_until=self.snoozed_until if stays else None,
            kept_from_id=self.kept_from_id,
        )

    def timed_out(self, status: CaseStatus, *, boost: str, due_at: datetime) -> Case:
        """Go where policy sends what nobody answered in time."""
        moved = self._moved(status, step="timed out")
        return replace(moved, lease=None, boost=boost, due_at=due_at, timeouts=self.timeouts + 1)

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
