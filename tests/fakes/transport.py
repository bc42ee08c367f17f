"""A network to a real server that breaks on request, before or after the server acts."""

from __future__ import annotations

from collections.abc import Callable

import httpx2

Fault = Callable[[httpx2.BaseTransport, httpx2.Request], httpx2.Response]
WRITES_INVOICE = ("/account.invoice", "/post")


class FaultyTransport(httpx2.BaseTransport):
    """Passes requests on; creating or posting an invoice first meets the next of `faults`."""

    def __init__(self) -> None:
        self.inner = httpx2.HTTPTransport()
        self.faults: list[Fault] = []
        self.requests: list[httpx2.Request] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        is_write = request.method == "POST" and request.url.path.endswith(WRITES_INVOICE)
        if is_write and self.faults:
            return self.faults.pop(0)(self.inner, request)
        return self.inner.handle_request(request)

    def close(self) -> None:
        self.inner.close()


def busy_before_commit(inner: httpx2.BaseTransport, request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(503, json={"message": "could not obtain lock on row"}, request=request)


def limited_before_commit(inner: httpx2.BaseTransport, request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(429, headers={"Retry-After": "7"}, request=request)


def busy_after_commit(inner: httpx2.BaseTransport, request: httpx2.Request) -> httpx2.Response:
    inner.handle_request(request).read()
    return httpx2.Response(503, text="<p>gateway gave up</p>", request=request)


def timeout_after_commit(inner: httpx2.BaseTransport, request: httpx2.Request) -> httpx2.Response:
    inner.handle_request(request).read()
    raise httpx2.ReadTimeout("no answer in time", request=request)


def reset_before_commit(inner: httpx2.BaseTransport, request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("connection reset", request=request)


def half_a_body(inner: httpx2.BaseTransport, request: httpx2.Request) -> httpx2.Response:
    whole = inner.handle_request(request).read()
    headers = {"Content-Type": "application/json"}
    return httpx2.Response(200, content=whole[: len(whole) // 2], headers=headers, request=request)


def sent_twice(inner: httpx2.BaseTransport, request: httpx2.Request) -> httpx2.Response:
    """The server acts on the request two times, as after a retry on the way."""
    inner.handle_request(request).read()
    return inner.handle_request(request)
