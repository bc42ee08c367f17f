"""Starts the processes of an installation, restarts what dies, and stops them together."""

from __future__ import annotations

import ctypes
import logging
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from service.connectors.processes import end
from service.settings import Settings, environment

START_SECONDS = 90.0
STOP_SECONDS = 15.0
POLL_SECONDS = 0.2
RESTART_SECONDS = 0.5
PR_SET_PDEATHSIG = 1

_log = logging.getLogger(__name__)


class NotStartedError(RuntimeError):
    """A process of the installation did not come up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One process: what to run, and where it says that it is ready."""

    name: str
    arguments: Sequence[str]
    port: int | None = None
    ready_url: str | None = None


@dataclass(slots=True)
class Supervisor:
    """Keeps the parts of one installation running."""

    settings: Settings
    parts: Sequence[Part]
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _is_stopping: bool = False

    def start(self) -> None:
        """Start every part, and wait until each is ready. Raises NotStartedError."""
        for part in self.parts:
            self._refuse_taken_port(part)
        for part in self.parts:
            self._spawn(part)
        for part in self.parts:
            self._wait_until_ready(part)

    def watch(self, *, until: Callable[[], bool]) -> None:
        """Restart whatever dies, until told to end."""
        while not until():
            self.mend()
            time.sleep(POLL_SECONDS)

    def mend(self) -> None:
        """Restart what died since the last look."""
        for part in self.parts:
            code = self._running[part.name].poll()
            if code is not None and not self._is_stopping:
                _log.warning("%s ended with %s; it is started again", part.name, code)
                time.sleep(RESTART_SECONDS)
                self._spawn(part)

    def pids(self) -> dict[str, int]:
        """Give the process id of each part."""
        return {name: process.pid for name, process in self._running.items()}

    def stop(self) -> None:
        """Ask every part to end, last started first; end by force what does not."""
        self._is_stopping = True
        end(reversed(self._running.values()), patience_seconds=STOP_SECONDS)

    def _spawn(self, part: Part) -> None:
        logs = self.settings.home / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        with (logs / f"{part.name}.log").open("ab") as log:
            self._running[part.name] = subprocess.Popen(  # noqa: S603 - our own modules
                [sys.executable, *part.arguments],
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=environment(self.settings),
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - it only makes a system call
            )

    def _refuse_taken_port(self, part: Part) -> None:
        """Another server on our port would answer in our place."""
        if part.port is not None and not is_free(self.settings.host, part.port):
            raise NotStartedError(
                f"port {part.port} of {part.name} is taken by another program; stop it, or set "
                f"COUNTERSIGN_{part.name.upper()}_PORT to a free one"
            )

    def _wait_until_ready(self, part: Part) -> None:
        deadline = time.monotonic() + START_SECONDS
        while part.ready_url is not None and not _answers(
            part.ready_url, self._running[part.name].pid
        ):
            code = self._running[part.name].poll()
            if code is not None or time.monotonic() > deadline:
                log = self.settings.home / "logs" / f"{part.name}.log"
                state = f"ended with {code}" if code is not None else "does not answer"
                self.stop()
                raise NotStartedError(f"{part.name} {state}; its log is {log}:\n{_tail(log)}")
            time.sleep(POLL_SECONDS)


def is_free(host: str, port: int) -> bool:
    """Say whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(host: str = "127.0.0.1") -> int:
    """Give a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
    return port


def api_part(settings: Settings) -> Part:
    """The scoring and review API."""
    return Part(
        name="api",
        arguments=(
            "-m",
            "uvicorn",
            "service.app:create_app",
            "--factory",
            f"--host={settings.host}",
            f"--port={settings.api_port}",
            "--log-level=warning",
            "--no-access-log",
        ),
        port=settings.api_port,
        ready_url=f"http://{settings.host}:{settings.api_port}/readyz",
    )


def worker_part(place: int = 0) -> Part:
    """A posting worker; its place is what it is known by to the others, also after a restart."""
    if place == 0:
        return Part(name="worker", arguments=("-m", "service.worker"))
    return Part(name=f"worker-{place}", arguments=("-m", "service.worker", str(place)))


def worker_parts(settings: Settings) -> list[Part]:
    """As many posting workers as are set."""
    return [worker_part(place) for place in range(settings.workers)]


def review_part(settings: Settings) -> Part:
    """The review app."""
    return Part(
        name="review",
        arguments=(
            "-m",
            "review_app.start",
            f"--home={settings.home.absolute()}",
            f"--address={settings.host}",
            f"--port={settings.review_port}",
            f"--api={settings.api_url}",
            f"--public-url={settings.review_url}",
        ),
        port=settings.review_port,
        ready_url=f"http://{settings.host}:{settings.review_port}/_stcore/health",
    )


def _answers(url: str, pid: int) -> bool:
    """Say whether our own process answers; what names another process is somebody else's."""
    try:
        answer = httpx2.get(url, timeout=2.0)
    except httpx2.HTTPError:
        return False
    is_json = answer.headers.get("content-type", "").startswith("application/json")
    named = answer.json().get("process", pid) if is_json else pid
    return answer.status_code == 200 and named == pid  # noqa: PLR2004 - HTTP OK


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-2_000:]


def _end_with_parent() -> None:
    """Ask the kernel to end this process if the supervisor dies without a word."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
