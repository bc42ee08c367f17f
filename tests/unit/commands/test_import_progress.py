"""Whoever watches an import sees how far it is: lines in a log, a bar on a terminal."""

from __future__ import annotations

from service.commands.import_progress import Progress
from service.wire.imports import ImportPhase


class Clock:
    """Stands still until it is moved."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_a_log_gets_a_line_every_few_seconds_with_the_speed():
    clock, lines = Clock(), []
    progress = Progress(say=lines.append, draw=None, seconds=clock)
    for second in range(1, 12):
        clock.now = float(second) + 100
        progress(ImportPhase.READING, second * 1_000, None)
    assert lines == [
        "reading 1,000 rows",
        "reading 6,000 rows, 1,000 a second",
        "reading 11,000 rows, 1,000 a second",
    ]


def test_a_terminal_gets_a_bar_where_the_end_is_known():
    clock, drawn = Clock(), []
    progress = Progress(say=drawn.append, draw=drawn.append, seconds=clock)
    for second, done in ((100, 0), (102, 50), (104, 100)):
        clock.now = float(second)
        progress(ImportPhase.TAKING, done, 100)
    assert drawn[1] == "[############............] assessing 50 of 100 (50%) items, 25 a second"
    assert drawn[2].startswith("[########################] assessing 100 of 100 (100%)")
    progress.end()
    assert drawn[-1] == ""
