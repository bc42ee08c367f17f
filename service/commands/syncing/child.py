"""One sync that the worker began: `python -m service.commands.syncing.child SOURCE SECONDS`.

How it ended stands in the database when it ends with 0 or 3; any other end was no end of its own.
"""

from __future__ import annotations

import signal
import sys

from service.commands.plain_errors import MENDABLE
from service.commands.shell import say
from service.commands.syncing.recorded import recorded
from service.commands.syncing.sync_source import pull_source
from service.connectors.sync_programs import ANOTHER_RUNS, DONE, NOTED
from service.domain.errors import SyncRunsError
from service.settings import Settings


def main(source: str, seconds: str) -> int:
    """Read a source; after so many seconds the system ends the process, whatever it is at."""
    # It also ends when its worker is gone, and where it hangs inside a call.
    signal.alarm(int(seconds))
    settings = Settings()
    try:
        recorded(settings, source, lambda: pull_source(settings, source, say=say))
    except SyncRunsError as error:
        say(str(error))
        return ANOTHER_RUNS
    except MENDABLE as error:
        say(f"The sync of {source}: {error}")
        return NOTED
    return DONE


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
