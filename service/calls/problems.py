"""How calls to the API fail: refused with a problem, or without a usable answer."""

from __future__ import annotations

import httpx2
from pydantic import ValidationError

from service.wire.access import Problem


class ApiProblem(Exception):  # noqa: N818 - the answer is a problem document, and callers say so
    """The API answered with a problem; `problem` says what, where, why and what to do."""

    def __init__(self, problem: Problem, *, retry_after: float | None = None) -> None:
        super().__init__(f"{problem.status} {problem.title}: {problem.detail}")
        self.problem = problem
        self.retry_after = retry_after
        """Seconds to wait before a repeat, where the API named them."""


class ApiUnreachableError(Exception):
    """The API gave no usable answer; repeating the same call with its key is safe."""

    def __init__(self, *, base_url: str, reason: str) -> None:
        super().__init__(f"No answer from {base_url}: {reason}. Try again in a few seconds.")
        self.base_url, self.reason = base_url, reason


def problem_of(response: httpx2.Response, path: str) -> ApiProblem:
    """Read a refusal."""
    seconds = response.headers.get("retry-after", "")
    wait = float(seconds) if seconds.isdecimal() else None
    try:
        return ApiProblem(Problem.model_validate_json(response.content), retry_after=wait)
    except ValidationError:
        # A proxy in between answers in its own words; the status is all that can be trusted.
        unknown = Problem(
            type="about:blank",
            title=response.reason_phrase or "Unexpected answer",
            status=response.status_code,
            detail=f"The answer with status {response.status_code} carries no problem document.",
            instance=path,
            remedy="Try again in a few seconds; tell an administrator if it stays.",
        )
        return ApiProblem(unknown, retry_after=wait)
