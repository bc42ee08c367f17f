"""The commands of the review policy: show it, draft a change, publish a colleague's draft."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.commands.change_policy import draft_from_file, policy_in_force, publish_draft
from service.commands.shell import AsJson, Home, report, settings_of

Login = Annotated[str, typer.Option(help="Your log-in name: the trail says who did it.")]
Password = Annotated[str, typer.Option(prompt=True, hide_input=True, help="Asked if not given.")]


def add_policy_commands(policy: typer.Typer) -> None:
    """Add the commands of the review policy."""
    policy.command("show", epilog="Example: countersign policy show")(show_command)
    policy.command("draft", epilog="Example: countersign policy draft limits.yaml --login carla"
                   " --note 'Two large bills went out wrong'")(draft_command)  # fmt: skip
    policy.command("publish", epilog="Example: countersign policy publish pol_01J --login rosa")(
        publish_command
    )


def show_command(*, home: Home = None, as_json: AsJson = False) -> None:
    """Show the review policy in force: every limit, and which version it is."""
    report(policy_in_force(settings_of(home)), as_json=as_json)


def draft_command(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, help="YAML or JSON with the limits that change."
        ),
    ],
    login: Login,
    note: Annotated[str, typer.Option(help="Why the policy should change.")],
    password: Password,
    *,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Propose a change of the review policy; it holds once somebody else publishes it."""
    drafted = draft_from_file(settings_of(home), file, login=login, password=password, note=note)
    report(drafted, as_json=as_json)


def publish_command(
    draft_id: Annotated[str, typer.Argument(help="Id of a draft somebody else wrote.")],
    login: Login,
    password: Password,
    *,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Put a colleague's draft of the review policy in force."""
    published = publish_draft(settings_of(home), draft_id, login=login, password=password)
    report(published, as_json=as_json)
