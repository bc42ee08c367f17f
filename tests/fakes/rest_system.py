"""A business system written for the tests alone: nothing in the product knows its shape.

It books hours of staff on engagements and takes drafts of bills. Faults are switched on by name.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

TOKEN = "a-token-of-the-tests"
MOST_PER_PAGE = 3
"""It gives no more rows a page, whatever is asked, and does not say so."""

Answer = tuple[int, Any]
NOTHING_HERE: Answer = (
    404,
    {"problem": {"text": "nothing here", "trace": "File secret.py line 7"}},
)


@dataclass(slots=True)
class RestSystem:
    """The system's rows, and which of its faults are on."""

    address: str = ""
    hours: dict[str, dict[str, Any]] = field(default_factory=dict)
    drafts: dict[str, dict[str, Any]] = field(default_factory=dict)
    receipts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    faults: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    """Each request as method and address."""
    headers: list[dict[str, str]] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    """With the fault `slow` hours are given only once this is set."""

    def book(self, row_id: str, *, day: str, spent: str, modified: str, **more: Any) -> None:
        """Book hours, or change them."""
        self.hours[row_id] = {
            "id": row_id,
            "staff": {"code": "P-ada", "name": "Ada"},
            "engagement": {"no": "ENG-1", "client": "acme"},
            "day": day,
            "spent": spent,
            "rate": {"amount": "180.00"},
            "note": "Design of the data model with the client's architects",
            "modified": modified,
        } | more

    def answer(self, method: str, address: str, body: Any) -> Answer:
        """Answer one request."""
        parts = urlsplit(address)
        query = dict(parse_qsl(parts.query))
        steps = parts.path.removeprefix("/api/v2/").split("/")
        if [method, *steps] == ["GET", "work", "hours"]:
            return self._hours(query)
        if steps[:2] == ["billing", "drafts"]:
            return self._billing(method, steps[2:], query=query, body=body)
        return NOTHING_HERE

    def _billing(
        self, method: str, steps: list[str], *, query: dict[str, str], body: Any
    ) -> Answer:
        match [method, *steps]:
            case ["GET"]:
                found = [
                    {"no": one["no"], "ref": one["ref"]}
                    for one in self.drafts.values()
                    if "blind_find" in self.faults or one["ref"] == query.get("ref")
                ]
                return 200, {"found": found}
            case ["POST"]:
                return self._draft(body)
            case ["GET", number] if number in self.drafts:
                return 200, {"draft": self.drafts[number]}
            case ["PUT", number, "issue"] if number in self.drafts:
                return self._issue(self.drafts[number])
            case ["GET", number, "receipts"] if number in self.drafts:
                return 200, {"receipts": self.receipts.get(number, [])}
            case _:
                return NOTHING_HERE

    def _hours(self, query: dict[str, str]) -> Answer:
        if "slow" in self.faults:
            self.gate.wait()
        since = "" if "blind_filter" in self.faults else query.get("changed_from", "")
        day = query.get("day_from", "")
        rows = sorted(
            (one for one in self.hours.values() if one["modified"] >= since and one["day"] >= day),
            key=lambda one: (one["modified"], one["id"]),
        )
        size = min(int(query.get("per_page", "50")), MOST_PER_PAGE)
        page = 1 if "blind_paging" in self.faults else int(query.get("page", "1"))
        return 200, {"data": {"items": rows[(page - 1) * size : page * size]}}

    def _draft(self, body: Any) -> Answer:
        if "busy" in self.faults:
            return 503, {"problem": {"text": "the books are locked"}}
        if not body.get("buyer"):
            return 422, {"problem": {"text": "buyer is missing", "trace": "File secret.py"}}
        number = str(len(self.drafts) + 1)
        total = sum(round(float(one["price"]) * float(one["units"]) * 100) for one in body["lines"])
        self.drafts[number] = body | {
            "no": number, "stage": "open", "net": f"{total / 100:.2f}",
        }  # fmt: skip
        if "twice" in self.faults:
            self.drafts[f"{number}-again"] = self.drafts[number] | {"no": f"{number}-again"}
        if "lost_answer" in self.faults:
            self.faults.discard("lost_answer")
            return 502, "<html><body><h1>Bad gateway</h1></body></html>"
        return 201, {"draft": self.drafts[number]}

    def _issue(self, draft: dict[str, Any]) -> Answer:
        if draft["stage"] != "open":
            return 422, {"problem": {"text": "only what is open can be issued"}}
        draft["stage"] = "issued"
        if "lost_issue" in self.faults:
            self.faults.discard("lost_issue")
            return 502, "<html><body><h1>Bad gateway</h1></body></html>"
        return 200, {}


@contextmanager
def rest_system() -> Iterator[RestSystem]:
    """Run the system on a free loopback port."""
    system = RestSystem()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(system))
    server.daemon_threads = True
    system.address = f"http://127.0.0.1:{server.server_port}/api/v2/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield system
    finally:
        system.gate.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(system: RestSystem) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("content-length", 0))
            sent = self.rfile.read(length)
            system.asked.append(f"{self.command} {self.path}")
            system.headers.append(dict(self.headers.items()))
            if "elsewhere" in system.faults:
                self.send_response_only(302)
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                status, body = 401, {"problem": {"text": "who are you?"}}
            else:
                status, body = system.answer(
                    self.command, self.path, json.loads(sent) if sent else None
                )
            is_page = isinstance(body, str)
            content = body.encode() if is_page else json.dumps(body).encode()
            self.send_response_only(status)
            self.send_header("Content-Type", "text/html" if is_page else "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has
            """Say nothing: the log of the test is its own."""

        do_GET = do_POST = do_PUT = answer  # noqa: N815 - names http.server asks for

    return Handler
