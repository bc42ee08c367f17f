"""What holds for a code on a day, for one row and for so many that they are walked through."""

from __future__ import annotations

import random

import numpy as np
import pytest

from models.timeline import FEWEST_TO_STEP, Span, Timeline


def _holding(spans: list[Span], code: int, day: int) -> int:
    """The highest rank, then the later first day, then the later given; -1 where none holds."""
    holding = [
        (one.rank, one.first_day, place, one.value)
        for place, one in enumerate(spans)
        if one.code == code
        and one.first_day <= day
        and (one.last_day is None or day <= one.last_day)
    ]
    return max(holding)[3] if holding else -1


@pytest.mark.parametrize("shift", [0, 22])
@pytest.mark.parametrize("seed", range(6))
def test_one_row_and_many_rows_find_what_holds(seed, shift):
    rng = random.Random(seed)
    spans = []
    for value in range(rng.randrange(60)):
        first = rng.randrange(10, 400)
        last = None if rng.random() < 0.3 else first + rng.randrange(100)
        spans.append(Span(rng.randrange(50) << shift, first, last, value, rng.randrange(3)))
    timeline = Timeline.build(spans)
    codes = [rng.randrange(-1, 60) << shift for _ in range(200)]
    days = [rng.randrange(600) for _ in codes]
    expected = [_holding(spans, code, day) for code, day in zip(codes, days, strict=True)]
    code, day = np.array(codes), np.array(days)
    assert timeline.at(code, day).tolist() == expected
    times = FEWEST_TO_STEP // len(codes) + 1
    many = timeline.at(np.tile(code, times), np.tile(day, times))
    assert many.tolist() == expected * times
