"""Says what a worker is to the others of its database."""

from __future__ import annotations

from service.settings import Settings
from service.store.database import is_sqlite
from service.workflows.executors import (
    DbosUnfinished,
    Executor,
    LoneExecutor,
    SharedExecutor,
)


def build_executor(settings: Settings, *, place: str) -> Executor:
    """Give a worker its name, which stays: restarted, it takes up what it left."""
    name = f"worker-{place}"
    if is_sqlite(settings.database):
        return LoneExecutor(name)
    return SharedExecutor(database_url=settings.database, name=name, unfinished=DbosUnfinished())
