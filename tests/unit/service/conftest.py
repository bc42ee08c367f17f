"""Fixtures of the service's unit tests."""

import pytest

from tests.builders.service import Workplace, database


@pytest.fixture
def workplace(tmp_path):
    place = Workplace(database(tmp_path))
    yield place
    place.close()
