from __future__ import annotations

import threading

import pytest

from review_app.work.outbox import BACKOFF_SECONDS, FAULT, MAX_ATTEMPTS, Outbox, in_a_thread
from service.client import ApiProblem, ApiUnreachableError
from service.wire.access import Problem


def problem(status: int) -> ApiProblem:
    return ApiProblem(
        Problem(type="about:blank", title="t", status=status, detail="no answer", instance="/")
    )


class Line:
    """An outbox that works in place and notes its pauses."""

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self.done: list[str] = []
        self.outbox = Outbox(start=lambda work: work(), wait=self.pauses.append)

    def job(self, name: str, *errors: Exception):
        """A job that fails with each error once, then is done."""
        left = list(errors)

        def run() -> None:
            if left:
                raise left.pop(0)
            self.done.append(name)

        return run


def test_jobs_are_done_in_order_whatever_fails_on_the_way():
    line = Line()

    line.outbox.add(line.job("first", problem(503), ApiUnreachableError(base_url="u", reason="r")))
    line.outbox.add(line.job("second"))

    assert line.done == ["first", "second"]
    assert line.pauses == [BACKOFF_SECONDS[0], BACKOFF_SECONDS[1]]
    assert line.outbox.trouble is None
    assert line.outbox.is_empty


def test_a_service_that_stays_down_keeps_the_job_and_says_why():
    line = Line()

    line.outbox.add(line.job("never", *[problem(503)] * MAX_ATTEMPTS))

    assert line.done == []
    assert line.outbox.trouble == "no answer"
    assert not line.outbox.is_empty
    assert max(line.pauses) == BACKOFF_SECONDS[-1]


def test_trying_again_sends_what_was_kept():
    line = Line()
    line.outbox.add(line.job("late", *[problem(503)] * MAX_ATTEMPTS))

    line.outbox.resume()

    assert line.done == ["late"]
    assert line.outbox.trouble is None


def test_an_ended_session_stops_the_line_and_keeps_what_is_unsent():
    line = Line()

    line.outbox.add(line.job("unsent", problem(401)))
    line.outbox.add(line.job("after"))

    assert line.outbox.is_session_ended
    assert line.done == []
    assert not line.outbox.is_empty


def test_a_fault_of_our_own_is_told_and_keeps_what_is_unsent():
    line = Line()

    with pytest.raises(RuntimeError, match="broken"):
        line.outbox.add(line.job("kept", RuntimeError("broken")))
    assert (line.outbox.trouble, line.outbox.is_empty) == (FAULT, False)

    line.outbox.resume()
    assert (line.done, line.outbox.trouble) == (["kept"], None)


def test_a_refused_job_does_not_hold_up_the_next():
    line = Line()

    line.outbox.add(line.job("refused", problem(403)))
    line.outbox.add(line.job("next"))

    assert line.done == ["next"]
    assert line.outbox.is_empty


def test_settling_waits_for_the_thread_that_sends():
    outbox, go, done = Outbox(start=in_a_thread), threading.Event(), []

    outbox.add(lambda: done.append(go.wait(timeout=5)))
    assert not outbox.settle(seconds=0.01)
    go.set()

    assert outbox.settle(seconds=5)
    assert done == [True]
