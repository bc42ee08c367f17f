"""The one implementation of features: for one item and for a million, online and in training."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from models.columns import Batch, Floats
from models.features.catalogue import FEATURE_NAMES
from models.features.circumstances import circumstances
from models.features.hours import hours
from models.features.narratives import narratives
from models.features.track_record import track_record
from models.past.history import History, Past
from models.terms import Terms


def compute(
    batch: Batch, *, past: Past, history: History, terms: Terms, decided_at: datetime
) -> Floats:
    """Give one row per item in the order of the catalogue; NaN where a value is not known.

    An item's row depends on itself and on what was known before, never on its batch-mates.
    """
    columns = {
        **circumstances(batch, past=past, terms=terms, decided_at=decided_at),
        **hours(batch, past=past, terms=terms),
        **narratives(batch, past=past, history=history),
        **track_record(batch, history=history, terms=terms),
    }
    unknown = np.full(len(batch), np.nan)
    return np.column_stack([columns.get(name, unknown) for name in FEATURE_NAMES])
