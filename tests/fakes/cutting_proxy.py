"""A proxy to an HTTP server that can keep an answer to itself: done there, and nobody told."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 60.0
OF_ONE_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})


@dataclass(slots=True)
class CuttingProxy:
    """Passes everything on, until one request is chosen to be cut."""

    url: str = ""
    kept_answers: list[int] = field(default_factory=list)
    """Status of each answer that was kept back."""
    _armed: Callable[[], None] | None = None
    _path_end: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def cut_next_post(self, path_end: str, *, once_done: Callable[[], None]) -> None:
        """Let the next POST to this path be done; then call `once_done` and drop the connection."""
        with self._lock:
            self._armed, self._path_end = once_done, path_end

    def taken(self, method: str, path: str) -> Callable[[], None] | None:
        """Give what to call after this request, where it is the one to cut; only once."""
        with self._lock:
            armed = self._armed
            if armed is None or method != "POST" or not path.endswith(self._path_end):
                return None
            self._armed = None
            return armed


@contextmanager
def cutting_proxy(target: str) -> Iterator[CuttingProxy]:
    """Run a proxy to `target` on a free loopback port."""
    proxy = CuttingProxy()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(proxy, target=target))
    server.daemon_threads = True
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(proxy: CuttingProxy, *, target: str) -> type[BaseHTTPRequestHandler]:
    address = urlsplit(target).netloc

    class Handler(BaseHTTPRequestHandler):
        def pass_on(self) -> None:
            armed = proxy.taken(self.command, urlsplit(self.path).path)
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            answer, content = self._asked(body)
            if armed is not None:
                proxy.kept_answers.append(answer.status)
                armed()
                self.close_connection = True
                return
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in OF_ONE_HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _asked(self, body: bytes) -> tuple[http.client.HTTPResponse, bytes]:
            connection = http.client.HTTPConnection(address, timeout=TIMEOUT_SECONDS)
            try:
                headers = {
                    name: value
                    for name, value in self.headers.items()
                    if name.lower() not in OF_ONE_HOP | {"accept-encoding"}
                }
                connection.request(self.command, self.path, body=body or None, headers=headers)
                answer = connection.getresponse()
                return answer, answer.read()
            finally:
                connection.close()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has
            """Say nothing: the log of the test is its own."""

        do_GET = do_POST = do_PUT = do_DELETE = pass_on  # noqa: N815 - names http.server asks for

    return Handler
