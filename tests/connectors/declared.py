"""A connection to the tests' own system, with what a test changes in its file."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

import httpx2

from service.connectors.posting_lock import PostingLock
from service.connectors.rest_auth import SecretFiles
from service.connectors.rest_file import Connection, read_connection
from service.connectors.rest_http import RestSystem, connect_rest
from service.connectors.rest_ledger import RestLedger
from service.connectors.rest_ledger_file import Call
from service.connectors.rest_source import RestSource
from service.ports.ledger import Payment
from tests.builders.bills import a_bill
from tests.connectors.http_rules import SECRET, HttpUnderTest
from tests.connectors.ledger_rules import LedgerUnderTest
from tests.connectors.source_rules import SourceUnderTest
from tests.fakes.rest_system import TOKEN
from tests.fakes.rest_system import RestSystem as FakeSystem

FILE = Path(__file__).with_name("worklog.yaml")
ADDRESS = "http://127.0.0.1:8080/api/v2/"
BY_DAY = {
    'query: {changed_from: "{since}"}': 'query: {day_from: "{window_start}"}',
    "changes: {kind: since, column: modified}": "changes: {kind: window, column: day}",
}
CROWD = 20
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


def written(folder: Path, *, address: str = ADDRESS, change: dict[str, str] | None = None) -> Path:
    """Write the file, each key of `change` replaced by its value, and the secret beside it."""
    text = FILE.read_text().replace(ADDRESS, address)
    for old, new in (change or {}).items():
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "worklog.yaml"
    path.write_text(text)
    SecretFiles(folder).keep("worklog_token", TOKEN)
    return path


@contextmanager
def connected(
    folder: Path, *, address: str, change: dict[str, str] | None = None
) -> Iterator[RestSystem]:
    """Connect by the file."""
    connection: Connection = read_connection(written(folder, address=address, change=change))
    with closing(connect_rest(connection, secrets=SecretFiles(folder))) as system:
        yield system


def declared_source(folder: Path) -> SourceUnderTest:
    """The tests' own system, read by days, for the rules of all sources."""
    system, numbers = Worklog(), count(1)

    def opened(*, page_rows: int = 50) -> RestSource:
        return source_of(
            system.connected(folder, change=BY_DAY | {"size: 50": f"size: {page_rows}"})
        )

    def put(row_id: str, hours: Decimal) -> str:
        moment = (NOW + timedelta(seconds=next(numbers))).strftime("%Y-%m-%dT%H:%M:%SZ")
        system.inner.book(row_id, day="2026-03-10", spent=str(hours), modified=moment)
        return row_id

    def add(hours: Decimal) -> str:
        return put(f"H-{next(numbers):05}", hours)

    for _ in range(CROWD):
        add(Decimal("1.5"))
    nowhen = source_of(system.connected(folder, change=BY_DAY), now=NOW + timedelta(days=3_653))
    return SourceUnderTest(
        open=opened,
        entity="hours",
        add=add,
        edit=put,
        delete=system.inner.hours.pop,
        hours_of=lambda row: Decimal(row["spent"]),
        later_than_everything=lambda: list(nowhen.pull("hours", cursor=None)),
        crowded=lambda: opened(page_rows=1_000),
        crowd=CROWD,
    )


def declared_ledger(folder: Path) -> LedgerUnderTest:
    """The tests' own system, billed into, for the rules of all ledgers."""
    system = Worklog()
    drafts = system.inner.drafts

    def pay(document_id: str, payment: Payment) -> None:
        amount = Decimal(payment.amount_minor).scaleb(-2)
        known = system.inner.receipts.setdefault(document_id, [])
        known.append({"on": payment.paid_on.isoformat(), "sum": str(amount)})
        if sum(Decimal(one["sum"]) for one in known) >= Decimal(drafts[document_id]["net"]):
            drafts[document_id]["stage"] = "settled"

    return LedgerUnderTest(
        ledger=ledger_of(system.connected(folder), folder),
        lose_next_answer=lambda: setattr(system, "lose_next_answer", True),
        documents_of=lambda token: sum(
            one["ref"] == token and one["stage"] != "void" for one in drafts.values()
        ),
        cancel=lambda one: drafts[one].update(stage="void"),
        pay=pay,
    )


def declared_http(folder: Path) -> HttpUnderTest:
    """The calls of a connection file over a transport that answers as told."""

    def connected(handler: Callable[[httpx2.Request], httpx2.Response]) -> RestSystem:
        path = written(folder)
        SecretFiles(folder).keep("worklog_token", SECRET)
        transport = httpx2.MockTransport(handler)
        return connect_rest(read_connection(path), secrets=SecretFiles(folder), transport=transport)

    call = Call(method="POST", path="billing/drafts", body={"ref": "{token}"})
    return HttpUnderTest(
        ask=lambda handler: connected(handler).read(Call(path="work/hours"), values={}),
        tell=lambda handler: connected(handler).write(call, values={"token": a_bill().token}),
        odd_bodies=('{"half": ', "<html>"),
    )


@dataclass
class Worklog:
    """The system without a network, so that it can lose the answer to a write."""

    inner: FakeSystem = field(default_factory=FakeSystem)
    lose_next_answer: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def connected(self, folder: Path, *, change: dict[str, str] | None = None) -> RestSystem:
        """Connect by the file."""
        connection = read_connection(written(folder, change=change))
        transport = httpx2.MockTransport(self._answer)
        return connect_rest(connection, secrets=SecretFiles(folder), transport=transport)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        with self._lock:
            body = json.loads(request.content) if request.content else None
            status, told = self.inner.answer(request.method, str(request.url), body)
            if request.method != "GET" and self.lose_next_answer:
                self.lose_next_answer = False
                raise httpx2.ReadTimeout("no answer in time", request=request)
            return httpx2.Response(status, json=told)


def source_of(system: RestSystem, *, now: datetime = NOW) -> RestSource:
    """Give the source side, at noon of a day in March."""
    return RestSource(system, now=lambda: now)


def ledger_of(system: RestSystem, folder: Path) -> RestLedger:
    """Give the ledger side."""
    section = system.connection.ledger
    assert section is not None
    return RestLedger(system, section=section, lock=PostingLock(folder / "locks"))
