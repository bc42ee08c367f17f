"""When a failed posting is tried again: by its kind, ever later, at random, never too soon.

Full jitter: the wait is drawn evenly between nothing and a ceiling that grows with every try, so
that many bills that failed together do not come back together.
Source: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from data.schemas.vocabulary import FailureKind

HOUR_SECONDS = 3_600.0
LONGEST_TOLD_WAIT_SECONDS = 24 * HOUR_SECONDS
"""A system that asks for more patience than this needs a person, not a timer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryRule:
    """How often one kind of failure is tried again by itself, and how the waits grow."""

    tries: int
    """Tries in all; the last of them hands the posting to its owner."""
    first_seconds: float = 1.0
    least_seconds: float = 0.0
    """What is waited in any case, before the drawn part."""
    growth: float = 3.0
    longest_seconds: float = HOUR_SECONDS

    def ceiling_seconds(self, tries: int) -> float:
        """Give the longest wait after so many failed tries."""
        return float(min(self.longest_seconds, self.first_seconds * self.growth ** (tries - 1)))


ONCE = RetryRule(tries=1)
RULES: Mapping[FailureKind, RetryRule] = MappingProxyType({
    # Ceilings of 1 s, 3 s, 9 s ... an hour: about six hours at most and three on average.
    FailureKind.TRANSIENT: RetryRule(tries=12),
    # The same, and never at once: what the ledger still works on should have arrived by then.
    FailureKind.AMBIGUOUS: RetryRule(tries=12, least_seconds=1.0),
    # The document is read anew with every try; what is still wrong after three needs a person.
    FailureKind.CONFLICT: RetryRule(tries=3, first_seconds=2.0),
    FailureKind.PERMANENT: ONCE,
    FailureKind.STOPPED: ONCE,
    FailureKind.UNEXPECTED: ONCE,
})  # fmt: skip

DUE_HOURS: Mapping[FailureKind, float] = MappingProxyType({
    # Money may stand in the ledger that nobody here knows of.
    FailureKind.AMBIGUOUS: 2.0,
    FailureKind.CONFLICT: 4.0,
    FailureKind.UNEXPECTED: 4.0,
    FailureKind.TRANSIENT: 4.0,
    FailureKind.PERMANENT: 8.0,
    FailureKind.STOPPED: 8.0,
})  # fmt: skip
"""Working hours in which somebody must have acted on what lies in the exception queue."""


def wait_seconds(
    kind: FailureKind, *, tries: int, retry_after_seconds: float | None, draw: float
) -> float | None:
    """Give how long to wait after so many failed tries, or None where a person must look.

    `draw` lies between 0 and 1. What the system asked for is waited in full, and the drawn part
    comes on top of it.
    """
    rule = RULES[kind]
    told = retry_after_seconds or 0.0
    if tries >= rule.tries or told > LONGEST_TOLD_WAIT_SECONDS:
        return None
    return max(told, rule.least_seconds) + draw * rule.ceiling_seconds(tries)
