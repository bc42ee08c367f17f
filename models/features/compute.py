"""The one implementation of features: for one item and for a million, online and in training."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from models.columns import Batch, Floats
from models.features.agreed_terms import agreed_terms
from models.features.catalogue import FEATURE_NAMES
from models.features.circumstances import circumstances
from models.features.client_account import client_account
from models.features.familiarity import familiarity
from models.features.foreign_words import foreign_words
from models.features.hours import hours
from models.features.milestones import milestones
from models.features.narratives import narratives
from models.features.repeats import repeats
from models.features.spending import spending
from models.features.task_use import task_use
from models.features.track_record import track_record
from models.features.wording import wording
from models.past.history import History, Past
from models.terms import Terms


def compute(
    batch: Batch, *, past: Past, history: History, terms: Terms, decided_at: datetime
) -> Floats:
    """Give one row per item in the order of the catalogue; NaN where a value is not known.

    An item's row depends on itself and on what was known before, never on its batch-mates.
    """
    use = task_use(batch, past=past)
    columns = {
        **circumstances(batch, history=history, terms=terms, decided_at=decided_at),
        **agreed_terms(batch, past=past, history=history, terms=terms),
        **track_record(batch, history=history, terms=terms, decided_at=decided_at),
        **client_account(batch, history=history, terms=terms, decided_at=decided_at),
        **hours(batch, past=past, terms=terms),
        **familiarity(batch, past=past, use=use),
        **narratives(batch, history=history),
        **repeats(batch, past=past),
        **foreign_words(batch, use=use, history=history, terms=terms),
        **wording(batch, history=history, terms=terms, decided_at=decided_at),
        **spending(batch, past=past, history=history),
        **milestones(batch, past=past, terms=terms, decided_at=decided_at),
    }
    unknown = np.full(len(batch), np.nan)
    return np.column_stack([columns.get(name, unknown) for name in FEATURE_NAMES])
