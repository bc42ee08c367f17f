"""Numbered places on the way of a posting: each await, commit and call outside passes one.

Production passes them by. The harness that proves that no posting is lost or doubled ends the
process at each of them in turn.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Point(StrEnum):
    """A place where a process may die, named by what has just happened."""

    VERDICT_TO_COUNT = "verdict_to_count"
    VERDICT_UNCOMMITTED = "verdict_uncommitted"
    VERDICT_COUNTED = "verdict_counted"
    TRY_BEGINS = "try_begins"
    TRY_UNCOMMITTED = "try_uncommitted"
    TRY_COMMITTED = "try_committed"
    TOKEN_LOOKED_UP = "token_looked_up"  # noqa: S105 - the ledger's key of a bill, no secret
    GATES_UNCOMMITTED = "gates_uncommitted"
    GATES_PASSED = "gates_passed"
    DRAFT_WRITTEN = "draft_written"
    DONE_UNCOMMITTED = "done_uncommitted"
    DONE_COMMITTED = "done_committed"
    FAILURE_TO_NOTE = "failure_to_note"
    FAILURE_UNCOMMITTED = "failure_uncommitted"
    FAILURE_NOTED = "failure_noted"
    REST_UNCOMMITTED = "rest_uncommitted"
    REST_NOTED = "rest_noted"
    STEP_DONE = "step_done"


PassBy = Callable[[Point], None]
"""Called with every place that is reached."""


def pass_by(_point: Point) -> None:
    """Go on: in production nothing waits at a fault point."""
