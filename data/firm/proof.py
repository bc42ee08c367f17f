"""One fault on one row, with its price."""

from __future__ import annotations

from dataclasses import dataclass

from data.schemas.catalogue import ExceptionCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One fault on one row: its signed price, and what it changes in the money to bill."""

    item_id: str
    row_id: str
    code: ExceptionCode
    exposure_minor: int
    correction_minor: int
