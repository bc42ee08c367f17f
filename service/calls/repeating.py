"""When a call is made again by itself: only where that cannot do anything twice."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from tenacity import RetryCallState, retry_if_exception, stop_after_attempt, wait_random_exponential

from service.calls.problems import ApiProblem, ApiUnreachableError

RETRIES = 2
LONGEST_WAIT_SECONDS = 30.0
"""Whoever is told to wait for longer decides alone what to do meanwhile."""
PASSING = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
IN_FLIGHT = "urn:countersign:problem:key-in-flight"
_growing = wait_random_exponential(multiplier=0.2, max=5.0)


def repeating(retries: int) -> dict[str, Any]:
    """Give the arguments of tenacity's Retrying and AsyncRetrying alike."""
    return {
        "stop": stop_after_attempt(1 + retries),
        "retry": retry_if_exception(is_passing),
        "wait": seconds_to_wait,
        "reraise": True,
    }


def is_passing(error: BaseException) -> bool:
    """Say whether the same call may succeed a little later."""
    if isinstance(error, ApiProblem):
        is_short = (error.retry_after or 0.0) <= LONGEST_WAIT_SECONDS
        is_passing_status = error.problem.status in PASSING or error.problem.type == IN_FLIGHT
        return is_short and is_passing_status
    return isinstance(error, ApiUnreachableError)


def seconds_to_wait(state: RetryCallState) -> float:
    """Give what the API asked for, never less; else a random time that grows with each attempt."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, ApiProblem) else None
    return asked if asked is not None else _growing(state)
