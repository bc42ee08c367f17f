"""What every test of the review app leaves behind as it found it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def main_module_kept() -> Iterator[None]:
    """Put this process's main module back: Streamlit's simulator leaves its script there.

    A process spawned later would run that script again as its own main module, and die of it.
    """
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before
