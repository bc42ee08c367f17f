"""An expense report on the straight line: submitted, reviewed, adjusted, and billed."""

from __future__ import annotations

import time

import pytest

from data.schemas.clauses import ExpenseSubstantiation
from service.connectors.sandbox import SandboxLedger
from service.wiring.worker import build_flows, build_workshop, training_process
from service.workflows.flows import launch, shut_down
from tests.builders.api import running_api
from tests.builders.contracts import clauses, client, contract, reference
from tests.builders.databases import settings_over
from tests.builders.expenses import expense, expense_report

DEADLINE_SECONDS = 20
UNDO_SECONDS = 1.0
RECEIPTS = ExpenseSubstantiation(receipt_threshold_minor=75_00)
REPORT = expense_report(
    expense(id="X-1", cost_minor=80_00),
    expense(id="X-2", cost_minor=120_00, merchant="Hotel Sacher", category="hotel",
            receipt_sha256=None),
    expense(id="X-3", cost_minor=9_50, merchant="Taxi 40100", category="taxi",
            receipt_sha256=None),
)  # fmt: skip


@pytest.fixture(scope="module")
def line(tmp_path_factory):
    """The API with its real rules, and a worker that posts to the sandbox ledger."""
    home = tmp_path_factory.mktemp("expenses")
    known = reference(
        contract(clauses=clauses(RECEIPTS)), clients=(client(buyer_reference="4711"),)
    )
    settings = settings_over(home, undo_seconds=UNDO_SECONDS)
    with running_api(home, reference=known, undo_seconds=UNDO_SECONDS) as api:
        workshop = build_workshop(settings, training=training_process(settings))
        flows = build_flows(settings, workshop=workshop)
        launch(flows, database_url=settings.database, executor_id="test")
        yield api, SandboxLedger(settings.sandbox_file)
        shut_down()


def _done(api, item_id):
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        page = api.call("read-key", "GET", "/v1/postings", params={"limit": 50}).json()
        mine = [one for one in page["postings"] if one["item_id"] == item_id]
        if mine and mine[0]["status"] != "pending":
            return mine[0]
        time.sleep(0.05)
    raise AssertionError("the posting stays pending")


def test_a_missing_receipt_is_found_adjusted_and_billed_to_the_cent(line):
    api, ledger = line
    claim = api.claimed(REPORT)
    detail = claim["detail"]
    # 1. The rule finds the one expense from the threshold on that has no receipt.
    (finding,) = detail["assessment"]["findings"]
    assert finding["code"] == "receipt_missing"
    assert [row["row_id"] for row in finding["evidence"]] == ["X-2"]
    assert detail["assessment"]["risk_minor"] == 120_00
    assert detail["assessment"]["route"] == "review"
    assert detail["case"]["title"] == "Ada, 2026-03-02 to 2026-03-08"
    assert detail["names"]["P-1"] == "Platform"
    # 2. A reviewer takes what cannot be shown off the bill.
    refused = api.decide(
        claim, verdict="adjust", reason_codes=["not_billable"],
        adjustments=[{"row_id": "X-2", "minutes_billable": 0}],
    )  # fmt: skip
    assert refused.status_code == 422
    assert "billable_minor" in refused.json()["detail"]
    decided = api.decide(
        claim, verdict="adjust", reason_codes=["not_billable"],
        adjustments=[{"row_id": "X-2", "billable_minor": 40_00}],
    )  # fmt: skip
    assert decided.status_code == 200, decided.text
    assert decided.json()["decision"]["approved_minor"] == 129_50
    # 3. The ledger holds one line an expense, and the right total.
    posting = _done(api, REPORT.item_id)
    assert (posting["status"], posting["total_minor"]) == ("done", 129_50)
    (document,) = ledger.documents()
    assert {line.source_row_ids: line.amount_minor for line in document.bill.lines} == {
        ("X-1",): 80_00,
        ("X-2",): 40_00,
        ("X-3",): 9_50,
    }
    assert document.bill.total_minor == 129_50
    # 4. What is billed is not billed again.
    again = expense_report(*REPORT.expenses, external_id="EX-2")
    codes = {one["code"] for one in api.claimed(again)["detail"]["assessment"]["findings"]}
    assert {"already_invoiced", "expense_duplicate"} <= codes
