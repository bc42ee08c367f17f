"""Calls to the API: one pool, one credential, and every refusal as a problem to be mended."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx2
from pydantic import BaseModel, ValidationError

from service.wire.access import Problem

CONNECT_SECONDS = 3.0
READ_SECONDS = 15.0
"""An interactive answer takes milliseconds; whoever waits longer should be told and try again."""

R = TypeVar("R", bound=BaseModel)


class ApiProblem(Exception):  # noqa: N818 - the answer is a problem document, and callers say so
    """The API answered with a problem; `problem` says what, where, why and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.status} {problem.title}: {problem.detail}")
        self.problem = problem


class ApiUnreachableError(Exception):
    """The API gave no usable answer; repeating the same call with its key is safe."""

    def __init__(self, *, base_url: str, reason: str) -> None:
        super().__init__(f"No answer from {base_url}: {reason}. Try again in a few seconds.")
        self.base_url, self.reason = base_url, reason


class ApiCalls:
    """One connection pool to the API under one credential; safe to share between threads.

    Every call raises ApiProblem when the API refuses, and ApiUnreachableError without an answer.
    """

    def __init__(
        self, base_url: str, *, token: str | None, transport: httpx2.BaseTransport | None = None
    ) -> None:
        """Prepare calls to `base_url`; `token` is a session token or an API key."""
        self._base_url = base_url.rstrip("/")
        self._http = httpx2.Client(
            base_url=self._base_url,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def _get(self, path: str, filters: Mapping[str, Any] | None = None, *, answer: type[R]) -> R:
        given = {name: value for name, value in (filters or {}).items() if value is not None}
        return self._read(self._send("GET", path, params=given), answer)

    def _post(
        self, path: str, request: BaseModel | None, *, answer: type[R], key: str | None = None
    ) -> R:
        body = request.model_dump_json().encode() if request is not None else None
        return self._read(self._send("POST", path, body=body, key=key), answer)

    def _put(self, path: str, name: str, *, body: BaseModel) -> None:
        self._send("PUT", f"{path}/{segment(name)}", body=body.model_dump_json().encode())

    def _send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: bytes | None = None,
        files: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> bytes:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if key is not None:
            headers["Idempotency-Key"] = key
        try:
            response = self._http.request(
                method, path, params=params, content=body, files=files, headers=headers
            )
        except httpx2.RequestError as error:
            reason = str(error) or type(error).__name__
            raise ApiUnreachableError(base_url=self._base_url, reason=reason) from error
        if not response.is_success:
            raise ApiProblem(_problem(response, path))
        return response.content

    def _read(self, content: bytes, answer: type[R]) -> R:
        try:
            return answer.model_validate_json(content)
        except ValidationError as error:
            reason = f"the answer is not a {answer.__name__} ({error.error_count()} problems)"
            raise ApiUnreachableError(base_url=self._base_url, reason=reason) from error


def segment(name: str) -> str:
    """Write an id as one path segment, whatever characters a source system put into it."""
    return quote(name, safe="")


def _problem(response: httpx2.Response, path: str) -> Problem:
    try:
        return Problem.model_validate_json(response.content)
    except ValidationError:
        # A proxy in between answers in its own words; the status is all that can be trusted.
        return Problem(
            type="about:blank",
            title=response.reason_phrase or "Unexpected answer",
            status=response.status_code,
            detail=f"The answer with status {response.status_code} carries no problem document.",
            instance=path,
            remedy="Try again in a few seconds; tell an administrator if it stays.",
        )
