"""Processes of syncs: each ends with a word of its own, or is told of in ours."""

from __future__ import annotations

import os
import time
from datetime import timedelta

import pytest

from data.schemas.vocabulary import SyncOutcome
from service.connectors.sync_lock import SyncLock
from service.connectors.sync_programs import ChildSyncs
from service.domain.errors import SyncRunsError

SECONDS = 20.0


def ended(tmp_path, program, *, limit=timedelta(minutes=1)):
    programs = ChildSyncs(
        tmp_path, environment=dict(os.environ), limit=limit, program=("-c", program)
    )
    programs.start("psa")
    assert list(programs.under_way()) == ["psa"]
    deadline = time.monotonic() + SECONDS
    while programs.under_way():
        assert time.monotonic() < deadline
        found = programs.ended()
    assert programs.ended() == {}
    return found["psa"]


@pytest.mark.parametrize("code", [0, 3, 75])
def test_a_sync_that_noted_its_end_is_not_told_of_again(tmp_path, code):
    assert ended(tmp_path, f"raise SystemExit({code})") is None


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("raise SystemExit(1)", "ended with 1"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "ended by signal 9"),
        (
            "import signal, sys; signal.setitimer(signal.ITIMER_REAL, 0.05); "
            "assert sys.argv[1:] == ['psa', '60']; signal.pause()",
            "took longer than 0:01:00",
        ),
    ],
)
def test_a_sync_that_ended_without_a_word_is_told_of_with_what_to_do(tmp_path, program, why):
    trouble = ended(tmp_path, program)
    assert why in trouble.told
    assert trouble.remedy
    assert trouble.outcome is SyncOutcome.BROKEN_OFF


def test_what_runs_when_the_worker_stops_is_ended_with_it(tmp_path):
    programs = ChildSyncs(
        tmp_path, environment=dict(os.environ), limit=timedelta(minutes=1),
        program=("-c", "import signal; signal.pause()"),
    )  # fmt: skip
    programs.start("psa")
    assert list(programs.stop()) == ["psa"]
    assert list(programs.under_way()) == []
    assert programs.ended() == {}


def test_a_source_is_read_by_one_at_a_time_and_others_are_not_held_up(tmp_path):
    lock = SyncLock(tmp_path)
    runs = pytest.raises(SyncRunsError, match="A sync of psa runs already")
    with lock.held("psa"), SyncLock(tmp_path).held("erp"), runs, lock.held("psa"):
        pass
    with lock.held("psa"):
        pass
