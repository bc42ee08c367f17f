"""What one look at the queue finds: the few cases of each lane that may come next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from data.schemas.vocabulary import Lane
from service.domain.actor import Actor
from service.domain.case import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLook:
    """Who looks, and when; `passes_over_own` leaves out what the person gave back last."""

    actor: Actor
    now: datetime
    shift_end: datetime
    passes_over_own: bool = True

    def without_passing_over(self) -> QueueLook:
        """Give the same look, with what the person gave back."""
        return replace(self, passes_over_own=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The first cases of each lane, as stored; the domain orders what is told by value."""

    mine: Sequence[Case] = ()
    """Held by the person already."""
    boosted: Sequence[Case] = ()
    """What goes before the order of value."""
    by_lane: dict[Lane, list[Case]] = field(default_factory=dict)
    """`returned` holds what is due this shift, whatever brought it."""
    rest: Sequence[Case] = ()
    """What a look is not worth, soonest due first: for whoever has nothing else to do."""
