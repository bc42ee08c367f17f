"""Refuses bodies that are too large, in the same words as every other refusal."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import answer_http_error


def install_body_limit(
    app: FastAPI, *, max_bytes: int, by_path: Mapping[str, int] | None = None
) -> None:
    """Answer requests above `max_bytes` with 413, as soon as that is known.

    A path in `by_path` has a limit of its own.
    """
    app.add_middleware(_BodyLimit, max_bytes=max_bytes, by_path=by_path or {})


class _BodyLimit:
    """FastAPI's own limit answers a declared length in plain text, past every error handler."""

    def __init__(self, app: ASGIApp, *, max_bytes: int, by_path: Mapping[str, int]) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._by_path = by_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        allowed = self._by_path.get(scope["path"], self._max_bytes)
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdigit() and int(declared) > allowed:
            answer = answer_http_error(Request(scope), _too_large(allowed))
            await answer(scope, receive, send)
            return
        await self._app(scope, _counting(receive, allowed=allowed), send)


def _counting(receive: Receive, *, allowed: int) -> Receive:
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > allowed:
            raise _too_large(allowed)
        return message

    return counted


def _too_large(allowed: int) -> HTTPException:
    return HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body exceeds {allowed} bytes.")
