"""The same calls for programs that wait for many answers at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx2
from pydantic import BaseModel
from tenacity import AsyncRetrying

from service.calls.http import given, headers_of, may_repeat, read, seen, settings_of, written
from service.calls.problems import ApiUnreachableError, problem_of
from service.calls.repeating import RETRIES, repeating
from service.calls.seen import Seen

R = TypeVar("R", bound=BaseModel)


class AsyncApiCalls:
    """One connection pool to the API under one credential, in one event loop.

    Every call raises ApiProblem when the API refuses, and ApiUnreachableError without an answer.
    Reads, and writes under a key, are repeated `retries` times where that may help.
    """

    def __init__(
        self,
        base_url: str,
        *,
        token: str | None,
        transport: httpx2.AsyncBaseTransport | None = None,
        retries: int = RETRIES,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Prepare calls to `base_url`; `token` is a session token or an API key."""
        self._base_url = base_url.rstrip("/")
        self._retries, self._sleep = retries, sleep
        self._http = httpx2.AsyncClient(**settings_of(base_url, token), transport=transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def _get(
        self, path: str, filters: Mapping[str, Any] | None = None, *, answer: type[R]
    ) -> R:
        return self._read(await self._send("GET", path, params=given(filters)), answer)

    async def _see(self, path: str, *, answer: type[R]) -> Seen[R]:
        return seen(await self._ask("GET", path, {}), answer, base_url=self._base_url)

    async def _post(
        self,
        path: str,
        request: BaseModel | None,
        *,
        answer: type[R],
        key: str | None = None,
        if_match: str | None = None,
    ) -> R:
        body = written(request)
        sent = await self._send("POST", path, body=body, key=key, if_match=if_match)
        return self._read(sent, answer)

    async def _put(self, path: str, *, body: BaseModel, if_match: str | None = None) -> bytes:
        return await self._send("PUT", path, body=written(body), if_match=if_match)

    async def _send(
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
        return (await self._ask(method, path, asked)).content

    async def _ask(self, method: str, path: str, asked: Mapping[str, Any]) -> httpx2.Response:
        retries = self._retries if may_repeat(path, asked.get("files")) else 0
        again = AsyncRetrying(**repeating(retries), sleep=self._sleep)
        return await again(self._once, method, path, asked)

    async def _once(self, method: str, path: str, asked: Mapping[str, Any]) -> httpx2.Response:
        try:
            response = await self._http.request(method, path, **asked)
        except httpx2.RequestError as error:
            reason = str(error) or type(error).__name__
            raise ApiUnreachableError(base_url=self._base_url, reason=reason) from error
        if not response.is_success:
            raise problem_of(response, path)
        return response

    def _read(self, content: bytes, answer: type[R]) -> R:
        return read(content, answer, base_url=self._base_url)
