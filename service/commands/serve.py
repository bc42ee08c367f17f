"""Serve: the processes of an installation under one supervisor."""

from __future__ import annotations

from collections.abc import Callable

from service.clock import SystemClock
from service.home import prepare_home
from service.settings import LedgerName, Settings
from service.supervisor import Supervisor, api_part, review_part, worker_part
from service.wiring import build_tryton


def serve(settings: Settings, *, say: Callable[[str], None], until: Callable[[], bool]) -> None:
    """Run the API, the posting worker and the review app until told to end.

    Raises NotConfiguredError, FileMistakesError or NotStartedError.
    """
    _refuse_half_a_ledger(settings)
    prepare_home(settings, clock=SystemClock())
    say("effective settings:")
    for name, value in settings.model_dump(mode="json").items():
        say(f"  {name} = {value}")
    say("starting the API, the posting worker and the review app; this may take half a minute")
    supervisor = Supervisor(settings, [api_part(settings), worker_part(), review_part(settings)])
    supervisor.start()
    try:
        say(f"review queue {settings.review_url}, API {settings.api_url}; stop with Ctrl-C")
        supervisor.watch(until=until)
    finally:
        supervisor.stop()


def _refuse_half_a_ledger(settings: Settings) -> None:
    """Tell a missing setting here, where a person reads it: the worker would die of it for ever."""
    if settings.ledger is LedgerName.TRYTON:
        build_tryton(settings).close()
