"""The one live Redmine of a test run: a conftest that needs it imports `redmine_server`."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from tests.integration.redmine_up import (
    RedmineNotInstallableError,
    RedmineServer,
    prepared_template,
    running_redmine,
)


@pytest.fixture(scope="session")
def redmine_server() -> Iterator[RedmineServer]:
    """A seeded server; skips, with the installer's words, where its packages cannot be had."""
    try:
        prepared_template()
    except (RedmineNotInstallableError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"Redmine cannot be installed here: {error}")
    with running_redmine() as server:
        yield server
