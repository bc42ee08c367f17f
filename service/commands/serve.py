"""Serve: the processes of an installation under one supervisor."""

from __future__ import annotations

from collections.abc import Callable

from service.clock import SystemClock
from service.commands.add_person import FIRST_ADMIN, first_admin
from service.home import prepare_home
from service.settings import LedgerName, NotConfiguredError, Settings
from service.store.database import is_sqlite
from service.supervisor import Supervisor, api_part, review_part, worker_parts
from service.wiring.outside import build_ledger, build_messengers
from service.wiring.sync_plan import refuse_unready_syncs


def serve(settings: Settings, *, say: Callable[[str], None], until: Callable[[], bool]) -> None:
    """Run the API, the posting worker and the review app until told to end.

    Raises NotConfiguredError, FileMistakesError, MissingSecretError or NotStartedError.
    """
    _refuse_half_settings(settings)
    _refuse_idle_workers(settings)
    refuse_unready_syncs(settings)
    prepare_home(settings, clock=SystemClock())
    say("effective settings:")
    for name, value in settings.model_dump(mode="json").items():
        say(f"  {name} = {value}")
    say("starting the API, the posting worker and the review app; this may take half a minute")
    supervisor = Supervisor(
        settings, [api_part(settings), *worker_parts(settings), review_part(settings)]
    )
    supervisor.start()
    try:
        _say_first_log_in(settings, say=say)
        say(f"review queue {settings.review_url}, API {settings.api_url}; stop with Ctrl-C")
        supervisor.watch(until=until)
    finally:
        supervisor.stop()


def _say_first_log_in(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Tell the first administrator's way in; nothing of it is kept that could tell it again."""
    password = first_admin(settings)
    if password is None:
        return
    say(f"first log-in: {FIRST_ADMIN}, one-time password {password}")
    say("  it is shown this once; `countersign person reset-password admin` gives another one")


def _refuse_half_settings(settings: Settings) -> None:
    """Tell a missing setting here, where a person reads it: the worker would die of it for ever."""
    if settings.ledger is not LedgerName.SANDBOX:
        build_ledger(settings)
    build_messengers(settings)


def _refuse_idle_workers(settings: Settings) -> None:
    """One SQLite file has one writer at a time: a second worker was measured to post no more."""
    if settings.workers > 1 and is_sqlite(settings.database):
        raise NotConfiguredError(
            f"{settings.workers} workers need PostgreSQL, as an SQLite file has one writer at a "
            "time; set COUNTERSIGN_DATABASE_URL=postgresql+psycopg://..., or "
            "COUNTERSIGN_WORKERS=1"
        )
