"""The one live Tryton server of a test run: a conftest that needs it imports `tryton_server`."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from tests.integration.tryton_up import (
    TrytonNotInstallableError,
    TrytonServer,
    prepared_template,
    running_tryton,
)


@pytest.fixture(scope="session")
def tryton_server() -> Iterator[TrytonServer]:
    """A seeded server; skips, with the installer's words, where its packages cannot be had."""
    try:
        prepared_template()
    except (TrytonNotInstallableError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"Tryton cannot be installed here: {error}")
    with running_tryton() as server:
        yield server
