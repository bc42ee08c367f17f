"""An API and a posting worker under their supervisor, as a process that a test may kill."""

from __future__ import annotations

import json
import signal
import threading

from service.clock import SystemClock
from service.home import prepare_home
from service.settings import Settings
from service.supervisor import Supervisor, api_part, worker_part


def main() -> None:
    """Serve what the environment sets, until told to end.

    The process ids stand in `pids.json` of the home folder after every look.
    """
    settings = Settings()
    prepare_home(settings, clock=SystemClock())
    supervisor = Supervisor(settings, [api_part(settings), worker_part()])
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    supervisor.start()
    pids = settings.home / "pids.json"

    def is_told() -> bool:
        staged = pids.with_suffix(".part")
        staged.write_text(json.dumps(supervisor.pids()))
        staged.replace(pids)
        return told.is_set()

    try:
        supervisor.watch(until=is_told)
    finally:
        supervisor.stop()


if __name__ == "__main__":
    main()
