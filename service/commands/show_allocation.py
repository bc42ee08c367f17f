"""Who used up a ceiling, at the shell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from data.schemas.allocation import AllocatedEntry, Allocation
from models.rules.words import money
from service.commands.opened import opened_for_reading
from service.domain.wall import OPEN_WALL
from service.scoring.live import LiveScorer
from service.settings import Settings
from service.usecases.terms.explain_allocation import explain_allocation


def show_allocation(
    settings: Settings, contract_id: str, *, line_id: str | None, client_id: str | None, on: date
) -> Allocation:
    """Explain a ceiling with all that is stored. Raises NotFoundError."""
    # Nothing is assessed here: without a champion and without a coin.
    scorer = LiveScorer(champion=lambda: None, coin=lambda _: 1.0)
    with opened_for_reading(settings) as open_work, open_work() as uow:
        return explain_allocation(
            contract_id, line_id=line_id, client_id=client_id, on=on, wall=OPEN_WALL, uow=uow,
            scorer=scorer,
        )  # fmt: skip


def allocation_in_words(allocation: Allocation) -> Iterator[str]:
    """Write an allocation for people: its sums, then every entry in order, then other orders."""
    currency = allocation.currency
    limit = "none" if allocation.limit_minor is None else money(allocation.limit_minor, currency)
    yield f"ceiling on {allocation.on}  {limit} ({allocation.clause_id or 'no clause'})"
    for name in ("total", "invoiced", "committed", "inside", "over"):
        yield f"{name:<21} {money(getattr(allocation, f'{name}_minor'), currency)}"
    for entry in allocation.entries:
        yield _entry_in_words(entry, currency=currency)
    for one in allocation.reorderings:
        yield one.summary


def _entry_in_words(entry: AllocatedEntry, *, currency: str) -> str:
    state = f"invoiced on {entry.invoice_id}" if entry.invoice_id else "committed"
    over = f", {money(entry.over_minor, currency)} over" if entry.over_minor else ""
    # As text: a date takes the width for a format of its own.
    day = str(entry.work_date or "unknown day")
    return (
        f"{day:<11} {entry.entry_id:<24} "
        f"{money(entry.amount_minor, currency):>18} {money(entry.running_minor, currency):>18}  "
        f"{state}{over}"
    )
