"""The command `countersign`."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from data.schemas.vocabulary import PostingStatus, Role, Scope
from service.clock import SystemClock
from service.commands.add_person import (
    add_key,
    add_person,
    add_person_once,
    people,
    reset_person,
)
from service.commands.check_file import check_file
from service.commands.connections.cli import add_connection_commands
from service.commands.connections.group import SyncGroup
from service.commands.demo import DemoPlan, run_demo, run_demo_once
from service.commands.evaluate_commands import add_evaluate_commands
from service.commands.event_commands import add_event_commands
from service.commands.flows_commands import add_flows_commands
from service.commands.import_file import import_file
from service.commands.import_progress import watching
from service.commands.key_examples import KEY_EXAMPLES
from service.commands.models_commands import add_models_commands
from service.commands.plain_errors import PlainErrors
from service.commands.policy_commands import add_policy_commands
from service.commands.postings import posting_reasons, postings, retry_postings
from service.commands.replay import replay_assessment
from service.commands.serve import serve
from service.commands.shell import AsJson, Home, prepared, report, say, settings_of
from service.commands.show_allocation import allocation_in_words, show_allocation
from service.commands.syncing.cli import add_sync_commands
from service.commands.terms.cli import add_terms_commands
from service.commands.upkeep.cli import add_upkeep_commands
from service.commands.verify_audit import verify_audit

app = typer.Typer(
    cls=PlainErrors,
    help="Countersign reads every billable item before it is billed.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
audit_app = typer.Typer(help="The audit trail.", no_args_is_help=True)
sync_app = typer.Typer(
    cls=SyncGroup,
    help="Pull work from business systems; `sync FILE` does so by a connection file.",
    no_args_is_help=True,
)
person_app = typer.Typer(help="People who log in.", no_args_is_help=True)
key_app = typer.Typer(help="Keys of workflows.", no_args_is_help=True)
posting_app = typer.Typer(help="Bills on their way to the ledger.", no_args_is_help=True)
app.add_typer(audit_app, name="audit")
app.add_typer(sync_app, name="sync")
app.add_typer(person_app, name="person")
app.add_typer(key_app, name="key")
app.add_typer(posting_app, name="posting")
policy_app = typer.Typer(help="The review policy of the desk.", no_args_is_help=True)
app.add_typer(policy_app, name="policy")
add_policy_commands(policy_app)
connection_app = typer.Typer(help="Connections to systems by a file.", no_args_is_help=True)
app.add_typer(connection_app, name="connection")
add_connection_commands(connection_app)
add_sync_commands(sync_app)
events_app = typer.Typer(help="Events, and who is told of them.", no_args_is_help=True)
app.add_typer(events_app, name="events")
add_event_commands(events_app)
flows_app = typer.Typer(help="What the engine carries out by itself.", no_args_is_help=True)
app.add_typer(flows_app, name="flows")
add_flows_commands(flows_app)
terms_app = typer.Typer(help="The terms of contracts.", no_args_is_help=True)
app.add_typer(terms_app, name="terms")
add_terms_commands(terms_app)
models_app = typer.Typer(help="Released models.", no_args_is_help=True)
app.add_typer(models_app, name="models")
add_models_commands(app, models_app)
evaluate_app = typer.Typer(help="Measure what is promised.", no_args_is_help=True)
app.add_typer(evaluate_app, name="evaluate")
add_evaluate_commands(evaluate_app)
add_upkeep_commands(app)


@app.command("demo", epilog="Example: countersign demo --people 30 --months 24")
def demo_command(
    home: Home = None,
    once: Annotated[
        bool,
        typer.Option("--once", help="Run the whole line, print a summary, end."),
    ] = False,
    people: Annotated[int, typer.Option(min=16, help="People in the firm.")] = 60,
    months: Annotated[int, typer.Option(min=8, help="Months of work.")] = 27,
    seed: Annotated[int, typer.Option(help="Same seed, same firm.")] = 7,
    decisions: Annotated[int, typer.Option(min=0, help="Cases decided with --once.")] = 100,
    as_json: AsJson = False,
) -> None:
    """Run everything on a generated firm: train, serve, review, post, verify."""
    settings = settings_of(home)
    plan = DemoPlan(people=people, months=months, seed=seed, decisions=decisions)
    if once:
        quick = settings.model_copy(update={"undo_seconds": min(settings.undo_seconds, 1.0)})
        report(run_demo_once(quick, plan, say=say), as_json=True)
        return
    del as_json
    run_demo(settings, plan, say=say, until=_told_to_end())


@app.command("serve", epilog="Example: countersign serve --workers 4")
def serve_command(
    home: Home = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="Posting workers; more than one needs PostgreSQL."),
    ] = None,
) -> None:
    """Run the API, the posting workers and the review app, and restart what dies."""
    settings = settings_of(home)
    if workers is not None:
        settings = settings.model_copy(update={"workers": workers})
    serve(settings, say=say, until=_told_to_end())


@audit_app.command("verify", epilog="Example: countersign audit verify --public-key audit_key.pub")
def audit_verify_command(
    home: Home = None,
    public_key: Annotated[
        Path | None, typer.Option(help="The public key you trust; by default the home's own.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Prove that no entry was edited, removed, reordered or cut off. Ends with 1 if one was."""
    check = verify_audit(settings_of(home), public_key=public_key)
    found = check.verification
    for problem in found.problems:
        typer.echo(f"{problem.what}\n  why: {problem.why}\n  do:  {problem.remedy}", err=True)
    report(
        {
            "audit_verified": found.is_verified,
            "entries": found.entries,
            "entries_vouched": found.entries_vouched,
            "checkpoints": found.checkpoints,
            "pending": check.pending,
            "problems": len(found.problems),
        },
        as_json=as_json,
    )
    raise typer.Exit(0 if found.is_verified else 1)


@app.command(
    "import",
    epilog="Example: countersign import hours.csv --mapping hours.yaml",
)
def import_command(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="CSV, XLSX, JSON, NDJSON or Parquet."),
    ],
    mapping: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="Mapping in YAML.")],
    home: Home = None,
    rejections: Annotated[
        Path | None,
        typer.Option(help="Write rejected rows with reasons here: .csv, .xlsx or .ndjson."),
    ] = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="Begin anew where a run was cut off.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read a file by a mapping and take what it holds; repeating it changes nothing."""
    progress = watching()
    try:
        result = import_file(
            prepared(home),
            file,
            mapping=mapping,
            rejections=rejections,
            say=say,
            progress=progress,
            is_restarted=restart,
        )
    finally:
        progress.end()
    report(result, as_json=as_json)


@app.command("replay", epilog="Example: countersign replay asm_01JABCDEF --json")
def replay_command(
    assessment_id: Annotated[str, typer.Argument(help="Id of a stored assessment.")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Assess an item once more as of then, and compare every byte. Ends with 1 if one differs."""
    found = replay_assessment(settings_of(home), assessment_id)
    report(
        {
            "assessment": assessment_id,
            "is_equal": not found.differences,
            "differs_in": list(found.differences),
            "rules_then": found.stored.versions.rules,
            "rules_now": found.rules_now,
        },
        as_json=as_json,
    )
    raise typer.Exit(1 if found.differences else 0)


@app.command("check", epilog="Example: countersign check billed_2025.parquet --terms terms.yaml")
def check_command(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="Time entries in Parquet.")
    ],
    terms: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Terms in YAML; by default the home's."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Write every finding here, in Parquet.")
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Check millions of past time entries against the terms; nothing is stored."""
    settings = prepared(home)
    found = check_file(
        settings, file, terms=terms, out=out, decided_at=SystemClock().now(), say=say
    )
    if as_json:
        report(found.in_figures(), as_json=True)
        return
    for line in found.in_words():
        typer.echo(line)


@person_app.command("add", epilog="Example: countersign person add ana --name Ana --role reviewer")
def person_add_command(
    login: Annotated[str, typer.Argument(help="Log-in name.")],
    name: Annotated[str, typer.Option(help="Name as colleagues know it.")],
    role: Annotated[list[Role], typer.Option(help="What the person may do; may be repeated.")],
    password: Annotated[
        str | None, typer.Option(help="Asked for without it, and then not shown.")
    ] = None,
    one_time: Annotated[
        bool,
        typer.Option("--one-time", help="Print a one-time password; they choose their own."),
    ] = False,
    home: Home = None,
) -> None:
    """Give a person a log-in, or change the name, password and roles of one."""
    settings = prepared(home)
    if one_time:
        typer.echo(add_person_once(settings, login=login, name=name, roles=role))
    else:
        given = password or typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        add_person(settings, login=login, name=name, password=given, roles=role)
    typer.echo(f"{login} can log in as {', '.join(role)}.", err=one_time)


@person_app.command("reset-password", epilog="Example: countersign person reset-password ana")
def person_reset_command(
    login: Annotated[str, typer.Argument(help="Log-in name.")], home: Home = None
) -> None:
    """Print a one-time password for a person; their sessions end. It is shown once."""
    typer.echo(reset_person(prepared(home), login=login))
    say(f"{login} chooses an own password at the next log-in.")


@person_app.command("list", epilog="Example: countersign person list")
def person_list_command(home: Home = None) -> None:
    """List everybody who may log in, or once could."""
    for one in people(prepared(home)):
        state = "" if one.is_active else "  (shut)"
        typer.echo(f"{one.login:<20} {one.name:<30} {', '.join(sorted(one.roles))}{state}")


@key_app.command("add", epilog=KEY_EXAMPLES)
def key_add_command(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    scope: Annotated[
        list[Scope],
        typer.Option(metavar="<scope>", help="What the key may do, see below; may be repeated."),
    ],
    home: Home = None,
) -> None:
    """Give a workflow a key. It is shown once."""
    typer.echo(add_key(prepared(home), name=name, scopes=scope))


@posting_app.command("list", epilog="Example: countersign posting list --status refused")
def posting_list_command(
    home: Home = None,
    status: Annotated[
        PostingStatus, typer.Option(help="'refused' is the exception queue.")
    ] = PostingStatus.REFUSED,
) -> None:
    """List postings as JSON lines, newest first."""
    for one in postings(prepared(home), status=status):
        typer.echo(one.model_dump_json())


@posting_app.command("reasons", epilog="Example: countersign posting reasons")
def posting_reasons_command(home: Home = None) -> None:
    """Give the exception queue by reason as JSON lines, the most frequent first."""
    for one in posting_reasons(prepared(home)):
        typer.echo(one.model_dump_json())


@posting_app.command(
    "retry",
    epilog="Examples: countersign posting retry --all; "
    "countersign posting retry --reason permanent/the_period_is_closed",
)
def posting_retry_command(
    posting_id: Annotated[list[str] | None, typer.Argument(help="Ids of refused postings.")] = None,
    home: Home = None,
    every: Annotated[bool, typer.Option("--all", help="Every refused posting.")] = False,
    reason: Annotated[
        str, typer.Option(help="Every refused posting of one reason; see 'posting reasons'.")
    ] = "",
) -> None:
    """Have refused postings tried once more, after the cause was mended."""
    if not (every or posting_id or reason):
        raise typer.BadParameter("name the postings, or give --reason or --all")
    settings = prepared(home)
    found = postings(settings, status=PostingStatus.REFUSED)
    refused = [one.id for one in found]
    alike = [one.id for one in found if reason and one.reason == reason]
    wanted = refused if every else [*(posting_id or []), *alike]
    retried = retry_postings(settings, posting_ids=wanted)
    say(f"{len(retried)} of {len(refused)} refused postings are tried again")
    for one in retried:
        typer.echo(one)


@terms_app.command("allocation", epilog="Example: countersign terms allocation C-1 --line L-1")
def terms_allocation_command(
    contract: Annotated[str, typer.Argument(help="Id of the contract.")],
    line: Annotated[str | None, typer.Option(help="The ceiling of one line.")] = None,
    client: Annotated[str | None, typer.Option(help="The ceiling of one customer.")] = None,
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day whose ceiling it is; by default today."),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Explain who used up a ceiling, entry by entry, and what another order would pay."""
    day = (on or SystemClock().now()).date()
    allocation = show_allocation(prepared(home), contract, line_id=line, client_id=client, on=day)
    if as_json:
        typer.echo(allocation.model_dump_json())
        return
    for one in allocation_in_words(allocation):
        typer.echo(one)


def _told_to_end() -> Callable[[], bool]:
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    return told.is_set


if __name__ == "__main__":
    app()
