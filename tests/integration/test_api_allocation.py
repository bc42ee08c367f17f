"""The allocation of a ceiling over HTTP and at the shell."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

import httpx2
import pytest
from typer.testing import CliRunner

from data.schemas.allocation import Allocation
from data.schemas.billing import InvoiceLine
from data.schemas.clauses import NotToExceed
from data.schemas.contracts import ContractLine
from service.cli import app
from service.client import CountersignClient
from tests.builders.api import raw, running_api
from tests.builders.checking import invoice
from tests.builders.contracts import clause, contract, reference
from tests.builders.items import entry, timesheet, week

LINES = tuple(
    ContractLine(id=name, project_id="P-1", name=name) for name in ("L-1", "L-2", "L/3 b")
)
LIMITED = contract(clauses=(clause(NotToExceed(limit_minor=5_500_00)),), lines=LINES)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("allocation")


@pytest.fixture(scope="module")
def filled(home):
    """Two sheets assessed, one of before, and an invoice that bills time nobody sent us."""
    with running_api(home, reference=reference(LIMITED)) as api:
        past = {"item": raw(timesheet(external_id="old", entries=week(of="old"), line_id="L-2"))}
        assert api.call("full-key", "POST", "/v1/history", json=[past]).json()["changed"] == 1
        one_day = timesheet(external_id="day", entries=(entry(id="E-9"),), line_id="L/3 b")
        assert api.assess(one_day).json()["rejected"] == 0
        billed = invoice(
            lines=(InvoiceLine(id="1", entry_id="X-1", amount_minor=40_00, line_id="L-1"),)
        )
        body = [billed.model_dump(mode="json")]
        assert api.call("full-key", "POST", "/v1/invoices", json=body).json()["changed"] == 1
        yield api


def _allocation(api, path="/v1/contracts/C-1/allocation", **questions):
    answer = api.call("read-key", "GET", path, params=questions)
    assert answer.status_code == 200, answer.text
    return Allocation.model_validate_json(answer.text)


def test_contract_is_explained_with_history_and_invoices_from_elsewhere(filled):
    said = _allocation(filled, on="2026-03-09")
    assert [one.entry_id for one in said.entries] == [
        "X-1", *(f"old-{day}" for day in range(1, 6)), "E-9",
    ]  # fmt: skip
    # 40.00 + 4,800.00 + 960.00 against 5,500.00.
    assert (said.total_minor, said.limit_minor, said.over_minor) == (5_800_00, 5_500_00, 300_00)
    assert sum(one.inside_minor for one in said.entries) == said.inside_minor == 5_500_00
    assert said.entries[-1].over_minor == 300_00
    assert said.entries[0].invoice_id == "INV-1"


def test_line_and_customer_narrow_the_question(filled):
    assert _allocation(filled, line_id="L-2").total_minor == 4_800_00
    assert _allocation(filled, line_id="L/3 b").total_minor == 960_00
    assert _allocation(filled, client_id="acme").total_minor == 5_800_00
    assert _allocation(filled, client_id="somebody").entries == ()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/contracts/C-9/allocation", 404),
        ("/v1/contracts/C-1/allocation?line_id=L-9", 404),
        ("/v1/contracts/C-1/allocation?on=yesterday", 422),
    ],
)
def test_what_is_unknown_is_refused(filled, path, status):
    assert filled.call("read-key", "GET", path).status_code == status


def test_reading_needs_the_scope(filled):
    path = "/v1/contracts/C-1/allocation"
    assert filled.call("assess-key", "GET", path).status_code == 403
    assert filled.call(None, "GET", path).status_code == 401


def test_contract_ids_with_slashes_still_have_an_allocation(filled):
    other = contract(id="ACME/b", client_id="acme")
    path = f"/v1/contracts/{quote(other.id, safe='')}"
    filled.call("reference-key", "PUT", path, json=other.model_dump(mode="json"))
    assert _allocation(filled, f"{path}/allocation").contract_id == "ACME/b"


def test_typed_client_asks_the_same(filled):
    def forward(request: httpx2.Request) -> httpx2.Response:
        answer = filled.client.get(str(request.url), headers=dict(request.headers))
        return httpx2.Response(answer.status_code, content=answer.content)

    transport = httpx2.MockTransport(forward)
    with CountersignClient("http://testserver", token="read-key", transport=transport) as client:
        said = client.allocation("C-1", line_id="L/3 b", on=date(2026, 3, 9))
    assert said == _allocation(filled, line_id="L/3 b", on="2026-03-09")


def test_shell_says_the_same(filled, home):
    asked = ["terms", "allocation", "C-1", "--home", str(home), "--on", "2026-03-09"]
    answer = CliRunner().invoke(app, [*asked, "--json"])
    assert answer.exit_code == 0, answer.output
    assert Allocation.model_validate_json(answer.stdout) == _allocation(filled, on="2026-03-09")
    told = CliRunner().invoke(app, asked).stdout
    assert "5,500.00 EUR" in told
    assert "would be wholly payable" in told
    days = [one.work_date for one in _allocation(filled, on="2026-03-09").entries]
    assert days
    assert all(f"\n{day or 'unknown day'} " in told for day in days)
