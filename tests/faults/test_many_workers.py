"""Several workers over PostgreSQL: a crash of one, or of the database, loses nothing."""

from __future__ import annotations

import threading

import pytest

from service.workflows.executors import (
    DEAD_AFTER_SECONDS,
    ExecutorRunsError,
    SharedExecutor,
)
from tests.builders.api import running_api
from tests.builders.contracts import reference
from tests.builders.databases import DATABASES
from tests.builders.items import timesheet
from tests.builders.posting_crew import posting_crew

BILLS_A_CRASH = 20


class Begun:
    """Work that was begun, as a test says."""

    def __init__(self, **owned):
        self.owned, self.again = owned, []

    def by_owner(self):
        return self.owned

    def begin_again(self, workflow_ids):
        self.again += workflow_ids


class Told:
    """A clock that goes on when a test says so."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def crew_of(tmp_path):
    """Makes workers that share a database; all are let go at the end."""
    url, made = DATABASES.make(tmp_path), []

    def make(name, *, unfinished=None, seconds=None):
        one = SharedExecutor(
            database_url=url, name=name, unfinished=unfinished or Begun(), seconds=seconds or Told()
        )
        made.append(one)
        return one

    yield make
    for one in made:
        one.stop()
    DATABASES.forget(tmp_path)


def test_work_of_a_worker_that_does_not_come_back_is_taken_up_once(crew_of):
    clock = Told()
    begun = Begun(**{"worker-1": ["a", "b"]})
    dead, living = crew_of("worker-1"), crew_of("worker-0", unfinished=begun, seconds=clock)
    dead.enter()
    living.enter()
    living.look()
    clock.now += DEAD_AFTER_SECONDS + 1
    living.look()
    assert begun.again == [], "it lives"
    dead.stop()
    living.look()
    assert begun.again == [], "it may come back"
    clock.now += DEAD_AFTER_SECONDS
    living.look()
    assert begun.again == ["a", "b"]
    begun.owned = {}
    clock.now += DEAD_AFTER_SECONDS
    living.look()
    assert begun.again == ["a", "b"]


def test_a_worker_that_comes_back_in_time_keeps_its_work(crew_of):
    clock = Told()
    begun = Begun(**{"worker-1": ["a"]})
    living, back = crew_of("worker-0", unfinished=begun, seconds=clock), crew_of("worker-1")
    living.enter()
    living.look()
    clock.now += DEAD_AFTER_SECONDS - 1
    back.enter()
    living.look()
    clock.now += DEAD_AFTER_SECONDS
    living.look()
    assert begun.again == []


def test_one_worker_leads_and_another_after_it(crew_of):
    first, second = crew_of("worker-0"), crew_of("worker-1")
    for one in (first, second):
        one.enter()
        one.look()
    assert (first.is_leader(), second.is_leader()) == (True, False)
    first.stop()
    second.look()
    assert second.is_leader()


def test_two_processes_do_not_work_under_one_name(crew_of):
    clock = Told()
    crew_of("worker-0").enter()

    class Impatient(Told):
        def __call__(self):
            clock.now += 60
            return clock.now

    with pytest.raises(ExecutorRunsError, match="worker-0"):
        crew_of("worker-0", seconds=Impatient()).enter()


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("crashes", [3, pytest.param(20, marks=pytest.mark.long)])
def test_a_crashed_database_loses_and_doubles_no_bill(tmp_path, crashes):
    server = DATABASES.server
    with posting_crew(tmp_path / "home", server=server, database="crashed", workers=2) as crew:
        crew.supervisor.start()
        accepted = 0
        for _ in range(crashes):
            # What is given first is being posted when the server ends; the rest meets a dead one.
            accepted += crew.give(BILLS_A_CRASH)
            crash = threading.Thread(target=server.crash_and_start)
            crash.start()
            accepted += crew.give(BILLS_A_CRASH)
            crash.join()
        crew.until(lambda: crew.done() == len(crew.tokens()))
        tokens, documents = crew.tokens(), crew.documents()
        assert len(tokens) >= accepted >= BILLS_A_CRASH * crashes
        assert sorted(documents) == sorted(tokens)
        assert crew.place.differences() == {}


@pytest.mark.slow
def test_requests_are_refused_while_the_database_is_gone_and_answered_again_after(tmp_path):
    server, url = DATABASES.server, DATABASES.make(tmp_path)
    with running_api(tmp_path, reference=reference(), database_url=url) as api:
        assert api.call("rita", "GET", "/v1/queue").status_code == 200
        server.crash()
        refused = api.call("rita", "GET", "/v1/queue")
        server.start_again()
        assert refused.status_code == 503
        assert "Idempotency-Key" in refused.json()["remedy"]
        assert api.call("rita", "GET", "/v1/queue").status_code == 200
        assert api.assess(timesheet(external_id="after")).status_code == 200
    DATABASES.forget(tmp_path)
