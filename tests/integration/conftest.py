"""Fixtures of the integration suites."""

import pytest

from tests.builders.api import running_api, tell
from tests.builders.contracts import reference
from tests.builders.firms import small_firm


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    """The API as it is deployed, knowing the small firm; every test brings its own items."""
    home = tmp_path_factory.mktemp("api")
    with running_api(home, reference=small_firm().reference) as running:
        yield running


@pytest.fixture(scope="module")
def told_api(tmp_path_factory):
    """The API with a scorer that is told what to say of the default contract's items."""
    home = tmp_path_factory.mktemp("told")
    with running_api(home, reference=reference()) as running:
        running.scorer = tell(running)
        yield running
