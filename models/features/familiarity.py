"""How familiar a person is with the tasks, projects and places of a sheet."""

from __future__ import annotations

import numpy as np

from models.codes import UNKNOWN
from models.columns import Batch, EntryColumns, Floats
from models.features.feature import Feature, FeatureType, KnownAt, signs
from models.features.sheets import Sheets, sheets_of
from models.features.task_use import TaskUse
from models.past.history import Past
from models.sums import Sums, key, without_second

_T, _K = FeatureType, KnownAt

FEATURES: tuple[Feature, ...] = (
    Feature(name="unusual_task_share", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(fault=1, write_off=0, dispute=0),
            sentence="{value:.0%} of the entries are on tasks this person has hardly booked on"),
    Feature(name="least_task_share", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(fault=-1, dispute=0),
            sentence="One task here has {value:.0%} of this person's entries on the project"),
    Feature(name="project_days_before", type=_T.COUNT, known_at=_K.DECISION,
            signs=signs(fault=0, write_off=0, dispute=0),
            sentence="This person had booked on this project on {value:.0f} days before"),
    Feature(name="days_on_project", type=_T.DAYS, known_at=_K.DECISION,
            signs=signs(fault=0, write_off=0, dispute=0),
            sentence="This person first booked on the project {value:.0f} days before"),
    Feature(name="projects_on_day", type=_T.COUNT, known_at=_K.DECISION,
            signs=signs(fault=0, dispute=0),
            sentence="Up to {value:.0f} projects share one day of this person"),
    Feature(name="places_on_day", type=_T.COUNT, known_at=_K.DECISION,
            signs=signs(fault=0, dispute=0),
            sentence="This person worked at up to {value:.0f} places on one day"),
)  # fmt: skip


def familiarity(batch: Batch, *, past: Past, use: TaskUse) -> dict[str, Floats]:
    """Give the features of familiarity; an item without entries has none."""
    sheets = sheets_of(batch)
    if sheets is None:
        return {}
    before = past.entries
    days = Sums.of(key(before.person, before.project, before.work_day))
    values = {
        **_tasks(sheets, use=use),
        **_stay(sheets, days=days),
        "projects_on_day": _projects_on_day(sheets, days=days),
        "places_on_day": _places_on_day(sheets, before=before),
    }
    return {name: sheets.spread(column) for name, column in values.items()}


def _tasks(sheets: Sheets, *, use: TaskUse) -> dict[str, Floats]:
    share = np.where(use.is_settled, use.on_task / np.maximum(use.on_project, 1), np.nan)
    return {
        "unusual_task_share": sheets.share(use.is_settled & use.is_rare),
        "least_task_share": np.fmin.reduceat(share, sheets.starts),
    }


def _stay(sheets: Sheets, *, days: Sums) -> dict[str, Floats]:
    """How long, and on how many days, the person has booked on the project before."""
    own, starts = sheets.entries, sheets.starts
    stay = key(own.person[starts], own.project[starts])
    first_day = np.minimum.reduceat(own.work_day, starts)
    days_before = days.count_between(stay, stay + first_day)
    since = np.zeros(len(stay))
    has_booked = np.flatnonzero(days_before)
    began = days.keys[np.searchsorted(days.keys, stay[has_booked])] - stay[has_booked]
    since[has_booked] = first_day[has_booked] - began
    return {"project_days_before": days_before.astype(np.float64), "days_on_project": since}


def _projects_on_day(sheets: Sheets, *, days: Sums) -> Floats:
    own = sheets.entries
    is_counted = days.at(key(own.person, own.project, own.work_day)) > 0
    person_day = key(own.person, np.zeros_like(own.person), own.work_day)
    projects = Sums.of(without_second(days.keys)).at(person_day) + ~is_counted
    return np.maximum.reduceat(projects, sheets.starts).astype(np.float64)


def _places_on_day(sheets: Sheets, *, before: EntryColumns) -> Floats:
    """Places on the fullest day, the person's other sheets counted; 0 where none is named."""
    own = sheets.entries
    earlier = before.take(before.location != UNKNOWN)
    others = Sums.of(key(earlier.person, earlier.location, earlier.work_day))
    place = np.maximum(own.location, 0)
    is_new = (own.location != UNKNOWN) & (others.at(key(own.person, place, own.work_day)) == 0)
    new = np.unique(key(own.item, place, own.work_day)[is_new])
    zero = np.zeros_like(own.item)
    on_day = Sums.of(without_second(others.keys)).at(key(own.person, zero, own.work_day))
    on_day = on_day + Sums.of(without_second(new)).at(key(own.item, zero, own.work_day))
    return np.maximum.reduceat(on_day, sheets.starts).astype(np.float64)
