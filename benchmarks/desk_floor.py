"""The floors: one plain page over the same API, that waits for it or does not."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from service.supervisor import free_port

PAGE = Path(__file__).with_name("desk_floor.html")
PASSED_ON = ("authorization", "content-type", "idempotency-key")
START_SECONDS = 30.0


@contextmanager
def floors(api_url: str) -> Iterator[str]:
    """Serve the page, and pass its calls on to the API; gives the address."""
    port = free_port()
    with httpx2.Client(base_url=api_url, timeout=30.0) as http:
        app = Starlette(
            routes=[
                Route("/floor", _page),
                Route("/v1/{path:path}", _passing_on(http), methods=["GET", "POST"]),
            ]
        )
        server = uvicorn.Server(
            uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off")
        )
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        try:
            _wait_until_it_answers(f"http://127.0.0.1:{port}/floor")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(timeout=10)


def _page(_request: Request) -> Response:
    return FileResponse(PAGE)


def _passing_on(http: httpx2.Client) -> Callable[[Request], Awaitable[Response]]:
    async def pass_on(request: Request) -> Response:
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        body = await request.body()

        def ask() -> httpx2.Response:
            return http.request(request.method, request.url.path, content=body, headers=headers)

        answer = await run_in_threadpool(ask)
        return Response(answer.content, answer.status_code, media_type="application/json")

    return pass_on


def _wait_until_it_answers(url: str) -> None:
    transport = httpx2.HTTPTransport(retries=20)
    with httpx2.Client(transport=transport, timeout=START_SECONDS) as http:
        http.get(url).raise_for_status()
