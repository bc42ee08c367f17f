"""Examine an installation: every line that is red says what to do."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from data.schemas.vocabulary import PostingStatus
from service.audit.errors import AuditError
from service.clock import SystemClock, modified_at
from service.commands.upkeep.findings import Finding, State, ago, ok, red
from service.commands.upkeep.migrate_database import database_exists
from service.commands.upkeep.read_sources import sources
from service.commands.verify_audit import UnreadableTrailError, verify_audit
from service.connectors.yaml_file import FileMistakesError
from service.ports.outside_errors import OutsideRefusedError, OutsideTransientError
from service.scoring.champion import RECORD, ReleasedBundle
from service.settings import NotConfiguredError, Settings
from service.store.audit_trail import pending_count
from service.store.control_totals import SqlControlBooks
from service.store.database import open_for_reading
from service.store.database_health import faults_of, is_sound, time_of
from service.store.migrate import NewerSchemaError, pending_migrations
from service.store.posting_screens import oldest_due
from service.usecases.upkeep.control_totals import control_totals
from service.wiring.outside import build_ledger

MOST_CLOCK_SKEW = timedelta(seconds=5)
MOST_PENDING = 10_000
"""Entries a running installation sequences within two seconds."""
WORKER_LATE = timedelta(minutes=3)
"""It looks round every minute."""
PROBE_TOKEN = "countersign-doctor"  # noqa: S105 - no secret: a token that no bill has


def examine(settings: Settings) -> Iterator[Finding]:
    """Examine everything that can be, one after the other; nothing is changed."""
    engine = open_for_reading(settings.database)
    try:
        database = _database(settings, engine)
        yield database
        yield from _folders(settings)
        if database.state is not State.RED:
            yield from _guarded("database settings", engine, _settings_of)
            yield from _guarded("clock", engine, _clock)
            yield from _guarded("control totals", engine, _totals)
            yield from _guarded("audit trail", engine, lambda one: _trail(settings, one))
            yield from _guarded("worker", engine, lambda one: _worker(settings, one))
            yield from _guarded("sources", engine, lambda _: sources(settings))
    finally:
        engine.dispose()
    if settings.home.is_dir():
        yield _bundle(settings)
        yield _ledger(settings)


def _guarded(
    what: str, engine: Engine, look: Callable[[Engine], Sequence[Finding]]
) -> Sequence[Finding]:
    try:
        return look(engine)
    except SQLAlchemyError as error:
        return [red(what, f"cannot be read: {error}", "restore the newest backup")]


def _database(settings: Settings, engine: Engine) -> Finding:
    if not database_exists(settings):
        return red("database", "does not exist yet", "look at --home, or run: countersign migrate")
    try:
        with engine.begin() as connection:
            damage = is_sound(connection)
            missing = pending_migrations(connection)
    except NewerSchemaError as error:
        return red("database", str(error), "start the newer version")
    except SQLAlchemyError as error:
        return red(
            "database",
            f"does not answer: {str(error).splitlines()[0]}",
            "start it, and look at COUNTERSIGN_DATABASE_URL and --home",
        )
    if damage:
        return red("database", f"is damaged: {damage}", "restore the newest backup")
    if missing:
        names = ", ".join(one.revision for one in missing)
        return red("database", f"lacks the migrations {names}", "run: countersign migrate")
    return ok("database", f"{engine.dialect.name}, with the newest schema")


def _settings_of(engine: Engine) -> Sequence[Finding]:
    with engine.begin() as connection:
        faults = list(faults_of(connection))
    if not faults:
        return [ok("database settings", "nothing that is acknowledged can be lost")]
    return [red("database settings", *fault.split("; ", 1)) for fault in faults]


def _folders(settings: Settings) -> Iterator[Finding]:
    for folder in (settings.home, settings.secrets_folder):
        if not folder.is_dir() or not os.access(folder, os.W_OK):
            yield red("folders", f"{folder} cannot be written", "create it, or let us write")
            return
    loose = [one for one in settings.secrets_folder.glob("*") if _is_open_to_others(one)]
    if loose:
        names = ", ".join(sorted(one.name for one in loose))
        yield red("folders", f"others may read {names}", "run: chmod 600 on these files")
    else:
        yield ok("folders", f"{settings.home} can be written, its keys are private")


def _is_open_to_others(path: Path) -> bool:
    return path.suffix in {".pem", ".secret"} and bool(path.stat().st_mode & 0o077)


def _clock(engine: Engine) -> Sequence[Finding]:
    with engine.begin() as connection:
        theirs = time_of(connection)
    skew = abs(theirs - SystemClock().now()) if theirs is not None else timedelta()
    if skew > MOST_CLOCK_SKEW:
        return [
            red("clock", f"differs from the database's by {skew}", "let both follow a time server")
        ]
    return [ok("clock", "agrees with the database's" if theirs else "the machine's own")]


def _totals(engine: Engine) -> Sequence[Finding]:
    with engine.begin() as connection:
        totals = control_totals(SqlControlBooks(connection))
    return [
        ok("control totals", f"{one.in_words()}; difference 0")
        if one.difference == 0
        else red(
            "control totals",
            f"{one.in_words()}; difference {one.difference:+,}",
            "stop billing, run countersign audit verify, and compare with the newest backup",
        )
        for one in totals
    ]


def _trail(settings: Settings, engine: Engine) -> Sequence[Finding]:
    try:
        check = verify_audit(settings)
    except (AuditError, UnreadableTrailError, OSError) as error:
        remedy = "restore secrets/audit_key.pub and the folder audit"
        return [red("audit trail", f"cannot be verified: {error}", remedy)]
    found = check.verification
    if not found.is_verified:
        first = found.problems[0]
        return [red("audit trail", first.what, first.remedy)]
    with engine.begin() as connection:
        pending = pending_count(connection)
    if pending > MOST_PENDING:
        unsealed = f"{pending:,} entries are not sealed"
        return [red("audit trail", unsealed, "start countersign serve")]
    return [ok("audit trail", f"{found.entries:,} entries verified, {pending:,} to be sealed")]


def _worker(settings: Settings, engine: Engine) -> Sequence[Finding]:
    now, seen = SystemClock().now(), modified_at(settings.worker_seen_file)
    if seen is not None and now - seen <= WORKER_LATE:
        return [ok("worker", f"looked round {ago(now - seen)}")]
    said = "never looked round" if seen is None else f"looked round {ago(now - seen)}"
    with engine.begin() as connection:
        due = oldest_due(connection)
    if due is not None and now - due > WORKER_LATE:
        waits = f"{said}, and a {PostingStatus.PENDING} bill waits since {due:%Y-%m-%d %H:%M} UTC"
        return [red("worker", waits, "start countersign serve, and look at logs/worker.log")]
    return [
        Finding(what="worker", state=State.WARNING, said=f"{said}; no bill waits",
                remedy="start countersign serve")
    ]  # fmt: skip


def _bundle(settings: Settings) -> Finding:
    bundle = ReleasedBundle(settings.bundles_folder, record=RECORD, on_change=lambda _: None)
    bundle.look()
    if bundle.refused is not None:
        return red("model", f"was refused: {bundle.refused}", "countersign models rollback")
    current = bundle.current()
    return ok("model", "none: rules alone decide" if current is None else f"{current.id} is whole")


def _ledger(settings: Settings) -> Finding:
    try:
        build_ledger(settings).find_by_token(PROBE_TOKEN)
    except (OutsideTransientError, OutsideRefusedError) as error:
        said = f"{settings.ledger} does not answer: {error}"
        return red("ledger", said, "start it, and look at the network between")
    except (NotConfiguredError, FileMistakesError) as error:
        return red("ledger", str(error), "set what is named, and run this again")
    return ok("ledger", f"{settings.ledger} answers")
