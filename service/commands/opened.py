"""The store of an installation, opened for one command and closed after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from service.audit.canonical import canonical
from service.settings import Settings
from service.store.database import open_for_reading, open_for_writing
from service.store.unit_of_work import WorkOpener


@contextmanager
def opened_for_reading(settings: Settings) -> Iterator[WorkOpener]:
    """Give the same for reading alone, beside whatever runs."""
    engine = open_for_reading(settings.database)
    try:
        yield WorkOpener(engine, canonical=canonical)
    finally:
        engine.dispose()


@contextmanager
def opened(settings: Settings) -> Iterator[WorkOpener]:
    """Give units of work over the installation's database."""
    engine = open_for_writing(settings.database)
    try:
        yield WorkOpener(engine, canonical=canonical)
    finally:
        engine.dispose()
