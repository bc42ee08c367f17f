"""An API and a posting worker under their supervisor, as a process that a test may kill."""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path

from service.clock import SystemClock
from service.home import prepare_home
from service.settings import Settings
from service.supervisor import Supervisor, api_part, worker_part


def main(home: str, port: str) -> None:
    """Serve until told to end; the process ids stand in `pids.json` after every look."""
    settings = Settings(home=Path(home), api_port=int(port), undo_seconds=0)
    prepare_home(settings, clock=SystemClock())
    supervisor = Supervisor(settings, [api_part(settings), worker_part()])
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    supervisor.start()
    pids = Path(home) / "pids.json"

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
    main(*sys.argv[1:])
