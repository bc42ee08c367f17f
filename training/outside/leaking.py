"""Refuses a mapping whose features know the outcome."""

from __future__ import annotations

import numpy as np

from data.schemas.vocabulary import ItemKind
from training.dataset import RiskTable
from training.leaks import find_leaks
from training.outside.mapping import MappingError
from training.outside.tasks import Task

DAY_US = 86_400_000_000.0


def refuse_leaks(task: Task) -> None:
    """Look at every column of the train rows by itself; the past of entities is known by then.

    Raises MappingError that names what leaks: drop those rows, or leave the column out.
    """
    encoded = task.encoded(task.final)
    leaks = find_leaks(_table(task), features=encoded.names, expected=task.facts.past)
    if leaks:
        raise MappingError(
            task.facts.title,
            f"these tell {task.outcome.name!r} by themselves: {'; '.join(leaks)}; drop the rows "
            "under `dropped`, or leave the column out of `columns`",
        )


def _table(task: Task) -> RiskTable:
    rows = np.flatnonzero(task.final.learn)
    blank = ("",) * len(rows)
    ones = np.ones(len(rows))
    return RiskTable(
        item_id=blank,
        kind=(ItemKind.TIMESHEET,) * len(rows),
        segment=blank,
        era=blank,
        group=blank,
        narrative=blank,
        assessed_us=(task.facts.decided[rows] * DAY_US).astype(np.int64),
        known_us=(task.outcome.known[rows] * DAY_US).astype(np.int64),
        amount=ones,
        features=task.encoded(task.final).rows[rows],
        is_positive=task.value[rows] == 1.0,
        propensity=ones,
        reliability=ones,
    )
