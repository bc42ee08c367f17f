"""Training in a child process: the service never imports it, and its memory is given back."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from data.schemas.vocabulary import ModelOrder
from service.domain.model_job import ModelJob
from service.ports.training import TrainingFailedError

COMMAND: Mapping[ModelOrder, tuple[str, ...]] = {
    ModelOrder.RETRAIN: ("train",),
    ModelOrder.PROMOTE: ("promote",),
    ModelOrder.ROLLBACK: ("rollback",),
    ModelOrder.SHADOW: ("shadow",),
    ModelOrder.END_SHADOW: ("shadow", "--off"),
    ModelOrder.DRIFT: ("drift",),
}
"""What each order is called by the training program."""
LINES_KEPT, SAID = 5, 500
"""What a failed run said last: lines, and characters of them."""


class TrainingProcess:
    """Runs `python -m training.cli`, one run at a time over all processes of a machine."""

    def __init__(
        self,
        home: Path,
        *,
        environment: Mapping[str, str],
        program: Sequence[str] = ("-m", "training.cli"),
    ) -> None:
        self._home, self._environment, self._program = home, environment, tuple(program)
        self._running: subprocess.Popen[str] | None = None
        self._is_stopped = False

    def carry_out(
        self, job: ModelJob, *, rows: Sequence[Path], options: Sequence[str] = ()
    ) -> Mapping[str, Any]:
        """Do what was ordered; give the result. Raises TrainingFailedError."""
        arguments = [f"--rows={path.absolute()}" for path in rows]
        if job.version is not None:
            arguments.append(f"--version={job.version}")
        return self.run(
            *COMMAND[job.ordered], f"--home={self._home.absolute()}", *arguments, *options
        )

    def run(self, *arguments: str) -> dict[str, Any]:
        """Run a command; its progress goes to standard error, its result comes back.

        Raises TrainingFailedError.
        """
        told: deque[str] = deque(maxlen=LINES_KEPT)
        with self._alone() as lock, self._start(arguments, lock) as process:
            progress = threading.Thread(target=_pass_on, args=(process.stderr, told))
            progress.start()
            said = process.stdout.read() if process.stdout else ""
            progress.join()
            code = process.wait()
        self._running = None
        lines = said.strip().splitlines()
        if code != 0 or not lines:
            raise TrainingFailedError(f"training ended with {code}: {' '.join(told)[-SAID:]}")
        result: dict[str, Any] = json.loads(lines[-1])
        return result

    def stop(self) -> None:
        """End a run that is under way; whoever ordered it finds it unfinished."""
        self._is_stopped = True
        if self._running is not None:
            self._running.terminate()

    def _start(self, arguments: Sequence[str], lock: IO[str]) -> subprocess.Popen[str]:
        if self._is_stopped:
            raise TrainingFailedError("the service is stopping; order it again")
        self._running = subprocess.Popen(  # noqa: S603 - our own module, arguments as a list
            [sys.executable, *self._program, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self._environment,
            # The child holds the lock as well: it may outlive whoever started it.
            pass_fds=(lock.fileno(),),
        )
        return self._running

    @contextmanager
    def _alone(self) -> Iterator[IO[str]]:
        folder = self._home / "locks"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "training.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield lock


def _pass_on(progress: IO[str] | None, told: deque[str]) -> None:
    """Show progress as it comes, and keep the last of it."""
    for line in progress or ():
        sys.stderr.write(line)
        told.append(line.strip())
