"""The commands of events: who is told of them, and by which secret."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from service.commands.events import Shell
from service.commands.shell import AsJson, Home, prepared, report
from service.domain.subscriber import OVERLAP, Subscriber
from service.wire.events import EVENT_KINDS
from service.wire.subscribers import SubscribeRequest

Login = Annotated[str, typer.Option(help="Your log-in name: events are sent in your name.")]
Password = Annotated[
    str,
    typer.Option(
        prompt=True,
        hide_input=True,
        help="Asked if not given.",
    ),
]
SubscriberId = Annotated[str, typer.Argument(help="Id of the subscriber; `list` shows it.")]
DAY, MOMENT = "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"


def add_event_commands(events: typer.Typer) -> None:
    """Add the commands of events."""
    example = "Example: countersign events"
    events.command("types", epilog=f"{example} types")(types_command)
    events.command(
        "subscribe",
        epilog=f"{example} subscribe https://hooks.example.org/in --login ingo "
        "--types countersign.posting.done",
    )(subscribe_command)
    events.command("list", epilog=f"{example} list --login ingo")(list_command)
    events.command("test", epilog=f"{example} test sub-01J --login ingo")(try_command)
    events.command("rotate-secret", epilog=f"{example} rotate-secret sub-01J --login ingo")(
        rotate_command
    )
    events.command("disable", epilog=f"{example} disable sub-01J --login ingo")(disable_command)
    events.command("enable", epilog=f"{example} enable sub-01J --login ingo")(enable_command)
    events.command(
        "replay", epilog=f"{example} replay sub-01J --from 2026-03-02T09:00:00 --login ingo"
    )(replay_command)


def types_command() -> None:
    """List every type of event, and what it tells."""
    for kind in EVENT_KINDS:
        typer.echo(f"{kind.name:<34} {kind.says}")


def subscribe_command(
    url: Annotated[str, typer.Argument(help="Address that events are posted to.")],
    login: Login,
    password: Password,
    types: Annotated[
        list[str] | None, typer.Option(help="A type of event; again for more; else all.")
    ] = None,
    *,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Have an address told of what happens from now on; its secret is shown this once."""
    shell = Shell(settings=prepared(home), login=login, password=password)
    made, secret = shell.subscribe(SubscribeRequest(url=url, types=tuple(types or ())))
    report({"subscriber": made.id, "secret": secret}, as_json=as_json)


def list_command(login: Login, password: Password, *, home: Home = None) -> None:
    """List who is told of events as JSON lines: state, last delivery, what waits since when."""
    shell = Shell(settings=prepared(home), login=login, password=password)
    for one in shell.subscribers():
        typer.echo(one.model_dump_json())


def try_command(
    subscriber_id: SubscriberId, login: Login, password: Password, *, home: Home = None
) -> None:
    """Send an event that tells of nothing, and say whether it was taken; else end with 1."""
    answer = Shell(settings=prepared(home), login=login, password=password).test(subscriber_id)
    typer.echo("taken" if answer.is_taken else f"not taken: {answer.why}")
    if not answer.is_taken:
        raise typer.Exit(1)


def rotate_command(
    subscriber_id: SubscriberId,
    login: Login,
    password: Password,
    *,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Make a new secret, shown this once; the one before it signs beside it for a day."""
    shell = Shell(settings=prepared(home), login=login, password=password)
    rotated, secret = shell.rotate(subscriber_id)
    hours = int(OVERLAP.total_seconds() // 3600)
    report(
        {"subscriber": rotated.id, "secret": secret, "old_secret_signs": f"for {hours} hours"},
        as_json=as_json,
    )


def disable_command(
    subscriber_id: SubscriberId,
    login: Login,
    password: Password,
    *,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Send nothing more to a subscriber; what waits stays."""
    shell = Shell(settings=prepared(home), login=login, password=password)
    _tell(shell.disable(subscriber_id), as_json=as_json)


def enable_command(
    subscriber_id: SubscriberId,
    login: Login,
    password: Password,
    *,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Go on with the event a subscriber stopped at."""
    shell = Shell(settings=prepared(home), login=login, password=password)
    _tell(shell.enable(subscriber_id), as_json=as_json)


def replay_command(
    subscriber_id: SubscriberId,
    since: Annotated[
        datetime, typer.Option("--from", formats=[DAY, MOMENT], help="Since when, in UTC.")
    ],
    login: Login,
    password: Password,
    *,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Send everything since a moment once more, in order and under the same ids."""
    shell = Shell(settings=prepared(home), login=login, password=password)
    _tell(shell.replay(subscriber_id, since=since.replace(tzinfo=UTC)), as_json=as_json)


def _tell(subscriber: Subscriber, *, as_json: bool) -> None:
    report(
        {"subscriber": subscriber.id, "status": subscriber.status.value, "why": subscriber.why},
        as_json=as_json,
    )
