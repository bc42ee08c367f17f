"""A bundle as the service would read it, of a model that is measured and never released."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from data.schemas.questions import Question
from models.bundle import Bundle, unpack
from training.fit import document_of, fit_candidate, pack_candidate
from training.settings import TrainingSettings
from training.splits import Slices


def fit_bundle(tables: Mapping[Question, Slices], *, now: datetime) -> Bundle:
    """Fit on sliced tables with the usual settings. Raises NothingToLearnError."""
    candidate = fit_candidate(tables, settings=TrainingSettings(), now=now)
    document = document_of(candidate, violation=tables[Question.ANY_FAULT], metrics={})
    return unpack(pack_candidate(candidate, document=document))
