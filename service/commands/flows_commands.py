"""`countersign flows`: what the engine carries out, listed, paused, resumed and cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Annotated

import typer

from data.schemas.vocabulary import FlowState, Role
from service.clock import SystemClock
from service.commands.opened import opened
from service.commands.shell import AsJson, Home, prepared, report, say
from service.domain.actor import Actor
from service.settings import Settings
from service.store.unit_of_work import WorkOpener
from service.usecases.flows.one_transaction import in_one_transaction
from service.usecases.flows.show_flows import flow_detail, flow_page
from service.usecases.flows.steer_flow import cancel_flow, pause_flow, resume_flow
from service.usecases.flows.stop_posting import start_posting, stop_posting
from service.wire.flows import FlowView
from service.workflows.steering import DbosFlows

SHELL = Actor(id="command-line", name="Command line", roles=frozenset({Role.ADMIN, Role.APPROVER}))
"""Whoever has the shell has the database; the audit trail says that it was the shell."""
FlowId = Annotated[str, typer.Argument(help="Id of the flow, from 'countersign flows list'.")]
Why = Annotated[str, typer.Option("--reason", help="Why; the audit trail keeps it.")]


def add_flows_commands(app: typer.Typer) -> None:
    """Put the commands about flows under `app`."""
    app.command("list", epilog="Example: countersign flows list --state paused")(list_command)
    app.command("show", epilog="Example: countersign flows show post_billings-post-0660...")(
        show_command
    )
    app.command("pause", epilog='Example: countersign flows pause ID --reason "wrong period"')(
        pause_command
    )
    app.command("resume", epilog='Example: countersign flows resume ID --reason "period opened"')(
        resume_command
    )
    app.command("cancel", epilog='Example: countersign flows cancel ID --reason "billed by hand"')(
        cancel_command
    )
    app.command("stop-all", epilog='Example: countersign flows stop-all --reason "year end"')(
        stop_all_command
    )
    app.command("start-all", epilog='Example: countersign flows start-all --reason "books open"')(
        start_all_command
    )


def list_command(
    *,
    home: Home = None,
    state: Annotated[
        list[FlowState] | None, typer.Option(help="May be repeated; by default the unended.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="The newest so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List flows, newest first."""
    with _at(prepared(home)) as (flows, work), work() as uow:
        page = flow_page(
            states=state or (), limit=limit, flows=flows, uow=uow, now=SystemClock().now()
        )
    if as_json:
        typer.echo(page.model_dump_json())
        return
    if page.posting_stopped is not None:
        stop = page.posting_stopped
        typer.echo(f"All posting is stopped by {stop.by_name} since {stop.at:%F %R}: {stop.reason}")
    for one in page.flows:
        typer.echo(_line(one))
    if not page.flows:
        say("No such flow: everything that was to be done is done.")


def show_command(*, flow_id: FlowId, home: Home = None, as_json: AsJson = False) -> None:
    """Show one flow with its steps."""
    with _at(prepared(home)) as (flows, work), work() as uow:
        found = flow_detail(flow_id, flows=flows, uow=uow, now=SystemClock().now())
    if as_json:
        typer.echo(found.model_dump_json())
        return
    typer.echo(_line(found.flow))
    for one in found.steps:
        at = f"{one.ended_at:%F %T}" if one.ended_at else "not ended"
        failed = "failed: " if one.has_failed else ""
        typer.echo(f"  {at}  {one.name.replace('_', ' ')}: {failed}{one.outcome}")


def pause_command(*, flow_id: FlowId, reason: Why, home: Home = None) -> None:
    """Hold a flow back; a step that runs now is finished first."""
    settings, now = prepared(home), SystemClock().now()
    with _at(settings) as (flows, work):
        pause_flow(
            flow_id, reason=reason, actor=SHELL, flows=flows, run=in_one_transaction(work), now=now
        )
    say(f"{flow_id} is paused.")


def resume_command(*, flow_id: FlowId, reason: Why, home: Home = None) -> None:
    """Let a paused flow go on."""
    settings, now = prepared(home), SystemClock().now()
    with _at(settings) as (flows, work):
        resume_flow(
            flow_id, reason=reason, actor=SHELL, flows=flows, run=in_one_transaction(work), now=now
        )
    say(f"{flow_id} goes on.")


def cancel_command(
    *, flow_id: FlowId, reason: Why, home: Home = None, as_json: AsJson = False
) -> None:
    """Cancel the bills of a flow that have not left; what may have left is refused."""
    settings, now = prepared(home), SystemClock().now()
    with _at(settings) as (flows, work):
        gone = cancel_flow(
            flow_id, reason=reason, actor=SHELL, flows=flows, run=in_one_transaction(work), now=now
        )
    report({"flow": flow_id, "cancelled": list(gone)}, as_json=as_json)


def stop_all_command(*, reason: Why, home: Home = None) -> None:
    """Stop all posting: what is being sent is sent to its end, and nothing else begins."""
    settings, now = prepared(home), SystemClock().now()
    with _at(settings) as (flows, work):
        stop_posting(reason=reason, actor=SHELL, flows=flows, run=in_one_transaction(work), now=now)
    say("All posting is stopped. 'countersign flows start-all' starts it again.")


def start_all_command(*, reason: Why, home: Home = None) -> None:
    """Start posting again; flows that were paused one by one stay paused."""
    settings, now = prepared(home), SystemClock().now()
    with _at(settings) as (flows, work):
        start_posting(
            reason=reason, actor=SHELL, flows=flows, run=in_one_transaction(work), now=now
        )
    say("Bills leave again.")


@contextmanager
def _at(settings: Settings) -> Iterator[tuple[DbosFlows, WorkOpener]]:
    with closing(DbosFlows(settings.database)) as flows, opened(settings) as work:
        yield flows, work


def _line(one: FlowView) -> str:
    minutes = one.age_seconds // 60
    held = f"  held by {one.hold.by_name}: {one.hold.reason}" if one.hold else ""
    then = f"  next {one.next_try_at:%F %R}" if one.next_try_at else ""
    left = f", {one.bills_left} of {one.bills} bills to leave" if one.bills else ""
    return (
        f"{one.id}  {one.state.value}  {one.kind.value.replace('_', ' ')}  {one.about}{left}"
        f"  {minutes} min old, {one.tries} tries{then}{held}"
    )
