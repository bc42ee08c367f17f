"""What holds for every test of the tree."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.builders.databases import DATABASES, POSTGRES, SQLITE, choose

# Machines differ and are shared: a property is about what holds, never about how fast.
settings.register_profile(
    "any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any-machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the whole suite run on either database."""
    parser.addoption(
        "--database",
        choices=(SQLITE, POSTGRES),
        default=SQLITE,
        help="what tests keep their data in; postgres is started from a wheel",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Choose the database."""
    choose(config.getoption("--database"))
    if DATABASES.kind == POSTGRES:
        # Tests leave pools to be collected, which closes SQLite's files without a word.
        config.addinivalue_line(
            "filterwarnings", "ignore:.*was deleted while still open:ResourceWarning"
        )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what says nothing about the database chosen."""
    if DATABASES.kind == SQLITE:
        return
    skip = pytest.mark.skip(reason="speaks of what only SQLite does")
    for item in items:
        if item.get_closest_marker("sqlite_only"):
            item.add_marker(skip)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Drop the databases that lie in the folder of a test that is over."""
    folder = item.funcargs.get("tmp_path") if isinstance(item, pytest.Function) else None
    yield
    if DATABASES.kind == POSTGRES and isinstance(folder, Path):
        DATABASES.forget(folder)


def pytest_sessionfinish() -> None:
    """End the server, if a test wanted one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    DATABASES.stop()
