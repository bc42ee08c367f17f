"""Hammering on the keys: no decision on a case that was not on the screen when its key went down.

A short run here; `python -m benchmarks.desk_keys --presses 10000` is the long one.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from benchmarks.desk_keys import hammered

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
PRESSES = 150
PRESSES_TO_FIND = 300
"""Enough for the planted desk to be caught."""
CARELESS = Path(__file__).resolve().parents[1] / "fakes" / "careless_desk.py"


def test_hammering_decides_only_what_was_on_the_screen(browser: Browser, tmp_path):
    found = hammered(browser, tmp_path, presses=PRESSES, seed=5)

    assert len(found.keys) >= PRESSES
    assert found.decisions
    assert found.unexplained == ()


@pytest.mark.long
def test_hammering_finds_a_desk_that_takes_keys_for_cases_nobody_saw(browser: Browser, tmp_path):
    found = hammered(browser, tmp_path, presses=PRESSES_TO_FIND, seed=5, script=CARELESS)

    assert found.unexplained
