"""Connections to addresses outside: the address that was checked is the one connected to.

Between a check and a connection of its own a name could change its address (DNS rebinding). Here
the name is resolved once, what it gave is checked, and that address is connected to; the name
stays what TLS verifies and what the Host header says. Redirects are not for this layer: whoever
uses it leaves them off.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache

import httpcore2
import httpx2

from service.connectors.outside_address import OutsideHosts, require_reachable
from service.ports.outside import ForbiddenAddressError

Resolve = Callable[[str, int], Sequence[str]]
"""Gives the addresses of a host. Raises OSError."""


def outside_transport(
    hosts: OutsideHosts,
    *,
    seconds_in_all: float | None = None,
    resolve: Resolve | None = None,
    network: httpcore2.NetworkBackend | None = None,
    trusted: ssl.SSLContext | None = None,
) -> httpx2.BaseTransport:
    """Give the transport of an HTTP client that reaches allowed addresses alone.

    Anything else is refused as an httpx2.ConnectError before a byte is sent. `seconds_in_all`
    ends a connection however slowly the other side keeps talking.
    """
    return OutsideTransport(
        hosts,
        backend=_CheckedBackend(
            hosts,
            resolve=resolve or _addresses,
            network=network or httpcore2.SyncBackend(),
            seconds_in_all=seconds_in_all,
        ),
        trusted=trusted or _usual_authorities(),
    )


class OutsideTransport(httpx2.BaseTransport):
    """Checks the text of each address, and connects through the backend that checks the rest."""

    def __init__(
        self, hosts: OutsideHosts, *, backend: httpcore2.NetworkBackend, trusted: ssl.SSLContext
    ) -> None:
        self._hosts = hosts
        self._pool = httpcore2.ConnectionPool(ssl_context=trusted, network_backend=backend)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request. Raises httpx2.ConnectError for a forbidden address."""
        try:
            self._hosts.check(str(request.url))
        except ForbiddenAddressError as error:
            raise httpx2.ConnectError(str(error), request=request) from error
        if not isinstance(request.stream, httpx2.SyncByteStream):
            raise TypeError("the body of a request must be readable without a loop of events")
        url = request.url
        sent = httpcore2.Request(
            method=request.method,
            url=httpcore2.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        try:
            answer = self._pool.handle_request(sent)
        except _FAILURES as error:
            raise _said(error) from error
        return httpx2.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Give the connections back."""
        self._pool.close()


class _Body(httpx2.SyncByteStream):
    def __init__(self, answer: httpcore2.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._answer.iter_stream()
        except _FAILURES as error:
            raise _said(error) from error

    def close(self) -> None:
        self._answer.close()


class _CheckedBackend(httpcore2.NetworkBackend):
    """Resolves a host, checks every address it gave, and connects to one of exactly those."""

    def __init__(
        self,
        hosts: OutsideHosts,
        *,
        resolve: Resolve,
        network: httpcore2.NetworkBackend,
        seconds_in_all: float | None,
    ) -> None:
        self._hosts = hosts
        self._resolve = resolve
        self._seconds_in_all = seconds_in_all
        self._network = network

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first of the checked addresses that answers."""
        failure: httpcore2.ConnectError | httpcore2.ConnectTimeout | None = None
        for address in self._checked(host, port):
            try:
                stream = self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options or ()
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return self._timed(stream)
        raise failure or httpcore2.ConnectError(f"{host} has no address")

    def _checked(self, host: str, port: int) -> Sequence[str]:
        is_inside = self._hosts.is_inside(host, port)
        try:
            addresses = self._resolve(host, port)
            for one in addresses:
                require_reachable(ipaddress.ip_address(one), is_inside=is_inside)
        except (OSError, UnicodeError, ValueError, ForbiddenAddressError) as error:
            raise httpcore2.ConnectError(str(error)) from error
        return addresses

    def _timed(self, stream: httpcore2.NetworkStream) -> httpcore2.NetworkStream:
        if self._seconds_in_all is None:
            return stream
        return _TimedStream(stream, ends_at=time.monotonic() + self._seconds_in_all)


class _TimedStream(httpcore2.NetworkStream):
    """A connection that ends in time, also with one who sends a byte every few seconds."""

    def __init__(self, stream: httpcore2.NetworkStream, *, ends_at: float) -> None:
        self._stream = stream
        self._ends_at = ends_at

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        safe = self._stream.start_tls(ssl_context, server_hostname, self._left(timeout))
        return _TimedStream(safe, ends_at=self._ends_at)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)

    def _left(self, timeout: float | None) -> float:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the answer took too long")
        return left if timeout is None else min(left, timeout)


_FAILURES = (
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.ProxyError,
    httpcore2.UnsupportedProtocol,
)


def _said(error: Exception) -> httpx2.TransportError:
    """The failure in the words of the client, whose classes have the same names."""
    for kind in type(error).__mro__:
        ours = getattr(httpx2, kind.__name__, None)
        if isinstance(ours, type) and issubclass(ours, httpx2.TransportError):
            return ours(str(error))
    return httpx2.TransportError(str(error))


@cache
def _usual_authorities() -> ssl.SSLContext:
    """Give the authorities a server may be signed by; reading them takes 30 ms, so once."""
    return httpx2.create_ssl_context()


def _addresses(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))
