"""The posting worker: `python -m service.worker`."""

from __future__ import annotations

import signal
import threading

from service.clock import SystemClock
from service.home import prepare_home
from service.settings import Settings
from service.wiring import build_flows
from service.workflows.flows import launch, shut_down

EXECUTOR = "worker-0"
"""Stable, so that a restarted worker takes up what it left; one process at a time."""


def main() -> None:
    """Work until told to stop."""
    settings = Settings()
    prepare_home(settings, clock=SystemClock())
    launch(build_flows(settings), database_url=settings.database, executor_id=EXECUTOR)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
    shut_down()


if __name__ == "__main__":
    main()
