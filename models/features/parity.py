"""Whether a vector computed again is the one that was stored, number for number."""

from __future__ import annotations

import math
from collections.abc import Mapping

from models.columns import Floats
from models.features.catalogue import FEATURE_NAMES


def differences(stored: Mapping[str, float | None], again: Floats) -> list[str]:
    """Name every feature whose stored number is not exactly the one computed again.

    `again` is one row in the order of the catalogue, NaN where a value is not known, which is
    None in the stored one. A feature on one side only differs as well.
    """
    computed = dict(zip(FEATURE_NAMES, again.tolist(), strict=True))
    named = [name for name in FEATURE_NAMES if name not in stored]
    named += [name for name in stored if name not in computed]
    both = [name for name in FEATURE_NAMES if name in stored]
    return named + [name for name in both if not _is_same(stored[name], computed[name])]


def _is_same(stored: float | None, computed: float) -> bool:
    if stored is None or math.isnan(computed):
        return stored is None and math.isnan(computed)
    return stored == computed and math.copysign(1.0, stored) == math.copysign(1.0, computed)
