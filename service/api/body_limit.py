"""Refuses bodies that are too large, in the same words as every other refusal."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import FastAPI, Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import answer_http_error


def install_body_limit(app: FastAPI, *, max_bytes: int) -> None:
    """Answer requests above `max_bytes` with 413, as soon as that is known."""
    app.add_middleware(_BodyLimit, max_bytes=max_bytes)


class _BodyLimit:
    """FastAPI's own limit answers a declared length in plain text, past every error handler."""

    def __init__(self, app: ASGIApp, *, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdigit() and int(declared) > self._max_bytes:
            answer = answer_http_error(Request(scope), self._too_large())
            await answer(scope, receive, send)
            return
        await self._app(scope, self._counting(receive), send)

    def _counting(self, receive: Receive) -> Receive:
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_bytes:
                raise self._too_large()
            return message

        return counted

    def _too_large(self) -> HTTPException:
        return HTTPException(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body exceeds {self._max_bytes} bytes."
        )
