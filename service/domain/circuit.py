"""A circuit breaker per business system: after failure upon failure the system is left alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from data.schemas.vocabulary import CircuitState

FAILURES_IN_A_ROW = 5
"""Bills that fail one after the other, of which none is the one before, until a system rests."""
FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=10)
PROBE_TIME = timedelta(minutes=2)
"""A call that tries whether the system is back has died when it is not heard of for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """How a system fares. While it rests nothing is sent to it, and what waits keeps waiting."""

    system: str
    state: CircuitState = CircuitState.CLOSED
    failures: int = 0
    """Failures in a row, each of another bill than the one before."""
    last_posting_id: str = ""
    rests: int = 0
    """Rests in a row: each is twice as long as the one before."""
    until: datetime | None = None
    """Nothing is sent before."""
    since: datetime | None = None
    """When it opened."""
    why: str = ""

    @property
    def is_calm(self) -> bool:
        """Say whether nothing is known against the system."""
        return self.state is CircuitState.CLOSED and not self.failures and self.until is None

    def rests_until(self, now: datetime) -> datetime | None:
        """Give until when nothing is sent, or None where a call may be made."""
        return self.until if self.until is not None and now < self.until else None

    def called(self, *, now: datetime) -> Circuit:
        """Give the circuit with a call under way: of an open one exactly one is let through."""
        if self.state is CircuitState.CLOSED:
            return replace(self, until=None)
        return replace(self, state=CircuitState.HALF_OPEN, until=now + PROBE_TIME)

    def answered(self, *, now: datetime) -> Circuit:
        """Give the circuit of a system that answered, whatever it said.

        An answer to a call that was under way ends no rest: neither one the system asked for, nor
        that of an open circuit, which the one call that tries it ends.
        """
        if self.state is CircuitState.OPEN:
            return self
        is_asked_for = self.state is CircuitState.CLOSED and self.rests_until(now) is not None
        return Circuit(system=self.system, until=self.until if is_asked_for else None)

    def failed(
        self, posting_id: str, *, why: str, retry_after_seconds: float | None, now: datetime
    ) -> Circuit:
        """Give the circuit after a call without a usable answer."""
        is_other = posting_id != self.last_posting_id
        failures = self.failures + is_other
        counted = replace(self, failures=failures, last_posting_id=posting_id, why=why)
        asked = None
        if retry_after_seconds is not None:
            asked = max(now + timedelta(seconds=retry_after_seconds), self.until or now)
        if self.state is CircuitState.CLOSED and failures < FAILURES_IN_A_ROW:
            return replace(counted, until=asked or self.until)
        if self.state is CircuitState.OPEN:
            # A call that was under way when the system began to rest says nothing new.
            return replace(counted, until=max(self.until or now, asked or now))
        rest = min(LONGEST_REST, FIRST_REST * 2**self.rests)
        # A closed one waits only where the system asked for it: that wait is not cut short.
        waits = self.until if self.state is CircuitState.CLOSED else None
        return replace(
            counted,
            state=CircuitState.OPEN,
            rests=self.rests + 1,
            since=self.since or now,
            until=max(now + rest, asked or waits or now),
        )
