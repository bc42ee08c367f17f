"""A subscriber's own server on this machine: proves what comes, and answers as it is told."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from service.client import verify_webhook

LONGEST_WAIT_SECONDS = 30


class EventReceiver:
    """Puts every proven delivery into a queue; `answers` are given in turn, then 204."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.secrets: list[str] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.headers: list[dict[str, str]] = []
        self._arrived: queue.Queue[dict[str, Any]] = queue.Queue()

    def next(self) -> dict[str, Any]:
        """Wait for the next event."""
        return self._arrived.get(timeout=LONGEST_WAIT_SECONDS)

    def is_quiet(self) -> bool:
        """Say whether nothing more came."""
        return self._arrived.empty()

    def take(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        """Prove a delivery and answer it."""
        proved = verify_webhook(headers, body, secrets=self.secrets, now=datetime.now(UTC))
        self.headers.append(headers)
        answer = self.answers.pop(0) if self.answers else (204, {})
        self._arrived.put(dict(proved.event))
        return answer


@contextmanager
def event_receiver() -> Iterator[EventReceiver]:
    """Run a receiver on a free port."""
    receiver = EventReceiver("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status, headers = receiver.take(dict(self.headers.items()), body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/in"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def dripping_server() -> Iterator[int]:
    """Run a server that answers a byte at a time and never comes to an end; gives its port."""
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(LONGEST_WAIT_SECONDS)

    def drip() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
            while not over.wait(0.05):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        thread.join()
        listener.close()
