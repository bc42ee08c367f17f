"""Writes docs/reference.md from the code: `python -m tests.golden.reference_page`."""

from __future__ import annotations

import inspect
import tempfile
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import typer.main
from pydantic import SecretStr, TypeAdapter
from starlette.testclient import TestClient

from data.schemas.catalogue import CATALOGUE
from data.schemas.vocabulary import REASONS_BY_VERDICT, AuditEvent, Lane, Role, Route, Scope
from service import cli
from service.api.problems import STATUS_OF
from service.app import create_app
from service.domain.actor import SCOPES_OF_ROLE
from service.settings import Settings
from tests.golden.markdown import attribute_docs, in_one_line, table, words

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference.md"


def reference_page() -> str:
    """Everything an outsider may name: settings, commands, routes, words."""
    parts = [
        "# Reference",
        "Written from the code by `python -m tests.golden.reference_page`; a test holds it there.",
        "## Commands",
        table(("command", "what it does"), _commands()),
        "## Settings",
        "Each is read once, from the environment.",
        table(("variable", "default", "meaning"), _settings()),
        "## Routes",
        "Every route but the two probes and the log-in pages needs a bearer token: the session of "
        "a person or the key of a workflow.",
        table(("route", "what it does"), _routes()),
        "## Problems",
        "Errors are problem details (RFC 9457) with `type`, `title`, `status`, `detail`, "
        "`instance`, `remedy` and, for malformed bodies, `problems`.",
        table(("status", "type", "meaning"), _problems()),
        "## Exceptions",
        "[What each says exactly](exceptions.md), with its clause and its price.",
        table(("id", "code", "title", "clause", "severity", "proved by"), _exceptions()),
        "## Routes of an item, and lanes of a case",
        f"Routes: {words(Route)}. Lanes: {words(Lane)}.",
        "## Verdicts and their reason codes",
        table(("verdict", "reasons"), _reasons()),
        "## Roles and scopes",
        f"Scopes of keys: {words(Scope)}.",
        table(("role", "scopes"), _roles()),
        "## Events of the audit trail",
        f"{words(AuditEvent)}.",
    ]
    return "\n\n".join(parts) + "\n"


def _commands() -> Iterable[tuple[str, ...]]:
    group = typer.main.get_command(cli.app)
    yield from _subcommands("countersign", group)


def _subcommands(prefix: str, group: object) -> Iterable[tuple[str, ...]]:
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from _subcommands(f"{prefix} {name}", command)
        else:
            yield f"`{prefix} {name}`", in_one_line(command.help)


def _settings() -> Iterable[tuple[str, ...]]:
    meaning = attribute_docs(Settings)
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        shown = "" if isinstance(default, SecretStr) else _as_written(default)
        text = meaning.get(name, name.replace("_", " "))
        yield f"`COUNTERSIGN_{name.upper()}`", shown, text


def _as_written(default: object) -> str:
    """Give a default as it would stand in the environment; empty where nothing would."""
    if isinstance(default, timedelta):
        return f"`{TypeAdapter(timedelta).dump_python(default, mode='json')}`"
    return "" if default in (None, "", (), {}) else f"`{default}`"


def _routes() -> Iterable[tuple[str, ...]]:
    paths = _paths()
    for path in sorted(paths):
        for method, operation in sorted(paths[path].items()):
            summary = operation["description"].split("\n")[0]
            yield f"`{method.upper()} {path}`", summary


def _paths() -> dict[str, dict[str, dict[str, str]]]:
    """The routes of the application as it is served, so that none can be forgotten."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(home=Path(folder)))
        with TestClient(app):
            return app.openapi()["paths"]


def _problems() -> Iterable[tuple[str, ...]]:
    from service.api.problems import _kind  # noqa: PLC0415

    for error, status in sorted(STATUS_OF.items(), key=lambda pair: (pair[1], pair[0].__name__)):
        yield str(int(status)), f"`{_kind(error)}`", inspect.getdoc(error).split("\n")[0]


def _exceptions() -> Iterable[tuple[str, ...]]:
    for kind in CATALOGUE.values():
        clause = f"`{kind.clause}`" if kind.clause else ""
        yield (
            kind.id,
            f"`{kind.code}`",
            kind.title,
            clause,
            str(kind.severity),
            " and ".join(sorted(kind.proofs)),
        )


def _reasons() -> Iterable[tuple[str, ...]]:
    for verdict, reasons in REASONS_BY_VERDICT.items():
        yield f"`{verdict}`", ", ".join(f"`{reason}`" for reason in reasons)


def _roles() -> Iterable[tuple[str, ...]]:
    for role in Role:
        yield f"`{role}`", ", ".join(f"`{scope}`" for scope in sorted(SCOPES_OF_ROLE[role]))


if __name__ == "__main__":
    PAGE.write_text(reference_page(), encoding="utf-8")
