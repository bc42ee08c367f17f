"""The one writing thread: neighbours do not hurt each other, nothing is told before it lasts."""

from __future__ import annotations

import queue
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event

from data.schemas.vocabulary import AuditEvent
from service.audit.canonical import canonical
from service.domain.audit_entry import AuditEntry
from service.domain.errors import UnavailableError
from service.store.database import open_for_writing
from service.store.unit_of_work import WorkOpener
from service.store.writer import TransactionEndedError, Writer
from tests.builders.service import Workplace, database
from tests.fakes.clock import MONDAY_MORNING as NOW

DEADLINE_SECONDS = 10


class Bench:
    """A writer whose transactions are counted, and which can be kept waiting."""

    def __init__(self, url, *, is_tick_due=True):
        self.place = Workplace(url)
        self.opener = WorkOpener(open_for_writing(url), canonical=canonical)
        self.ticks = 0
        self.lost = 0
        self.commits = 0
        self.ticked = threading.Event()
        self.writer = Writer(
            self.opener,
            on_tick=self._tick,
            is_tick_due=lambda: is_tick_due,
            on_lost=self._note_lost,
        )
        event.listen(self.opener.engine, "commit", self._note_commit)

    def note(self, subject):
        """A piece of work that leaves a trace."""

        def work(uow):
            uow.audit.record(
                AuditEntry(event=AuditEvent.CASE_VIEWED, at=NOW, actor_id="a", subject=subject)
            )
            return subject

        return work

    def noted(self):
        """Every trace that is durable, in order."""
        return [one["subject"] for one in self.place.audited(AuditEvent.CASE_VIEWED)]

    def together(self, *works):
        """Submit work so that it shares one transaction, then let the writer go."""
        gate, entered = threading.Event(), threading.Event()

        def wait(_uow):
            entered.set()
            assert gate.wait(DEADLINE_SECONDS)

        first = self.writer.submit(wait)
        assert entered.wait(DEADLINE_SECONDS)
        futures = [self.writer.submit(work) for work in works]
        gate.set()
        first.result(DEADLINE_SECONDS)
        return futures

    def _tick(self, _connection):
        self.ticks += 1
        return self.ticked.set

    def _note_lost(self):
        self.lost += 1

    def _note_commit(self, _connection):
        self.commits += 1


@pytest.fixture
def bench(tmp_path):
    bench = Bench(database(tmp_path))
    bench.writer.start()
    yield bench
    bench.writer.stop()
    bench.place.close()
    bench.opener.engine.dispose()


def _fail(_uow):
    raise ZeroDivisionError


def test_work_that_fails_is_taken_back_alone(bench):
    def half(uow):
        bench.note("half")(uow)
        raise ZeroDivisionError

    before, failing, after = bench.together(bench.note("before"), half, bench.note("after"))
    assert before.result(DEADLINE_SECONDS) == "before"
    assert after.result(DEADLINE_SECONDS) == "after"
    assert isinstance(failing.exception(DEADLINE_SECONDS), ZeroDivisionError)
    assert bench.noted() == ["before", "after"]
    assert bench.lost == 0


def test_a_statement_the_database_refuses_hurts_no_neighbour(bench):
    def refused(uow):
        uow.connection.exec_driver_sql("DELETE FROM audit WHERE 1 = 1")

    first, failing, last = bench.together(bench.note("one"), refused, bench.note("two"))
    assert (first.result(DEADLINE_SECONDS), last.result(DEADLINE_SECONDS)) == ("one", "two")
    assert failing.exception(DEADLINE_SECONDS) is not None
    assert bench.noted() == ["one", "two"]


def test_nothing_is_told_before_it_is_durable(bench):
    def was_durable_when_told(subject):
        seen = queue.SimpleQueue()
        future = bench.writer.submit(bench.note(subject))
        future.add_done_callback(lambda _: seen.put(subject in bench.noted()))
        return seen.get(timeout=DEADLINE_SECONDS)

    assert all(was_durable_when_told(subject) for subject in ("a", "b", "c"))


def test_fifty_at_once_share_a_few_commits_and_none_is_lost(bench):
    with ThreadPoolExecutor(50) as pool:
        names = [f"n{number:02}" for number in range(50)]
        assert list(pool.map(lambda name: bench.writer.run(bench.note(name)), names)) == names
    assert sorted(bench.noted()) == names


def test_waiting_work_shares_one_commit(bench):
    bench.together(bench.note("warm"))[0].result(DEADLINE_SECONDS)
    before = bench.commits
    for future in bench.together(*(bench.note(f"n{number}") for number in range(20))):
        future.result(DEADLINE_SECONDS)
    # One for the work that held the gate, one for the twenty, and ticks beside them.
    assert bench.commits - before <= 5


def test_a_transaction_that_ended_fails_for_all_and_nothing_of_it_lasts(bench):
    def end_it(uow):
        uow.connection.exec_driver_sql("ROLLBACK")
        raise ZeroDivisionError

    futures = bench.together(bench.note("one"), end_it, bench.note("two"))
    errors = [future.exception(DEADLINE_SECONDS) for future in futures]
    assert all(isinstance(error, TransactionEndedError) for error in errors)
    assert bench.noted() == []
    assert bench.lost == 1
    assert bench.writer.run(bench.note("next")) == "next"


def test_a_commit_that_fails_is_told_to_everybody_in_it(bench):
    def refuse(_connection):
        raise OSError("the disk is full")

    bench.writer.run(bench.note("warm"))
    event.listen(bench.opener.engine, "commit", refuse)
    futures = [bench.writer.submit(bench.note(subject)) for subject in ("one", "two")]
    errors = [future.exception(DEADLINE_SECONDS) for future in futures]
    event.remove(bench.opener.engine, "commit", refuse)
    assert [str(error) for error in errors] == ["the disk is full"] * 2
    assert bench.noted() == ["warm"]
    assert bench.lost >= 1


def test_work_whose_submitter_went_away_is_left_out(bench):
    gate = threading.Event()
    bench.writer.submit(lambda _uow: gate.wait(DEADLINE_SECONDS))
    first = bench.writer.submit(lambda _uow: None)
    gone = bench.writer.submit(bench.note("gone"))
    gone.cancel()
    kept = bench.writer.submit(bench.note("kept"))
    gate.set()
    first.result(DEADLINE_SECONDS)
    assert kept.result(DEADLINE_SECONDS) == "kept"
    assert bench.noted() == ["kept"]


def test_the_tick_comes_without_work(bench):
    bench.ticked.clear()
    assert bench.ticked.wait(DEADLINE_SECONDS)


def test_a_tick_that_is_not_due_is_spared_but_for_the_last(tmp_path):
    bench = Bench(database(tmp_path), is_tick_due=False)
    bench.writer.start()
    bench.writer.run(bench.note("work"))
    assert bench.ticks == 0
    bench.writer.stop()
    assert bench.ticks == 1
    bench.place.close()
    bench.opener.engine.dispose()


def test_stopping_finishes_what_was_taken_and_refuses_what_comes_after(tmp_path):
    bench = Bench(database(tmp_path))
    bench.writer.start()
    futures = [bench.writer.submit(bench.note(f"n{number}")) for number in range(10)]
    bench.writer.stop()
    assert [future.result(0) for future in futures] == [f"n{number}" for number in range(10)]
    assert not bench.writer.is_alive()
    assert bench.ticks >= 1
    with pytest.raises(UnavailableError):
        bench.writer.run(bench.note("late"))
    bench.place.close()
    bench.opener.engine.dispose()
