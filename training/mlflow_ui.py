"""MLflow's own pages on the store of an installation, served on this machine alone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType

from training.runs import artifacts_folder, local_uri
from training.settings import quiet_environment

HOST = "127.0.0.1"
FIRST_ANSWER_SECONDS, PAUSE_SECONDS = 90.0, 0.2
"""MLflow takes several seconds to import; a machine under load many more."""


class NoPagesError(RuntimeError):
    """MLflow's server ended before it answered."""


def free_port() -> int:
    """Give a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def serve_pages(home: Path, *, port: int, told: Callable[[str], None]) -> int:
    """Serve the pages until they are stopped; `told` gets the address once they answer.

    Gives the exit code of the server. Raises NoPagesError.
    """
    address = f"http://{HOST}:{port}"
    server = subprocess.Popen(  # noqa: S603 - our own interpreter, arguments as a list
        [
            sys.executable, "-m", "mlflow", "server",
            "--backend-store-uri", local_uri(home),
            "--default-artifact-root", artifacts_folder(home).as_uri(),
            "--host", HOST, "--port", str(port), "--workers", "1",
        ],
        stdout=sys.stderr.fileno(),
        env=quiet_environment(),
        start_new_session=True,
    )  # fmt: skip
    # Whoever ends this process by its number ends the server and its workers as well.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _await(server, port=port)
        told(address)
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _await(server: subprocess.Popen[bytes], *, port: int) -> None:
    """Wait until somebody listens."""
    last = time.monotonic() + FIRST_ANSWER_SECONDS
    while time.monotonic() < last:
        if server.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(PAUSE_SECONDS)
    raise NoPagesError(
        f"MLflow did not answer on port {port}; its reason stands above, or another program has "
        "the port: give another with --port"
    )
