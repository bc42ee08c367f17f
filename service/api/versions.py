"""The dated version of the API, and what is told of routes that will go away.

Within a version routes, fields and values are only ever added; a golden document holds that. What
goes away is announced in every answer: Deprecation (RFC 9745), Sunset (RFC 8594) and a link.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from email.utils import format_datetime
from typing import Any

from fastapi import Depends, FastAPI, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import answer_refusal
from service.domain.errors import UnknownVersionError

HEADER = "API-Version"
VERSIONS = ("2026-11-23",)
"""Oldest first; all of them are served."""
CURRENT = VERSIONS[-1]
ENDING = "countersign.ending"


def install_versions(app: FastAPI) -> None:
    """Name the version in every answer, and refuse one that was never there."""
    app.add_middleware(_Versioned)


def deprecated(*, since: date, sunset: date, see: str) -> dict[str, Any]:
    """Give what marks a route: `@router.get("/old", **deprecated(since=..., sunset=..., see=...))`.

    From `since` on it should not be used, after `sunset` it may be gone; `see` is the address of
    what to use instead.
    """
    headers = {
        "Deprecation": f"@{int(_midnight(since).timestamp())}",
        "Sunset": format_datetime(_midnight(sunset), usegmt=True),
        "Link": f'<{see}>; rel="deprecation"',
    }

    async def announce(request: Request) -> None:
        setattr(request.state, ENDING, headers)

    return {
        "deprecated": True,
        "dependencies": [Depends(announce)],
        "openapi_extra": {"x-sunset": sunset.isoformat()},
    }


class _Versioned:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope).get(HEADER)
        version = asked if asked in VERSIONS else CURRENT

        async def naming(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers[HEADER] = version
                ending: Mapping[str, str] = scope.get("state", {}).get(ENDING, {})
                headers.update(ending)
            await send(message)

        if asked is None or asked in VERSIONS:
            await self._app(scope, receive, naming)
            return
        refused = UnknownVersionError(asked[:40], known=VERSIONS)
        await answer_refusal(Request(scope), refused)(scope, receive, naming)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
