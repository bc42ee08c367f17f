"""A mail server on loopback that keeps what it is given, or refuses it."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Mailbox:
    """What arrived; `refusal` is what recipients are answered, if anything."""

    port: int = 0
    mails: list[str] = field(default_factory=list)
    refusal: str | None = None


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, box: Mailbox) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.box = box


class _Talk(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline():
            command = line.decode().strip().upper()
            self._answer(command)
            if command == "QUIT":
                return

    def _answer(self, command: str) -> None:
        if command.startswith("RCPT"):
            self._say(self.server.box.refusal or "250 fine")
        elif command == "DATA":
            self._say("354 go on")
            self._take()
            self._say("250 taken")
        else:
            self._say("221 bye" if command == "QUIT" else "250 fine")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.decode())
        self.server.box.mails.append("".join(lines))

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """Listen on a free port until the block ends."""
    box = Mailbox()
    with _Server(box) as server:
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
