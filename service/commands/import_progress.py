"""How far an import is, for whoever watches it: one line that moves, or plain lines in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from service.wire.imports import ImportPhase

BAR_WIDTH = 24
SECONDS_BETWEEN_LINES = 5.0
SECONDS_BETWEEN_MOVES = 0.1
_WHAT = {ImportPhase.READING: ("reading", "rows"), ImportPhase.TAKING: ("assessing", "items")}


@dataclass(slots=True, kw_only=True)
class Progress:
    """Tells a count that grows, with its speed, and with a share where the end is known."""

    say: Callable[[str], None]
    """Prints a whole line."""
    draw: Callable[[str], None] | None
    """Replaces the last line; none where nobody looks at a terminal."""
    seconds: Callable[[], float]
    """Reads a clock that only grows."""
    _phase: ImportPhase | None = None
    _started: float = 0.0
    _first: int = 0
    _told: float = field(default=0.0)

    def __call__(self, phase: ImportPhase, done: int, total: int | None) -> None:
        """Tell the count, but not more often than anybody can read."""
        now = self.seconds()
        if phase is not self._phase:
            self._phase, self._started, self._first, self._told = phase, now, done, 0.0
        pause = SECONDS_BETWEEN_LINES if self.draw is None else SECONDS_BETWEEN_MOVES
        if now - self._told < pause and done != total:
            return
        self._told = now
        speed = (done - self._first) / (now - self._started) if now > self._started else 0.0
        line = _line(phase, done=done, total=total, speed=speed)
        if self.draw is None:
            self.say(line)
        else:
            self.draw(f"{_bar(done, total=total)}{line}")

    def end(self) -> None:
        """Leave what follows a line of its own."""
        if self.draw is not None and self._phase is not None:
            self.draw("")


def watching() -> Progress:
    """Give what tells the progress on standard error, as a bar where that is a terminal."""
    return Progress(
        say=lambda line: print(line, file=sys.stderr),  # noqa: T201 - this is a terminal's output
        draw=_redraw if sys.stderr.isatty() else None,
        seconds=time.monotonic,
    )


def _redraw(line: str) -> None:
    sys.stderr.write(f"\r\033[K{line}")
    sys.stderr.flush()


def _line(phase: ImportPhase, *, done: int, total: int | None, speed: float) -> str:
    verb, noun = _WHAT.get(phase, (phase.value, "rows"))
    of = f" of {total:,} ({done / total:.0%})" if total else ""
    at = f", {speed:,.0f} a second" if speed else ""
    return f"{verb} {done:,}{of} {noun}{at}"


def _bar(done: int, *, total: int | None) -> str:
    if not total:
        return ""
    full = BAR_WIDTH * done // total
    return f"[{'#' * full}{'.' * (BAR_WIDTH - full)}] "
