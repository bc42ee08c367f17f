"""The Odoo connector over an Odoo that behaves as one does, for the rules of all systems."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import httpx2

from service.connectors.odoo_books import OdooBooks, OdooFile
from service.connectors.odoo_ledger import OdooLedger
from service.connectors.odoo_rpc import OdooRpc
from service.connectors.odoo_source import CHANGES, OdooCursor, OdooSource
from service.connectors.posting_lock import PostingLock
from service.connectors.rest_cursor import RestCursor
from service.ports.ledger import Payment
from tests.builders.bills import a_bill
from tests.connectors.http_rules import SECRET, HttpUnderTest
from tests.connectors.ledger_rules import LedgerUnderTest
from tests.connectors.source_rules import SourceUnderTest
from tests.fakes.odoo import KEY, OdooServer

NOWHERE = "http://127.0.0.1:1"
WATCHED_SINCE = date(2026, 1, 1)
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
CROWD = 40


@dataclass(frozen=True, kw_only=True)
class Odoo:
    """An Odoo, and the connector's calls to it."""

    server: OdooServer
    rpc: OdooRpc

    def source(self, *, page_rows: int = 100) -> OdooSource:
        """Give the source side."""
        return OdooSource(
            self.rpc, now=lambda: NOW, watched_since=lambda: WATCHED_SINCE, page_rows=page_rows
        )

    def ledger(self, folder: Path) -> OdooLedger:
        """Give the ledger side."""
        file = OdooFile(clients={"acme": "Acme Manufacturing"}, product_id=2)
        books = OdooBooks(rpc=self.rpc, file=file)
        return OdooLedger(self.rpc, books=books, lock=PostingLock(folder / "locks"))

    def book(self, hours: Decimal, **more: object) -> str:
        """Book hours on the one project."""
        values = {
            "date": "2026-03-02", "unit_amount": hours, "name": "Design", "employee_id": 1,
            "project_id": 1, "so_line": 1, "timesheet_invoice_type": "billable_time",
        }  # fmt: skip
        return str(self.server.add("account.analytic.line", **(values | more)))


def an_odoo(*, key: str = KEY) -> Odoo:
    """Give an Odoo with one employee, project, milestone and lead."""
    server = OdooServer()
    server.add("res.partner", name="Acme Manufacturing")
    for code in ("USD", "EUR"):
        server.add("res.currency", name=code)
    server.add("hr.employee", name="Ana Diaz", hourly_cost=60)
    server.add("project.project", name="Rollout", partner_id=1)
    server.add("sale.order.line", name="S00001 - Consulting")
    server.add("project.milestone", name="M1", project_id=1, is_reached=True)
    server.add("crm.lead", name="A further phase", expected_revenue=50_000)
    rpc = OdooRpc(
        base_url=NOWHERE, database="psa", api_key=key, transport=httpx2.MockTransport(server.answer)
    )
    return Odoo(server=server, rpc=rpc)


def odoo_source() -> SourceUnderTest:
    """An Odoo with time booked, several rows within each second."""
    odoo = an_odoo()
    for _ in range(CROWD):
        odoo.book(Decimal("1.5"))
    far = RestCursor(kind=CHANGES.kind, since=datetime(2090, 1, 1, tzinfo=UTC))
    future = OdooCursor(changes=far).text()
    return SourceUnderTest(
        open=odoo.source,
        entity="timesheets",
        add=odoo.book,
        edit=lambda row_id, hours: odoo.server.change(
            "account.analytic.line", int(row_id), unit_amount=hours
        ),
        delete=lambda row_id: odoo.server.delete("account.analytic.line", int(row_id)),
        hours_of=lambda row: Decimal(row["unit_amount"]),
        later_than_everything=lambda: list(odoo.source().pull("timesheets", cursor=future)),
        crowded=lambda: odoo.source(page_rows=7),
        crowd=CROWD,
        add_late=lambda hours: odoo.book(hours, back=timedelta(minutes=5)),
    )


def odoo_ledger(folder: Path) -> LedgerUnderTest:
    """An Odoo that bills are written into."""
    odoo = an_odoo()
    moves = odoo.server.records["account.move"]

    def pay(document_id: str, payment: Payment) -> None:
        amount = str(Decimal(payment.amount_minor).scaleb(-2))
        odoo.server.pay(int(document_id), on=payment.paid_on.isoformat(), amount=amount)

    return LedgerUnderTest(
        ledger=odoo.ledger(folder),
        lose_next_answer=lambda: setattr(odoo.server, "lose_next_answer", True),
        documents_of=lambda token: sum(
            one["ref"] == f"CS-{token}" and one["state"] != "cancel" for one in moves.values()
        ),
        cancel=lambda one: odoo.server.change("account.move", int(one), state="cancel"),
        pay=pay,
    )


def odoo_http(folder: Path) -> HttpUnderTest:
    """The calls of the Odoo connector over a transport that answers as told."""

    def connected(handler: Callable[[httpx2.Request], httpx2.Response]) -> OdooRpc:
        return OdooRpc(
            base_url=NOWHERE, database="psa", api_key=SECRET,
            transport=httpx2.MockTransport(handler),
        )  # fmt: skip

    return HttpUnderTest(
        ask=lambda handler: connected(handler).search(
            "res.partner", domain=[], fields=["name"], limit=1
        ),
        tell=lambda handler: connected(handler).create("account.move", {"ref": a_bill().token}),
    )
