"""The map of segments a guarantee is given for; it is fixed before any label is looked at."""

from __future__ import annotations

from data.schemas.vocabulary import ItemKind

LARGE_MINOR = 1_000_000
"""Ten thousand in reporting currency: above it a week of one person is unusual."""
POOLED = "other"


def segment_of(kind: ItemKind, *, amount_reporting_minor: float | None) -> str:
    """Name the segment of an item by its kind and the band of its amount."""
    if amount_reporting_minor is None:
        return f"{kind.value}.unpriced"
    band = "large" if amount_reporting_minor > LARGE_MINOR else "regular"
    return f"{kind.value}.{band}"
