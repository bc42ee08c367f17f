"""Signatures as columns: one row an approval event, whatever kind of item it stands under."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.schemas.items import (
    AnyItem,
    ExpenseReport,
    Timesheet,
    entries_sha256,
    expenses_sha256,
)
from data.schemas.vocabulary import ApprovalStep, ApprovalVerdict

STEPS, VERDICTS = tuple(ApprovalStep), tuple(ApprovalVerdict)
"""A step and a verdict are coded by their place here."""
NO_LIMIT_GIVEN = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalColumns:
    """One row per approval event, in the order in which the items name them."""

    item: NDArray[np.int64]
    step: NDArray[np.int64]
    """Its place in STEPS."""
    verdict: NDArray[np.int64]
    """Its place in VERDICTS."""
    actor: NDArray[np.int64]
    """Who signed, by the person's code."""
    actor_id: NDArray[np.object_]
    at_us: NDArray[np.int64]
    authority_limit_minor: NDArray[np.int64]
    """What the signature covers at most, or NO_LIMIT_GIVEN."""
    is_current: NDArray[np.bool_]
    """True where the rows are those that were signed, or where no hash says which were."""

    def __len__(self) -> int:
        return len(self.item)


def approval_columns(
    items: Sequence[AnyItem], *, person_code: Callable[[str], int]
) -> ApprovalColumns:
    """Lay the approval events of items out as columns."""
    rows = [row for place, item in enumerate(items) for row in _rows(item, place, person_code)]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(_DTYPES)
    named = zip(_DTYPES.items(), columns, strict=True)
    cast: dict[str, Any] = {name: np.array(column, dtype) for (name, dtype), column in named}
    return ApprovalColumns(**(cast | {"at_us": cast["at_us"].astype(np.int64)}))


def _rows(
    item: AnyItem, place: int, person_code: Callable[[str], int]
) -> list[tuple[int | str | bool | np.datetime64, ...]]:
    signed = {event.entries_sha256 for event in item.approvals} - {None}
    as_it_stands = _rows_sha256(item) if signed else None
    return [
        (
            place,
            STEPS.index(event.step),
            VERDICTS.index(event.verdict),
            person_code(event.actor_id),
            event.actor_id,
            # Moments are stored in UTC, and numpy wants them without saying so.
            np.datetime64(event.at.replace(tzinfo=None), "us"),
            NO_LIMIT_GIVEN if event.authority_limit_minor is None else event.authority_limit_minor,
            as_it_stands is None or event.entries_sha256 in {None, as_it_stands},
        )
        for event in item.approvals
    ]


def _rows_sha256(item: AnyItem) -> str | None:
    """The hash a signature under the item as it stands would carry; a milestone has no rows."""
    if isinstance(item, Timesheet):
        return entries_sha256(item.entries)
    return expenses_sha256(item.expenses) if isinstance(item, ExpenseReport) else None


_DTYPES: dict[str, Any] = {
    "item": np.int64,
    "step": np.int64,
    "verdict": np.int64,
    "actor": np.int64,
    "actor_id": object,
    "at_us": "datetime64[us]",
    "authority_limit_minor": np.int64,
    "is_current": np.bool_,
}
"""The columns in the order of the rows, before moments become numbers."""
