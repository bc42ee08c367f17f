"""The outbox: what the desk tells the API, in order, behind the reviewer's back, with retries."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from service.client import ApiProblem, ApiUnreachableError

BACKOFF_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)
MAX_ATTEMPTS = 120
"""With the last pause repeated: about ten minutes, then a person has to press 'Try again'."""
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500
UNAUTHORIZED = 401
FAULT = "Something broke on our side. What you did is kept here."

Job = Callable[[], None]


class StartWork(Protocol):
    """How the outbox gets a thread."""

    def __call__(self, work: Job) -> None:
        """Run `work`, now or beside the caller."""
        ...


def in_a_thread(work: Job) -> None:
    """Run `work` beside the page; it goes on when the browser leaves."""
    threading.Thread(target=work, name="outbox", daemon=True).start()


class Outbox:
    """Jobs done one after the other, each until the API has taken or refused it.

    A job that raises ApiUnreachableError, or a problem that may pass, is repeated: jobs are
    idempotent. Any other problem ends the job and is told as trouble. A session that has ended
    stops the line and keeps what is unsent, and so does a fault of our own, which goes to the log.
    """

    def __init__(
        self, *, start: StartWork = in_a_thread, wait: Callable[[float], None] = time.sleep
    ) -> None:
        self._start, self._wait = start, wait
        self._jobs: deque[Job] = deque()
        self._changed = threading.Condition()
        self._is_running = False
        self._trouble: str | None = None
        self._is_session_ended = False

    @property
    def trouble(self) -> str | None:
        """Why the line stands still, for people; None while it moves."""
        return self._trouble

    @property
    def is_empty(self) -> bool:
        """Say whether everything was sent."""
        with self._changed:
            return not self._jobs

    @property
    def is_session_ended(self) -> bool:
        """Say whether the API no longer takes this session's token."""
        return self._is_session_ended

    def add(self, job: Job) -> None:
        """Put a job at the end of the line."""
        with self._changed:
            self._jobs.append(job)
        self.resume()

    def resume(self) -> None:
        """Work on, after trouble or a new job."""
        with self._changed:
            if self._is_running or not self._jobs or self._is_session_ended:
                return
            self._is_running = True
        self._start(self._work)

    def settle(self, *, seconds: float) -> bool:
        """Wait until nothing is left to send or the line stands still; say whether it is empty."""
        with self._changed:
            self._changed.wait_for(
                lambda: not self._is_running or self._trouble is not None, timeout=seconds
            )
            return not self._jobs

    def _work(self) -> None:
        try:
            attempt = 0
            while (job := self._next()) is not None:
                attempt = 0 if self._is_done(job) else attempt + 1
                if self._is_session_ended or attempt >= MAX_ATTEMPTS:
                    return
                if attempt:
                    self._wait(BACKOFF_SECONDS[min(attempt, len(BACKOFF_SECONDS)) - 1])
        except Exception:
            self._stuck(FAULT)
            raise
        finally:
            with self._changed:
                self._is_running = False
                self._changed.notify_all()
        # A job may have come between the last look and the end of the line.
        self.resume()

    def _next(self) -> Job | None:
        with self._changed:
            return self._jobs[0] if self._jobs else None

    def _is_done(self, job: Job) -> bool:
        try:
            job()
        except ApiUnreachableError as error:
            return self._stuck(str(error))
        except ApiProblem as error:
            if error.problem.status == UNAUTHORIZED:
                self._is_session_ended = True
                return self._stuck(error.problem.detail)
            if may_pass(error):
                return self._stuck(error.problem.detail)
            return self._finished(trouble=error.problem.detail)
        return self._finished(trouble=None)

    def _finished(self, *, trouble: str | None) -> bool:
        with self._changed:
            self._jobs.popleft()
            self._trouble = trouble
            self._changed.notify_all()
        return True

    def _stuck(self, reason: str) -> bool:
        with self._changed:
            self._trouble = reason
            self._changed.notify_all()
        return False


def may_pass(error: ApiProblem) -> bool:
    """Say whether the same request may succeed later."""
    status = error.problem.status
    return status == TOO_MANY_REQUESTS or status >= SERVER_ERROR
