"""Posting workers as processes over a PostgreSQL database of their own, and bills for them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from data.schemas.vocabulary import PostingStatus
from service.clock import SystemClock
from service.connectors.sandbox import SandboxLedger
from service.home import prepare_home
from service.settings import Settings
from service.supervisor import Supervisor, worker_parts
from service.workflows.engine import DbosEngine
from tests.builders.items import entry, timesheet
from tests.builders.postgres_server import PostgresServer
from tests.builders.service import Workplace
from tests.fakes.scorer import CLEAR

LONGEST_WAIT_SECONDS = 120.0
LOOK_SECONDS = 0.1
AT_ONCE = 5
"""Bills of one run: many runs spread over the workers."""


@dataclass(slots=True, kw_only=True)
class Crew:
    """Workers that run, and what they are given to post."""

    settings: Settings
    place: Workplace
    supervisor: Supervisor
    given: int = 0

    def give(self, bills: int) -> int:
        """Have bills posted; gives how many were acknowledged: what fails was not accepted."""
        taken = 0
        for start in range(self.given, self.given + bills, AT_ONCE):
            names = [f"TS-{number}" for number in range(start, start + AT_ONCE)]
            items = [
                timesheet(external_id=name, entries=(entry(id=f"{name}-1"),)) for name in names
            ]
            for item in items:
                self.place.scorer.says(item.item_id, **CLEAR)
            try:
                self.place.assess(*items)
            except DBAPIError:
                continue
            taken += AT_ONCE
        self.given += bills
        return taken

    def done(self) -> int:
        """Count what is posted, as the database says it."""
        query = "SELECT count(*) FROM posting WHERE status = 'done'"
        with self.place.reader.begin() as connection:
            return int(connection.exec_driver_sql(query).scalar_one())

    def until(self, is_true: Callable[[], bool]) -> float:
        """Wait until something is so, as a supervisor waits; gives for how long that was."""
        started = time.monotonic()
        while True:
            if self.supervisor.pids():
                self.supervisor.mend()
            try:
                if is_true():
                    return time.monotonic() - started
            except DBAPIError:
                pass
            if time.monotonic() - started > LONGEST_WAIT_SECONDS:
                raise TimeoutError(f"only {self.done()} bills are posted")
            time.sleep(LOOK_SECONDS)

    def documents(self) -> list[str]:
        """Give the token of every document in the ledger."""
        ledger = SandboxLedger(self.settings.sandbox_file)
        return [one.bill.token for one in ledger.documents()]

    def tokens(self) -> list[str]:
        """Give the token of every bill that was accepted."""
        query = f"SELECT token FROM posting WHERE status <> '{PostingStatus.CANCELLED}'"
        with self.place.reader.begin() as connection:
            return list(connection.exec_driver_sql(query).scalars())


@contextmanager
def posting_crew(
    home: Path, *, server: PostgresServer, database: str, workers: int
) -> Iterator[Crew]:
    """Give a crew over a new database; `supervisor.start()` lets it begin."""
    url = server.create(database)
    settings = Settings(home=home, database_url=url, workers=workers, undo_seconds=0)
    prepare_home(settings, clock=SystemClock())
    place = Workplace(url)
    place.engine = DbosEngine(url)  # type: ignore[assignment]
    supervisor = Supervisor(settings, worker_parts(settings))
    crew = Crew(settings=settings, place=place, supervisor=supervisor)
    try:
        yield crew
    finally:
        supervisor.stop()
        place.engine.close()  # type: ignore[attr-defined]
        place.close()
        server.drop(database)
