"""Who uses up a ceiling: every entry in the order it counts, and what another order would pay."""

from __future__ import annotations

from enum import StrEnum

from data.schemas.values import Currency, Identifier, LocalDate, MinorUnits, Record, Text, UtcTime


class Ordering(StrEnum):
    """Orders in which entries could use up a ceiling instead; what is invoiced always comes first.

    `smallest_first` makes the largest number of entries wholly payable.
    """

    INVOICED_FIRST = "invoiced_first"
    SMALLEST_FIRST = "smallest_first"
    LARGEST_THAT_FIT = "largest_that_fit"


class AllocatedEntry(Record):
    """One entry, and how much of it the ceiling pays."""

    entry_id: Identifier
    item_id: Identifier | None
    """None for an invoice line of which we hold no entry."""
    invoice_id: Identifier | None
    """Where it was invoiced; None while it is only committed."""
    work_date: LocalDate | None
    submitted_at: UtcTime | None
    amount_minor: MinorUnits
    """What it takes of this ceiling: a customer's ceiling bears the customer's part alone."""
    running_minor: MinorUnits
    """All that is taken with it."""
    inside_minor: MinorUnits
    over_minor: MinorUnits


class Reordering(Record):
    """What would be wholly payable in another order; the money paid in all stays the same."""

    ordering: Ordering
    summary: Text
    gained: tuple[Identifier, ...]
    """Entries that would be wholly payable and now are not."""
    gained_minor: MinorUnits
    lost: tuple[Identifier, ...]
    """Entries that would no longer be."""
    lost_minor: MinorUnits


class Allocation(Record):
    """The explanation of one ceiling on one day; without a ceiling everything is inside."""

    contract_id: Identifier
    line_id: Identifier | None
    client_id: Identifier | None
    on: LocalDate
    """The day whose ceiling it is; entries of every day use it up."""
    currency: Currency
    clause_id: Identifier | None
    limit_minor: MinorUnits | None
    soft_limit_minor: MinorUnits | None
    total_minor: MinorUnits
    invoiced_minor: MinorUnits
    committed_minor: MinorUnits
    inside_minor: MinorUnits
    over_minor: MinorUnits
    entries: tuple[AllocatedEntry, ...]
    """In the order they count: arrival, then day, time of recording and id."""
    reorderings: tuple[Reordering, ...]
    """Empty where nothing is over."""
