"""Probes and metrics; probes are the only routes without credentials."""

from __future__ import annotations

import json
import os
import time

from fastapi import APIRouter, FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client import generate_latest as render
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.access import Parts, Reader

router = APIRouter(tags=["health"])

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "countersign_requests", "Answered requests", ["route", "status"], registry=REGISTRY
)
SECONDS = Histogram(
    "countersign_request_seconds",
    "Time to answer",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
    registry=REGISTRY,
)


@router.get("/healthz")
def get_health() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "alive"}


@router.get("/readyz")
def get_readiness(parts: Parts) -> Response:
    """Say whether work can be taken: 200 with every check, or 503 with what is wrong."""
    found = {name: check() or "ok" for name, check in parts.health.checks.items()}
    is_ready = all(answer == "ok" or answer.startswith("ok:") for answer in found.values())
    return Response(
        json.dumps(
            {
                "status": "ready" if is_ready else "not ready",
                "process": os.getpid(),
                "checks": found,
            }
        ),
        status_code=200 if is_ready else 503,
        media_type="application/json",
    )


@router.get("/metrics")
def get_metrics(actor: Reader) -> Response:
    """Give the metrics in the OpenMetrics text format."""
    del actor
    return Response(render(REGISTRY), media_type=CONTENT_TYPE_LATEST)


def install_metrics(app: FastAPI) -> None:
    """Count and time every answer by its route."""
    app.add_middleware(_Measured)


class _Measured:
    """A plain ASGI layer: Starlette's function middleware costs a task and a stream a request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0

        async def noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        started = time.perf_counter()
        await self._app(scope, receive, noting_status)
        name = getattr(scope.get("route"), "path", "(none)")
        REQUESTS.labels(route=name, status=status).inc()
        SECONDS.labels(route=name).observe(time.perf_counter() - started)
