"""Calls to the API: one pool, one credential, and every refusal as a problem to be mended."""

from __future__ import annotations

import secrets
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx2
from pydantic import BaseModel, ValidationError
from tenacity import Retrying

from service.calls.problems import ApiProblem, ApiUnreachableError, problem_of
from service.calls.repeating import RETRIES, repeating
from service.calls.seen import Seen
from service.wire.access import LOG_IN

__all__ = ["ApiCalls", "ApiProblem", "ApiUnreachableError", "listed", "page_filters", "segment"]

CONNECT_SECONDS = 3.0
READ_SECONDS = 15.0
"""An interactive answer takes milliseconds; whoever waits longer should be told and try again."""
DEFAULT_PAGE = 50
KEY_BYTES = 24
"""Of chance in a key of our own: no two are ever the same."""
VERSION = "2026-11-23"
"""The dated version of the API that these calls were written for."""

R = TypeVar("R", bound=BaseModel)


class ApiCalls:
    """One connection pool to the API under one credential; safe to share between threads.

    Every call raises ApiProblem when the API refuses, and ApiUnreachableError without an answer.
    Reads, and writes under a key, are repeated `retries` times where that may help.
    """

    def __init__(
        self,
        base_url: str,
        *,
        token: str | None,
        transport: httpx2.BaseTransport | None = None,
        retries: int = RETRIES,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Prepare calls to `base_url`; `token` is a session token or an API key."""
        self._base_url = base_url.rstrip("/")
        self._retries, self._sleep = retries, sleep
        self._http = httpx2.Client(**settings_of(base_url, token), transport=transport)

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
        return self._read(self._send("GET", path, params=given(filters)), answer)

    def _see(self, path: str, *, answer: type[R]) -> Seen[R]:
        return seen(self._ask("GET", path, {}), answer, base_url=self._base_url)

    def _post(
        self,
        path: str,
        request: BaseModel | None,
        *,
        answer: type[R],
        key: str | None = None,
        if_match: str | None = None,
    ) -> R:
        body = written(request)
        return self._read(self._send("POST", path, body=body, key=key, if_match=if_match), answer)

    def _put(self, path: str, *, body: BaseModel, if_match: str | None = None) -> bytes:
        return self._send("PUT", path, body=written(body), if_match=if_match)

    def _send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: bytes | None = None,
        files: Mapping[str, Any] | None = None,
        key: str | None = None,
        if_match: str | None = None,
    ) -> bytes:
        asked: dict[str, Any] = {"params": params, "content": body, "files": files}
        asked["headers"] = headers_of(method, path, body=body, key=key, if_match=if_match)
        return self._ask(method, path, asked).content

    def _ask(self, method: str, path: str, asked: Mapping[str, Any]) -> httpx2.Response:
        retries = self._retries if may_repeat(path, asked.get("files")) else 0
        again = Retrying(**repeating(retries), sleep=self._sleep)
        return again(self._once, method, path, asked)

    def _once(self, method: str, path: str, asked: Mapping[str, Any]) -> httpx2.Response:
        try:
            response = self._http.request(method, path, **asked)
        except httpx2.RequestError as error:
            reason = str(error) or type(error).__name__
            raise ApiUnreachableError(base_url=self._base_url, reason=reason) from error
        if not response.is_success:
            raise problem_of(response, path)
        return response

    def _read(self, content: bytes, answer: type[R]) -> R:
        return read(content, answer, base_url=self._base_url)


def settings_of(base_url: str, token: str | None) -> dict[str, Any]:
    """Give what both clients tell their pool of connections."""
    signed = {"Authorization": f"Bearer {token}"} if token else {}
    return {
        "base_url": base_url.rstrip("/"),
        "headers": {"API-Version": VERSION} | signed,
        "timeout": httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        "follow_redirects": False,
        "verify": _trusted(),
    }


def headers_of(
    method: str, path: str, *, body: bytes | None, key: str | None, if_match: str | None = None
) -> dict[str, str]:
    """Give the headers of a call: every write has a key, the caller's or one of its own."""
    headers = {"Content-Type": "application/json"} if body is not None else {}
    if if_match is not None:
        headers["If-Match"] = if_match
    if method != "GET" and path not in LOG_IN:
        headers["Idempotency-Key"] = key or secrets.token_urlsafe(KEY_BYTES)
    return headers


def may_repeat(path: str, files: Mapping[str, Any] | None) -> bool:
    """Say whether a call may be made again by itself; an uploaded file was read to its end."""
    return files is None and path not in LOG_IN


def read(content: bytes, answer: type[R], *, base_url: str) -> R:
    """Read an answer into its shape."""
    try:
        return answer.model_validate_json(content)
    except ValidationError as error:
        reason = f"the answer is not a {answer.__name__} ({error.error_count()} problems)"
        raise ApiUnreachableError(base_url=base_url, reason=reason) from error


def seen(response: httpx2.Response, answer: type[R], *, base_url: str) -> Seen[R]:
    """Read an answer into its shape, with the mark of the state that it tells of."""
    etag = response.headers.get("etag")
    if not etag:
        # Without it a change would be made of whatever stands there by then.
        raise ApiUnreachableError(base_url=base_url, reason="the answer carries no ETag")
    return Seen(what=read(response.content, answer, base_url=base_url), etag=etag)


def segment(name: str) -> str:
    """Write an id as one path segment, whatever characters a source system put into it."""
    return quote(name, safe="")


def page_filters(cursor: str | None, limit: int) -> dict[str, Any]:
    """The part of a query that says which page."""
    return {"cursor": cursor, "limit": limit}


def listed(records: Sequence[BaseModel]) -> bytes:
    """Records as a JSON array."""
    return b"[" + b",".join(record.model_dump_json().encode() for record in records) + b"]"


def given(filters: Mapping[str, Any] | None) -> dict[str, Any]:
    """Leave out filters that are not set."""
    return {name: value for name, value in (filters or {}).items() if value is not None}


def written(body: BaseModel | None) -> bytes | None:
    """A body as JSON."""
    return None if body is None else body.model_dump_json().encode()


@cache
def _trusted() -> ssl.SSLContext:
    """Give the authorities a server may be signed by; one list for all, as it takes 0.8 MB."""
    return httpx2.create_ssl_context()
