"""Generated firms, made once for all tests of a run."""

from __future__ import annotations

from functools import cache

from data.firm.generate import generate_firm
from data.firm.records import Firm, FirmSize

SMALL = FirmSize(people=16, clients=6, contracts=10, months=5, seed=3)


@cache
def small_firm() -> Firm:
    """A firm of sixteen people and five months, made in well under a second."""
    return generate_firm(SMALL)


@cache
def default_firm() -> Firm:
    """The firm of the demonstration: sixty people and twelve months, made in a few seconds."""
    return generate_firm(FirmSize())
