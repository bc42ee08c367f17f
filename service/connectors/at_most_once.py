"""Do something at most once in a system that knows no unique reference of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

R = TypeVar("R")
A = TypeVar("A")


def at_most_once(
    look: Callable[[], R | None],
    act: Callable[[], A],
    *,
    doubtful: tuple[type[Exception], ...],
) -> R | A:
    """Give what is there already; else act, and look again where the answer leaves a doubt.

    Gives what `act` gave where it did something now. Hold the lock of the system around it: two who
    look at the same time both see nothing.
    """
    if (earlier := look()) is not None:
        return earlier
    try:
        return act()
    except doubtful:
        # The answer is lost, or says no to a repeat; what it was about is perhaps done.
        if (found := look()) is not None:
            return found
        raise
