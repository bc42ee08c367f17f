"""How far a backup or a restore is, as bars where somebody looks at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

Told = Callable[[str, int, int], None]
"""Is told a name, how much of it is done, and how much it is."""


@contextmanager
def watched() -> Iterator[Told]:
    """Give what draws a bar for each name on standard error; in a log it stays silent."""
    columns = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn())
    bars: dict[str, TaskID] = {}
    with Progress(
        *columns, console=Console(stderr=True), disable=not sys.stderr.isatty()
    ) as progress:

        def tell(name: str, done: int, total: int) -> None:
            if name not in bars:
                bars[name] = progress.add_task(name, total=total)
            progress.update(bars[name], completed=done, total=total)

        yield tell
