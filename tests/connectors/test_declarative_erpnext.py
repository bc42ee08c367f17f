"""The shipped connection to ERPNext, on answers shaped as its documentation and source say."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx2
import pytest

from service.commands.connections.sync import synced_entities
from service.connectors.files import Told, take_rows
from service.connectors.posting_lock import PostingLock
from service.connectors.rest_auth import SecretFiles
from service.connectors.rest_file import read_connection
from service.connectors.rest_http import connect_rest
from service.connectors.rest_ledger import RestLedger
from service.connectors.rest_rows import named_columns, read_rows, rows_of, split_by_where
from service.connectors.rest_source import RestSource
from service.ports.outside_errors import OutsideRefusedError
from tests.builders.bills import a_bill
from tests.connectors.declared import NOW

FILE = Path(__file__).resolve().parents[2] / "data" / "connections" / "erpnext.yaml"
LOG = {
    "name": "b1f0c2", "idx": 1, "activity_type": "Consulting", "project": "PROJ-0001", "task": None,
    "from_time": "2026-03-02 09:00:00", "to_time": "2026-03-02 16:30:00", "hours": 7.5,
    "is_billable": 1, "billing_hours": 7.5, "billing_rate": 180.0, "billing_amount": 1350.0,
    "description": "Design of the data model", "sales_invoice": None,
}  # fmt: skip


@dataclass
class Site:
    """What the site holds, and what it was asked."""

    sheets: dict[str, dict[str, Any]] = field(default_factory=dict)
    invoices: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[httpx2.Request] = field(default_factory=list)

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        kind, _, name = unquote(request.url.path).removeprefix("/api/resource/").partition("/")
        held = {"Timesheet": self.sheets, "Sales Invoice": self.invoices}[kind]
        body = json.loads(request.content) if request.content else {}
        if request.method == "POST":
            return self._created(body)
        if name and name not in held:
            told = {"exc_type": "DoesNotExistError", "exception": f"{kind} {name} not found",
                    "exc": "Traceback of the site"}  # fmt: skip
            return httpx2.Response(404, json=told)
        if name and request.method == "PUT":
            held[name] |= {"docstatus": 1, "status": "Unpaid"}
        if name:
            return httpx2.Response(200, json={"data": held[name]})
        start = int(request.url.params.get("limit_start", "0"))
        size = int(request.url.params.get("limit_page_length", "20"))
        return httpx2.Response(
            200, json={"data": self._listed(held, request)[start : start + size]}
        )

    def _listed(self, held: dict[str, Any], request: httpx2.Request) -> list[dict[str, Any]]:
        fields = json.loads(request.url.params["fields"])
        rows = list(held.values())
        for name, how, value in json.loads(request.url.params["filters"]):
            fits = {"=": lambda a, b: a == b, ">=": lambda a, b: a >= b, "in": lambda a, b: a in b}
            rows = [row for row in rows if fits[how](row[name], value)]
        return [{name: row[name] for name in fields} for row in rows]

    def _created(self, body: dict[str, Any]) -> httpx2.Response:
        name = f"ACC-SINV-2026-{len(self.invoices) + 1:05}"
        total = round(sum(one["qty"] * one["rate"] for one in body["items"]), 2)
        self.invoices[name] = body | {
            "name": name, "docstatus": 0, "status": "Draft", "net_total": total,
        }  # fmt: skip
        return httpx2.Response(200, json={"data": self.invoices[name]})


@pytest.fixture
def site():
    held = Site()
    held.sheets["TS-1"] = {
        "name": "TS-1", "docstatus": 1, "modified": "2026-03-06 18:00:00.123456", "employee":
        "HR-EMP-1", "customer": "Acme", "time_logs": [LOG, LOG | {"name": "b2", "is_billable": 0}],
    }  # fmt: skip
    return held


@pytest.fixture
def rest(site, tmp_path):
    secrets = SecretFiles(tmp_path)
    secrets.keep("erpnext_key", "key:secret")
    transport = httpx2.MockTransport(site.answer)
    with closing(
        connect_rest(read_connection(FILE), secrets=secrets, transport=transport)
    ) as system:
        yield system


def test_submitted_timesheets_are_read_whole_and_mapped_by_their_rows(rest, site):
    (page,) = RestSource(rest, now=lambda: NOW).pull("timesheets", cursor=None)
    plan = synced_entities(rest.connection)["timesheets"]
    cells, left_out = split_by_where(
        rows_of(page.rows, children=plan.children), mapping=plan.mapping
    )
    found = take_rows(
        read_rows(cells, columns=named_columns(plan.mapping)),
        path=FILE, mapping=plan.mapping, now=NOW, told=Told(given_back=pytest.fail),
    )  # fmt: skip
    (item,) = found.items
    (entry,) = item["entries"]
    assert left_out == 1
    assert (item["person_id"], item["contract_id"]) == ("HR-EMP-1", "PROJ-0001")
    assert (entry["minutes_billable"], entry["hourly_rate_minor"]) == (450, 180_00)
    assert site.asked[0].headers["Authorization"] == "token key:secret"
    assert page.rows[0]["time_logs"]


def test_a_timesheet_cancelled_there_is_gone_and_a_second_pull_gives_nothing(rest, site):
    source = RestSource(rest, now=lambda: NOW)
    (page,) = source.pull("timesheets", cursor=None)
    assert list(source.pull("timesheets", cursor=page.cursor)) == []
    site.sheets["TS-1"] |= {"docstatus": 2, "modified": "2026-03-09 08:00:00.000001"}
    (after,) = source.pull("timesheets", cursor=page.cursor)
    assert (after.rows, after.gone) == ((), ("TS-1",))


def test_a_bill_becomes_one_draft_invoice_and_is_submitted_once(rest, site, tmp_path):
    section = rest.connection.ledger
    ledger = RestLedger(rest, section=section, lock=PostingLock(tmp_path))
    bill = a_bill()
    receipt = ledger.create_draft(bill)
    assert ledger.create_draft(bill) == receipt
    assert (receipt.state, receipt.total_minor) == ("draft", bill.total_minor)
    (invoice,) = site.invoices.values()
    assert (invoice["po_no"], invoice["items"][0]["qty"]) == (bill.token, 13.25)
    assert ledger.post(receipt.document_id).state == "posted"
    with pytest.raises(OutsideRefusedError) as told:
        ledger.read_state("ACC-SINV-0")
    assert "not found" in str(told.value)
    assert "Traceback" not in str(told.value)
