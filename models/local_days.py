"""Moments as days of the calendar that hangs where the work was done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from models.columns import UTC_EPOCH, Ints, day_number

QUARTER_US = 15 * 60 * 1_000_000
"""Since 1990 every zone has changed its clocks at a quarter of an hour of UTC."""
DAY_US = 96 * QUARTER_US


def local_day(moment: datetime, *, zone: str) -> int:
    """Give the day number of a moment as the calendar in a time zone shows it."""
    return day_number(moment.astimezone(_zone(zone)).date())


def local_days(moments_us: Ints, *, zone: Ints, zones: Sequence[str]) -> Ints:
    """Give the same for a column of moments, each in the zone named by its place in `zones`."""
    days = np.empty(len(moments_us), dtype=np.int64)
    for place, name in enumerate(zones):
        rows = np.flatnonzero(zone == place)
        quarters, quarter = np.unique(moments_us[rows] // QUARTER_US, return_inverse=True)
        offsets = [_offset_us(one, zone=name) for one in quarters.tolist()]
        offset_us = np.array(offsets, dtype=np.int64)[quarter]
        days[rows] = (moments_us[rows] + offset_us) // DAY_US
    return days


@lru_cache(maxsize=65_536)
def _offset_us(quarter: int, *, zone: str) -> int:
    moment = UTC_EPOCH + timedelta(microseconds=quarter * QUARTER_US)
    offset = moment.astimezone(_zone(zone)).utcoffset()
    return 0 if offset is None else int(offset.total_seconds()) * 1_000_000


@lru_cache(maxsize=1_024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
