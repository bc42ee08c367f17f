"""The systems the rules are run on: fakes, the sandbox, and live servers, each made anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import httpx2
import pytest

from service.connectors.redmine_rest import RedmineRest
from service.connectors.redmine_source import RedmineSource
from service.connectors.sandbox import SandboxLedger
from service.connectors.tryton import connect_tryton
from service.connectors.tryton_books import BookSettings
from service.connectors.tryton_cursor import ChangeCursor
from service.connectors.tryton_rest import TrytonRest
from service.connectors.tryton_source import TrytonSource
from tests.builders.bills import a_bill
from tests.connectors.http_rules import SECRET, HttpUnderTest
from tests.connectors.ledger_rules import LedgerUnderTest
from tests.connectors.source_rules import SourceUnderTest
from tests.fakes.ledger import AnswerLosingLedger, FakeLedger
from tests.fakes.source import CAP, FakeSource, WorkSystem
from tests.fakes.transport import FaultyTransport, timeout_after_commit
from tests.integration.redmine_up import RedmineServer
from tests.integration.tryton_pay import note_payment
from tests.integration.tryton_up import TrytonServer

FAR_FUTURE = datetime(2090, 1, 1, tzinfo=UTC)
NOWHERE = "http://127.0.0.1:1"
OLD_WORK = 120
"""Rows of the seed on one day of January 2026, more than one answer of Redmine holds."""


def fake_source(kind: type[FakeSource] = FakeSource) -> SourceUnderTest:
    """A system in memory, read by the honest fake or by a doctored one."""
    system = WorkSystem()
    for _ in range(CAP + 20):
        system.add(Decimal("1.5"))
    future = json.dumps({"given": [[10**9, 1]], "known": []})

    def opened(*, page_rows: int = CAP) -> FakeSource:
        return kind(system, page_rows=page_rows)

    return SourceUnderTest(
        open=opened,
        entity="work",
        add=system.add,
        edit=system.edit,
        delete=system.delete,
        hours_of=lambda row: row["hours"],
        later_than_everything=lambda: list(opened().pull("work", cursor=future)),
        crowded=lambda: opened(page_rows=1_000),
        crowd=CAP + 20,
        add_late=lambda hours: system.add(hours, ticks_back=3),
    )


def tryton_source(server: TrytonServer, request: pytest.FixtureRequest) -> SourceUnderTest:
    """A live Tryton, where somebody books on the first task of the rollout."""
    rest = _tryton_rest(server, request)
    (work, *_), (employee, *_) = (
        rest.search(model, fields=["id"], limit=1)
        for model in ("timesheet.work", "company.employee")
    )
    booked_on = date(2026, 11, 2)

    def opened(*, page_rows: int = 200) -> TrytonSource:
        return TrytonSource(rest, watched_since=lambda: booked_on, page_rows=page_rows)

    def add(hours: Decimal) -> str:
        values = {
            "employee": employee["id"], "work": work["id"], "company": server.company_id,
            "date": booked_on, "duration": _duration(hours), "description": "conformance",
        }  # fmt: skip
        context = {"company": server.company_id}
        return str(rest.create("timesheet.line", values, fields=["id"], context=context)["id"])

    def edit(row_id: str, hours: Decimal) -> None:
        rest.update("timesheet.line", int(row_id), {"duration": _duration(hours)}, fields=["id"])

    cursor = ChangeCursor(last=(FAR_FUTURE, 1)).text()
    return SourceUnderTest(
        open=opened,
        entity="timesheet_lines",
        add=add,
        edit=edit,
        delete=lambda row_id: rest.delete("timesheet.line", int(row_id)),
        hours_of=lambda row: Decimal(row["duration"] // timedelta(seconds=1)) / 3_600,
        later_than_everything=lambda: list(
            TrytonSource(rest).pull("timesheet_lines", cursor=cursor)
        ),
        crowded=lambda: opened(page_rows=100_000),
        crowd=30,
    )


def redmine_source(server: RedmineServer, request: pytest.FixtureRequest) -> SourceUnderTest:
    """A live Redmine, where an administrator books for Ana on the issue Build."""
    rest = _redmine_rest(server, request)
    booked_on = date(2026, 11, 2)
    names = iter(range(10**6))

    def opened(*, page_rows: int = 100, since: date = date(2026, 9, 27)) -> RedmineSource:
        return RedmineSource(rest, watched_since=lambda: since, page_rows=page_rows)

    def crowded() -> RedmineSource:
        asking = _redmine_rest(server, request, page_rows=1_000)
        return RedmineSource(asking, watched_since=lambda: date(2026, 1, 1), page_rows=1_000)

    def add(hours: Decimal) -> str:
        values = {
            "issue_id": server.issues["Build"], "user_id": server.users["Ana Diaz"],
            "spent_on": booked_on.isoformat(), "hours": str(hours),
            "activity_id": server.activity_id, "comments": f"conformance {next(names)}",
        }  # fmt: skip
        return str(rest.create("time_entries.json", values, name="time_entry")["id"])

    for _ in range(8):
        add(Decimal("1.5"))
    return SourceUnderTest(
        open=opened,
        entity="time_entries",
        add=add,
        edit=lambda row_id, hours: rest.update(
            f"time_entries/{row_id}.json", {"hours": str(hours)}, name="time_entry"
        ),
        delete=lambda row_id: rest.delete(f"time_entries/{row_id}.json"),
        hours_of=lambda row: row["hours"],
        later_than_everything=lambda: list(
            opened(since=FAR_FUTURE.date()).pull("time_entries", cursor=None)
        ),
        crowded=crowded,
        crowd=OLD_WORK,
    )


def fake_ledger(kind: type[FakeLedger] = FakeLedger) -> LedgerUnderTest:
    """A ledger in memory, the honest fake or a doctored one."""
    ledger = kind()
    return LedgerUnderTest(
        ledger=ledger,
        lose_next_answer=lambda: setattr(ledger, "lose_answer_once", True),
        documents_of=ledger.documents_of,
        cancel=ledger.cancel,
        pay=lambda document_id, payment: ledger.note_payment(document_id, payment=payment),
    )


def sandbox_ledger(folder: Path) -> LedgerUnderTest:
    """The sandbox, in a file of its own."""
    sandbox = SandboxLedger(folder / "sandbox.sqlite")
    losing = AnswerLosingLedger(sandbox)
    return LedgerUnderTest(
        ledger=losing,
        lose_next_answer=lambda: setattr(losing, "lose_answer_once", True),
        documents_of=lambda token: sum(one.bill.token == token for one in sandbox.documents()),
        cancel=sandbox.cancel,
        pay=lambda document_id, payment: sandbox.note_payment(document_id, payment=payment),
    )


def tryton_ledger(
    server: TrytonServer, folder: Path, request: pytest.FixtureRequest
) -> LedgerUnderTest:
    """A live Tryton behind a network that loses answers when told to."""
    transport = FaultyTransport()
    tryton = connect_tryton(
        base_url=server.base_url,
        database=server.database,
        api_key=server.api_key,
        party_names={"acme": "Acme Manufacturing"},
        books=BookSettings(),
        lock_folder=folder,
        transport=transport,
    )
    request.addfinalizer(tryton.close)

    def documents_of(token: str) -> int:
        domain = [["reference", "=", f"CS-{token}"], ["state", "!=", "cancelled"]]
        return len(tryton.rest.search("account.invoice", fields=["id"], domain=domain, limit=9))

    return LedgerUnderTest(
        ledger=tryton.ledger,
        lose_next_answer=lambda: transport.faults.append(timeout_after_commit),
        documents_of=documents_of,
        cancel=lambda one: tryton.rest.press("account.invoice", int(one), "cancel"),
        pay=lambda document_id, payment: note_payment(
            server, invoice_id=int(document_id), payment=payment
        ),
    )


def tryton_http(folder: Path) -> HttpUnderTest:
    """The calls of the Tryton connector over a transport that answers as told."""

    def connected(handler: Callable[[httpx2.Request], httpx2.Response]) -> TrytonRest:
        return TrytonRest(
            base_url=NOWHERE, database="psa", api_key=SECRET,
            transport=httpx2.MockTransport(handler),
        )  # fmt: skip

    return HttpUnderTest(
        ask=lambda handler: connected(handler).search("party.party", fields=["name"], limit=1),
        tell=lambda handler: connected(handler).create(
            "account.invoice", {"reference": a_bill().token}, fields=["id"], context={}
        ),
    )


def redmine_http(folder: Path) -> HttpUnderTest:
    """The calls of the Redmine connector over a transport that answers as told."""

    def asked(handler: Callable[[httpx2.Request], httpx2.Response]) -> object:
        rest = RedmineRest(
            base_url=NOWHERE, api_key=SECRET, transport=httpx2.MockTransport(handler)
        )
        return rest.every("users.json", name="users")

    return HttpUnderTest(ask=asked)


def _tryton_rest(server: TrytonServer, request: pytest.FixtureRequest) -> TrytonRest:
    rest = TrytonRest(base_url=server.base_url, database=server.database, api_key=server.api_key)
    request.addfinalizer(rest.close)
    return rest


def _redmine_rest(
    server: RedmineServer, request: pytest.FixtureRequest, *, page_rows: int = 100
) -> RedmineRest:
    rest = RedmineRest(base_url=server.base_url, api_key=server.api_key, page_rows=page_rows)
    request.addfinalizer(rest.close)
    return rest


def _duration(hours: Decimal) -> timedelta:
    return timedelta(seconds=int(hours * 3_600))
