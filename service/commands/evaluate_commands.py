"""The commands `countersign evaluate ...`: measure what is promised."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.commands.evaluate_models import ModelEvaluation, Part, evaluate_models
from service.commands.evaluate_rules import EvaluationPlan, evaluate_firms, report_lines
from service.commands.shell import AsJson, say, settings_of
from service.settings import environment

MODELS_EXAMPLES = (
    "Examples: countersign evaluate models --quick --json; "
    "countersign evaluate models --only heads --only loop; "
    "countersign evaluate models --only outside --outside FOLDER"
)


def add_evaluate_commands(evaluate_app: typer.Typer) -> None:
    """Put these commands into the group `evaluate`."""
    evaluate_app.callback()(measure)
    evaluate_app.command("rules", epilog="Example: countersign evaluate rules --seeds 20 --json")(
        rules_command
    )
    evaluate_app.command("models", epilog=MODELS_EXAMPLES)(models_command)


def measure() -> None:
    """Measure what is promised, on generated firms whose truth is known."""


def rules_command(
    *,
    seeds: Annotated[int, typer.Option(min=1, help="How many firms to generate.")] = 20,
    people: Annotated[int, typer.Option(min=6, help="People in each firm.")] = 24,
    months: Annotated[int, typer.Option(min=1, help="Months of work in each firm.")] = 6,
    show: Annotated[
        int, typer.Option(min=0, help="Show so many rows on which rules and truth differ.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Check generated firms as their items arrive: faults found, missed and invented, by kind."""
    plan = EvaluationPlan(seeds=seeds, people=people, months=months)
    result = evaluate_firms(plan, say=say)
    for line in report_lines(result, as_json=as_json, show=show):
        typer.echo(line)


def models_command(
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
            exists=True, file_okay=False, help="Folder of real data to learn from and be judged on."
        ),
    ] = None,
    firms: Annotated[int | None, typer.Option(min=1, hidden=True)] = None,
    as_json: AsJson = False,
) -> None:
    """Train and judge models on firms of known truth, on real data, and in a closed loop."""
    asked = ModelEvaluation(
        is_quick=quick, only=only or (), outside=outside, as_json=as_json, firms=firms
    )
    code = evaluate_models(asked, environment=environment(settings_of(None)))
    raise typer.Exit(code=code)
