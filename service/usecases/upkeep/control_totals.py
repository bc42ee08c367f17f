"""Control totals: what came in is accounted for, and so is every bill that was approved.

One side of each total is counted from the audit trail and the other from the tables, so that a
row that was lost, doubled or changed behind the trail's back makes a difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data.schemas.vocabulary import PostingStatus
from service.ports.control_totals import ControlBooks, ItemTally, PostingTally, TrailTally

_NAMES = {
    PostingStatus.DONE: "posted",
    PostingStatus.PENDING: "pending",
    PostingStatus.REFUSED: "exception queue",
    PostingStatus.CANCELLED: "cancelled",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlTotal:
    """One total: how many there must be, and where each of them is."""

    name: str
    expected: int
    """By the audit trail."""
    found: Mapping[str, int]
    """By the tables, in parts."""

    @property
    def difference(self) -> int:
        """What is missing; below zero what is too much."""
        return self.expected - sum(self.found.values())

    def in_words(self) -> str:
        """Write the total as a sum."""
        parts = " + ".join(f"{count:,} {name}" for name, count in self.found.items())
        return f"{self.name} {self.expected:,} = {parts or '0'}"


def control_totals(books: ControlBooks) -> tuple[ControlTotal, ...]:
    """Give every total, each of which must show no difference at any moment."""
    items, trail, postings = books.items(), books.trail(), books.postings()
    return (
        _received(items, trail, rejected_rows=books.rejected_rows()),
        ControlTotal(name="history", expected=trail.history, found={"taken": items.history}),
        ControlTotal(
            name="approved",
            expected=trail.opened,
            found={
                name: postings.get(status, PostingTally()).postings
                for status, name in _NAMES.items()
            },
        ),
        *_money(trail, postings),
        ControlTotal(
            name="posted",
            expected=trail.posted,
            found={"in the ledger": postings.get(PostingStatus.DONE, PostingTally()).postings},
        ),
    )


def _received(items: ItemTally, trail: TrailTally, *, rejected_rows: int) -> ControlTotal:
    # What is lost is no part: it is the difference.
    return ControlTotal(
        name="received",
        expected=trail.received + trail.rejected,
        found={
            "auto-cleared": items.auto_cleared,
            "queued": items.queued,
            "decided": items.decided,
            "closed": items.closed,
            "replaced": items.replaced,
            "withdrawn": items.withdrawn,
            "rejected": rejected_rows,
        },
    )


def _money(
    trail: TrailTally, postings: Mapping[PostingStatus, PostingTally]
) -> tuple[ControlTotal, ...]:
    currencies = set(trail.opened_minor).union(*(one.minor for one in postings.values()))
    return tuple(
        ControlTotal(
            name=f"approved, minor units of {currency}",
            expected=trail.opened_minor.get(currency, 0),
            found={
                name: postings.get(status, PostingTally()).minor.get(currency, 0)
                for status, name in _NAMES.items()
            },
        )
        for currency in sorted(currencies)
    )
