"""Sources are read by themselves, in processes that may die, beside people who read them too."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from service.cli import app
from service.commands.syncing.sync_source import sync_source_now
from service.connectors.rest_auth import SecretFiles
from service.connectors.sync_lock import SyncLock
from service.connectors.sync_programs import ChildSyncs
from service.domain.errors import SyncRunsError
from service.ports.outside_errors import OutsideRefusedError
from service.settings import NotConfiguredError, Settings, environment
from service.wiring.sync_plan import refuse_unready_syncs, sync_plan_of
from service.wiring.syncs import build_sync_schedule
from service.workflows.sync_schedule import SyncSchedule
from tests.builders.api import RunningApi, running_api
from tests.builders.databases import settings_over
from tests.builders.tryton_line import until
from tests.connectors.declared import written
from tests.connectors.test_declarative_line import NOTHING_KNOWN
from tests.fakes.rest_system import TOKEN, RestSystem, rest_system

SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Read:
    """An installation that reads one small system each quarter of an hour."""

    system: RestSystem
    settings: Settings
    api: RunningApi
    schedule: SyncSchedule

    def call(self, method: str, path: str, *, who: str = "adam", **more):
        """Call the API about the source."""
        return self.api.call(who, method, f"/v1/syncs{path}", **more)

    def known(self) -> dict:
        """How the source fares."""
        (one,) = self.call("GET", "").json()["syncs"]
        return one

    def told(self) -> list[str]:
        """What the owner was told, newest first."""
        notes = self.api.call("adam", "GET", "/v1/notifications").json()["notifications"]
        return [one["text"] for one in notes if one["kind"] == "sync_fails"]

    def keep_token(self, token: str) -> None:
        """Give the connection a key."""
        SecretFiles(self.settings.secrets_folder).keep("worklog_token", token)

    def look_until_ended(self) -> None:
        """Let the schedule look until nothing is under way."""
        programs = self.schedule._desk.programs

        def is_over() -> bool:
            self.schedule.look()
            return not programs.under_way()

        until(is_over, seconds=SECONDS)


@pytest.fixture
def read(tmp_path) -> Iterator[Read]:
    chosen = {
        "sync_every": timedelta(minutes=15), "sync_sources": ("worklog",),
        "owner_of_failures": "person-adam",
    }  # fmt: skip
    settings = settings_over(tmp_path, **chosen)
    with rest_system() as system:
        for number in (1, 2):
            system.book(f"H-{number}", day=f"2026-03-0{number}", spent="7.5",
                        modified=f"2026-03-0{number}T17:00:00Z")  # fmt: skip
        settings.connections_folder.mkdir(parents=True)
        written(settings.connections_folder, address=system.address)
        with running_api(tmp_path, reference=NOTHING_KNOWN, **chosen) as api:
            schedule = build_sync_schedule(settings, is_leader=lambda: True)
            one = Read(system=system, settings=settings, api=api, schedule=schedule)
            one.keep_token(TOKEN)
            yield one
            schedule._desk.programs.stop()


def sync(read, **more):
    return sync_source_now(read.settings, "worklog", say=lambda _: None, **more)


def killed(read) -> None:
    """Kill the process of the sync once it waits for the system's answer."""
    asked = len(read.system.asked)
    (process,) = read.schedule._desk.programs._running.values()
    until(lambda: len(read.system.asked) > asked, seconds=SECONDS)
    os.kill(process.pid, signal.SIGKILL)


def test_a_sync_whose_process_is_killed_is_done_again_from_the_last_cursor(read):
    # 1. Read by hand: it is due a period later, and not before.
    sync(read)
    first = read.known()
    assert (first["state"], first["outcome"]) == ("works", "done")
    assert (first["counts"]["rows_accepted"], first["counts"]["cases"]) == (2, 2)
    assert read.schedule.look() == []

    # 2. Somebody asks for it; its process is killed while it reads.
    read.system.book("H-3", day="2026-03-03", spent="4", modified="2026-03-03T17:00:00Z")
    read.system.faults.add("slow")
    assert read.call("POST", "/worklog/run").status_code == 200
    assert read.schedule.look() == ["worklog"]
    killed(read)
    read.look_until_ended()
    broken = read.known()
    assert (broken["outcome"], broken["failures"]) == ("broken_off", 1)
    assert "signal 9" in broken["told"]
    assert broken["done_at"] == first["done_at"]

    # 3. It is done again, and what was read before is not read twice.
    read.system.faults.clear()
    read.system.gate.set()
    assert read.call("POST", "/worklog/run").status_code == 200
    assert read.schedule.look() == ["worklog"]
    read.look_until_ended()
    again = read.known()
    assert (again["outcome"], again["failures"]) == ("done", 0)
    assert (again["counts"]["handed_on"], again["counts"]["assessed"]) == (1, 1)
    assert read.told() == []
    runs = read.call("GET", "/worklog").json()["runs"]
    assert [one["outcome"] for one in runs] == ["done", "broken_off", "done"]


@pytest.mark.long
def test_a_sync_that_hangs_is_ended_after_its_limit(read):
    read.system.faults.add("slow")
    programs = ChildSyncs(
        read.settings.home, environment=environment(read.settings), limit=timedelta(seconds=1)
    )
    desk = replace(read.schedule._desk, programs=programs)
    schedule = SyncSchedule(desk)
    schedule.look()
    until(lambda: schedule.look() == [] and not programs.under_way(), seconds=SECONDS)
    assert "took longer than 0:00:01" in read.known()["told"]
    with SyncLock(read.settings.home).held("worklog"):
        pass


def test_a_source_that_refuses_has_its_owner_told_once_and_once_when_it_works_again(read):
    read.keep_token("a key that was revoked")
    for _ in range(2):
        with pytest.raises(OutsideRefusedError):
            sync(read)
    failing = read.known()
    assert (failing["state"], failing["failures"]) == ("failing", 2)
    assert "401" in failing["told"]
    assert "Sync now" in failing["remedy"]
    assert failing["owner_name"] == "Adam Admin"
    assert len(read.told()) == 1
    parts = read.api.call("adam", "GET", "/v1/integrations").json()["systems"]
    (part,) = [one for one in parts if one["name"] == "Source worklog"]
    assert part["state"] == "trouble"

    read.keep_token(TOKEN)
    sync(read)
    sync(read)
    assert read.known()["state"] == "works"
    assert read.told()[0] == "The sync of worklog works again."
    assert len(read.told()) == 2


def test_of_two_syncs_at_once_one_says_plainly_that_the_other_runs(read):
    read.system.faults.add("slow")
    first = threading.Thread(target=sync, args=(read,))
    first.start()
    until(lambda: read.system.asked, seconds=SECONDS)
    with pytest.raises(SyncRunsError, match="A sync of worklog runs already"):
        sync(read)
    assert read.call("POST", "/worklog/run").status_code == 409
    assert read.known()["state"] == "running"
    assert read.schedule.look() == []
    read.system.gate.set()
    first.join()
    assert (read.known()["state"], read.known()["failures"]) == ("works", 0)


def test_a_source_is_given_to_somebody_and_what_no_worker_reads_is_not_asked_for(read):
    sync(read)
    given = read.call("POST", "/worklog/assign", json={"person_id": "person-rita"})
    assert given.json()["sync"]["owner_name"] == "Rita Reviewer"
    assert read.call("POST", "/worklog/run", who="otto").status_code == 403
    unknown = read.call("POST", "/tryton/run")
    assert unknown.status_code == 404


def test_the_shell_tells_how_each_source_fares_and_the_doctor_what_to_do(read):
    def run(*arguments):
        where = environment(read.settings)
        return CliRunner().invoke(
            app, [*arguments, "--home", str(read.settings.home)],
            env={name: value for name, value in where.items() if name.startswith("COUNTERSIGN_")},
        )  # fmt: skip

    assert "never run" in run("sync", "status").stdout
    read.keep_token("a key that was revoked")
    refused = run("sync", "worklog")
    assert (refused.exit_code, "401" in refused.stderr) == (1, True)
    told = run("sync", "status").stdout
    assert "failing" in told
    assert "with Adam Admin" in told
    (one,) = json.loads(run("sync", "status", "--json").stdout)["syncs"]
    assert one["failures"] == 1
    (line,) = [one for one in run("doctor").stdout.splitlines() if "source worklog" in one]
    assert line.startswith("red")


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ({"sync_sources": ("tryton",)}, "names 'tryton', which is not set up"),
        ({"sync_sources": ("psa",)}, "there is no connection 'psa'"),
        ({"sync_sources": ("a/psa.yaml",)}, "without folder and ending"),
        ({"sync_every": "PT30S", "sync_sources": ("psa",)}, "shortest period is one minute"),
        ({"sync_every": "900"}, "needs COUNTERSIGN_SYNC_SOURCES"),
        ({"sync_sources": ("psa", "psa")}, "twice"),
    ],
)
def test_what_could_never_be_read_is_refused_at_start(tmp_path, chosen, why):
    with pytest.raises(NotConfiguredError, match=why):
        refuse_unready_syncs(Settings(home=tmp_path, **chosen))


@pytest.mark.parametrize("written_as", ["900", "PT15M"])
def test_a_period_is_written_in_seconds_or_as_a_duration(tmp_path, monkeypatch, written_as):
    monkeypatch.setenv("COUNTERSIGN_SYNC_EVERY", written_as)
    monkeypatch.setenv("COUNTERSIGN_SYNC_SOURCES", '["psa"]')
    plan = sync_plan_of(Settings(home=tmp_path))
    assert (plan.every, plan.sources) == (timedelta(minutes=15), ("psa",))
