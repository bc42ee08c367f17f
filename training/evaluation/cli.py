"""Measure the models: `python -m training.evaluation.cli [--quick] [--json]`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from training.evaluation.closed_loop import evaluate_loop
from training.evaluation.heads import evaluate_heads
from training.evaluation.promise import evaluate_promises
from training.outside.evaluate import MappingError, evaluate_outside
from training.report import Report, as_text

app = typer.Typer(
    help="Measure the models.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
NO_FOLDER = "no folder of real data was named: give one with --outside FOLDER"


class Part(StrEnum):
    """What can be measured by itself."""

    HEADS = "heads"
    PROMISE = "promise"
    OUTSIDE = "outside"
    LOOP = "loop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much is measured; the figures are the same."""

    head_seeds: int
    entries: int
    firms: int
    loop_seeds: int


WHOLE = Scale(head_seeds=10, entries=200_000, firms=400, loop_seeds=3)
QUICK = Scale(head_seeds=2, entries=100_000, firms=200, loop_seeds=1)
FIRST = ("oracle_share_pr_auc", "ece", "promise_broken_share")
"""The figures that the JSON ends with begin with these."""


@app.command(epilog="Example: countersign evaluate models --quick --json")
def evaluate_command(
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer and smaller firms; the same figures.")
    ] = False,
    only: Annotated[
        list[Part] | None, typer.Option(help="Measure this part alone; may be repeated.")
    ] = None,
    outside: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="Folder of real data that the mappings in data/outside read.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="End with one line of JSON for machines.")
    ] = False,
    firms: Annotated[int | None, typer.Option(min=1, hidden=True)] = None,
) -> None:
    """Measure heads, promise, real data and the closed loop; a table each, and JSON at the end."""
    scale = QUICK if quick else WHOLE
    if firms is not None:
        scale = replace(scale, firms=firms)
    parts = _parts(only, outside=outside)
    figures: dict[str, float] = {}
    try:
        for report in _reports(scale, parts=parts, outside=outside):
            typer.echo(f"{as_text(report)}\n")
            figures |= report.figures
    except MappingError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(code=1) from error
    if as_json:
        typer.echo(json.dumps(_in_order(figures)))


def _parts(only: list[Part] | None, *, outside: Path | None) -> list[Part]:
    """What to measure: real data only where there are any."""
    if outside is not None:
        return only or list(Part)
    if only and Part.OUTSIDE in only:
        raise typer.BadParameter(NO_FOLDER)
    if not only:
        typer.echo(f"{Part.OUTSIDE.value} is left out: {NO_FOLDER}", err=True)
    return only or [part for part in Part if part is not Part.OUTSIDE]


def _reports(scale: Scale, *, parts: list[Part], outside: Path | None) -> Iterator[Report]:
    started = time.monotonic()

    def teller(part: Part) -> Callable[[str], None]:
        def tell(line: str) -> None:
            typer.echo(f"{time.monotonic() - started:6.0f} s  {part.value}: {line}", err=True)

        tell(f"part {parts.index(part) + 1} of {len(parts)}")
        return tell

    if Part.HEADS in parts:
        seeds = range(1, scale.head_seeds + 1)
        yield evaluate_heads(seeds=seeds, entries=scale.entries, progress=teller(Part.HEADS))
    if Part.PROMISE in parts:
        yield from evaluate_promises(firms=scale.firms, progress=teller(Part.PROMISE))
    if Part.OUTSIDE in parts:
        yield evaluate_outside(outside, progress=teller(Part.OUTSIDE))
    if Part.LOOP in parts:
        seeds = range(1, scale.loop_seeds + 1)
        yield evaluate_loop(seeds=seeds, progress=teller(Part.LOOP))


def _in_order(figures: dict[str, float]) -> dict[str, float]:
    names = [*(name for name in FIRST if name in figures),
             *(name for name in figures if name not in FIRST)]  # fmt: skip
    return {name: round(figures[name], 6) for name in names}


if __name__ == "__main__":
    app()
