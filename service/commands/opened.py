"""The store of an installation, opened for one command and closed after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Engine

from service.audit.canonical import canonical
from service.settings import Settings
from service.store.database import open_for_reading, open_for_writing
from service.store.unit_of_work import WorkOpener


def opened(settings: Settings) -> AbstractContextManager[WorkOpener]:
    """Give units of work over the installation's database."""
    return _over(open_for_writing(settings.database))


def opened_for_reading(settings: Settings) -> AbstractContextManager[WorkOpener]:
    """Give the same for reading alone, beside whatever runs."""
    return _over(open_for_reading(settings.database))


@contextmanager
def _over(engine: Engine) -> Iterator[WorkOpener]:
    try:
        yield WorkOpener(engine, canonical=canonical)
    finally:
        engine.dispose()
