"""Keeps what people confirmed when a file that knows nothing of it brings the contract again."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

from data.schemas.contracts import Clause, Contract
from service.domain.clause_level import are_in_force_together, level_of
from service.domain.errors import ConfirmedOtherwiseError

ONE_DAY = timedelta(days=1)


def with_confirmed(brought: Contract, *, known: Contract) -> Contract:
    """Give the brought contract with the clauses that people confirmed out of documents.

    A clause the file holds under the same id is the file's affair; so is a line that went. Raises
    ConfirmedOtherwiseError where a clause of the file would be in force beside a confirmed one.
    """
    named = {one.id for one in brought.clauses}
    lines = {line.id for line in brought.lines} | {None}
    kept = tuple(
        one
        for one in known.clauses
        if one.proposed_by is not None
        and one.confirmed_by is not None
        and one.id not in named
        and one.line_id in lines
    )
    if not kept:
        return brought
    clauses = tuple(_ended(one, kept=kept) for one in brought.clauses)
    for written, confirmed in product(clauses, kept):
        is_rival = written.confirmed_by is not None and level_of(written) == level_of(confirmed)
        if is_rival and are_in_force_together(written, confirmed):
            raise ConfirmedOtherwiseError(
                brought.id, clause_id=written.id, confirmed_id=confirmed.id,
                since=confirmed.valid_from,
            )  # fmt: skip
    merged = brought.model_copy(update={"clauses": (*clauses, *kept)})
    # What differs in nothing but the time of recording is the version there is.
    as_known = merged.model_copy(update={"recorded_at": known.recorded_at})
    return known if as_known == known else merged


def _ended(clause: Clause, *, kept: tuple[Clause, ...]) -> Clause:
    """End a clause the day before a confirmed one of its level takes its place."""
    later = [
        one.valid_from
        for one in kept
        if level_of(one) == level_of(clause) and one.valid_from > clause.valid_from
    ]
    end = min(later, default=date.max) - ONE_DAY
    is_longer = bool(later) and (clause.valid_to is None or clause.valid_to > end)
    return clause.model_copy(update={"valid_to": end}) if is_longer else clause
