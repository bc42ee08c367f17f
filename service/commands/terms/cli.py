"""The commands `countersign terms ...`: write, check, propose, confirm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from data.schemas.batch import problems
from data.schemas.proposals import ProposalStatus
from service.commands.shell import AsJson, Home, counted, prepared, report, say, settings_of
from service.commands.terms.check import check_in_words, check_report, put_terms
from service.commands.terms.learn import learn_clauses, learned_in_words, learned_report
from service.commands.terms.propose import (
    confirm_as,
    dismiss_as,
    list_proposals,
    proposal_in_words,
    propose_from_document,
)
from service.commands.terms.schema import terms_schema
from service.connectors.terms_check import check_terms
from service.scoring.clause_reader import LEARNED
from service.wire.proposals import ConfirmRequest

TermsPath = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="YAML or JSON.")]
Login = Annotated[str, typer.Option(help="Your log-in name: the trail says who did it.")]
Password = Annotated[
    str, typer.Option(prompt=True, hide_input=True, help="Asked for where it is not given.")
]
ProposalId = Annotated[str, typer.Argument(help="Id of the proposal.")]


def add_terms_commands(terms_app: typer.Typer) -> None:
    """Put these commands into the group `terms`."""
    terms_app.command("schema", epilog="Example: countersign terms schema > terms.schema.json")(
        schema_command
    )
    terms_app.command("check", epilog="Example: countersign terms check terms.yaml")(check_command)
    terms_app.command("put", epilog="Example: countersign terms put terms.yaml")(put_command)
    terms_app.command(
        "learn", epilog="Example: countersign terms learn clauses.csv --mapping mapping.yaml"
    )(learn_command)
    terms_app.command("propose", epilog="Example: countersign terms propose C-1 contract.txt")(
        propose_command
    )
    terms_app.command("proposals", epilog="Example: countersign terms proposals C-1")(
        proposals_command
    )
    terms_app.command("confirm", epilog="Example: countersign terms confirm prop-1 --login anna")(
        confirm_command
    )
    terms_app.command(
        "dismiss",
        epilog="Example: countersign terms dismiss prop-1 --login anna --reason 'agreed otherwise'",
    )(dismiss_command)


def schema_command() -> None:
    """Print the JSON Schema of a terms file."""
    typer.echo(terms_schema(), nl=False)


def check_command(file: TermsPath, as_json: AsJson = False) -> None:
    """Explain every mistake of a terms file with its line and remedy. Ends with 1 if it has one."""
    found = check_terms(file)
    if as_json:
        typer.echo(json.dumps(check_report(found)))
    else:
        for line in check_in_words(found):
            typer.echo(line)
        say(f"{counted(len(found.mistakes), 'mistake')}, {counted(len(found.warnings), 'warning')}")
    raise typer.Exit(1 if found.mistakes else 0)


def put_command(file: TermsPath, home: Home = None, as_json: AsJson = False) -> None:
    """Take the clients and contracts of a terms file into use; repeating it changes nothing."""
    report(put_terms(prepared(home), file, say=say), as_json=as_json)


def learn_command(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, JSON or NDJSON.")],
    mapping: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="Mapping in YAML.")],
    home: Home = None,
    folds: Annotated[int, typer.Option(min=2, max=20, help="Folds, cut by contract.")] = 5,
    out: Annotated[
        Path | None, typer.Option(help="Where the classifier goes; by default the home folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Learn to type clauses from a labelled set; print the F1 of each label over the folds."""
    kept = out or settings_of(home).clauses_folder / LEARNED
    learned = learn_clauses(file, mapping=mapping, folds=folds, out=kept, say=say)
    if as_json:
        typer.echo(json.dumps(learned_report(learned)))
        return
    for line in learned_in_words(learned):
        typer.echo(line)


def propose_command(
    contract: Annotated[str, typer.Argument(help="Id of the contract.")],
    document: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Text, UTF-8.")],
    line: Annotated[str | None, typer.Option(help="The line the document is about.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Read clauses out of a contract's text; none is in force until a person confirms it."""
    answer = propose_from_document(prepared(home), contract, document, line_id=line)
    if as_json:
        typer.echo(answer.model_dump_json())
        return
    for one in answer.proposals:
        typer.echo(proposal_in_words(one))
    for note in answer.notes:
        say(note)
    say(
        f"{len(answer.proposals)} proposed, {answer.already_known} known before, "
        f"{answer.dropped_quotes} quotes dropped"
    )


def proposals_command(
    contract: Annotated[str, typer.Argument(help="Id of the contract.")],
    home: Home = None,
    status: Annotated[ProposalStatus | None, typer.Option(help="By default all.")] = None,
    as_json: AsJson = False,
) -> None:
    """List what was proposed for a contract, oldest first; with --json one object a line."""
    for one in list_proposals(prepared(home), contract, status=status):
        typer.echo(one.model_dump_json() if as_json else proposal_in_words(one))


def confirm_command(
    proposal: ProposalId,
    login: Login,
    password: Password,
    home: Home = None,
    terms: Annotated[
        str | None, typer.Option(help="Corrected terms as JSON, with their kind.")
    ] = None,
    valid_from: Annotated[str | None, typer.Option(help="First day in force, 2026-03-02.")] = None,
    line: Annotated[str | None, typer.Option(help="The line it governs.")] = None,
) -> None:
    """Put a proposed clause in force, in your name."""
    request = _corrections(terms=terms, valid_from=valid_from, line=line)
    settled = confirm_as(prepared(home), proposal, request, login=login, password=password)
    typer.echo(f"{settled.clause_id} is in force in contract {settled.contract_id}.")


def dismiss_command(
    proposal: ProposalId,
    login: Login,
    password: Password,
    reason: Annotated[str, typer.Option(help="Why it is turned down.")],
    home: Home = None,
) -> None:
    """Turn a proposed clause down, in your name."""
    if not reason.strip():
        raise typer.BadParameter("--reason is empty: write why; the audit trail keeps it")
    settled = dismiss_as(prepared(home), proposal, reason=reason, login=login, password=password)
    typer.echo(f"{settled.id} is dismissed; contract {settled.contract_id} is unchanged.")


def _corrections(*, terms: str | None, valid_from: str | None, line: str | None) -> ConfirmRequest:
    try:
        given = {
            "terms": None if terms is None else json.loads(terms),
            "valid_from": valid_from,
            "line_id": line,
        }
        return ConfirmRequest.model_validate_json(json.dumps(given))
    except json.JSONDecodeError as error:
        raise typer.BadParameter(f"--terms is no JSON: {error}") from error
    except ValidationError as error:
        told = "; ".join(
            f"{one.field} {one.value}: {one.reason.removeprefix('Value error, ')}"
            for one in problems(error)
        )
        raise typer.BadParameter(told) from error
