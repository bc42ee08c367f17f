"""Posting to a live Tryton when the way to it breaks: one invoice or none, never two."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx2
import pytest

from service.connectors.tryton import connect_tryton
from service.connectors.tryton_books import BookSettings
from service.ports.outside_errors import OutsideRefusedError, OutsideTransientError
from tests.builders.bills import a_bill, a_fixed_line, a_time_line
from tests.fakes import transport as network

pytestmark = pytest.mark.live

MAX_TRIES = 3


@pytest.fixture
def wire():
    return network.FaultyTransport()


@pytest.fixture
def connect(tryton_server, tmp_path, wire, request):
    def connected(**books):
        tryton = connect_tryton(
            base_url=tryton_server.base_url,
            database=tryton_server.database,
            api_key=tryton_server.api_key,
            party_names={"acme": "Acme Manufacturing", "ghost": "Nobody Ltd"},
            books=BookSettings(**books),
            lock_folder=tmp_path,
            transport=wire,
        )
        request.addfinalizer(tryton.close)
        return tryton

    return connected


@pytest.fixture
def tryton(connect):
    return connect()


def posted(ledger, bill):
    for _ in range(MAX_TRIES):
        try:
            return ledger.create_draft(bill)
        except OutsideTransientError:
            continue
    raise AssertionError("not posted within the tries")


def invoices(tryton, bill):
    return tryton.rest.search(
        "account.invoice",
        fields=["state", "lines.account.closed", "lines.quantity", "lines.unit_price",
                "lines.unit.name", "lines.amount", "total_amount"],
        domain=[["reference", "=", f"CS-{bill.token}"]],
        limit=10,
    )  # fmt: skip


@pytest.mark.parametrize(
    "fault",
    [
        network.busy_before_commit,
        network.limited_before_commit,
        network.reset_before_commit,
        network.busy_after_commit,
        network.timeout_after_commit,
        network.half_a_body,
        network.sent_twice,
    ],
)
def test_whatever_breaks_a_retry_leaves_exactly_one_invoice(tryton, wire, fault):
    bill = a_bill(token=f"fault-{fault.__name__}")
    wire.faults.append(fault)
    receipt = posted(tryton.ledger, bill)
    assert receipt.total_minor == bill.total_minor
    assert [str(one["id"]) for one in invoices(tryton, bill)] == [receipt.document_id]


def test_the_wait_the_server_asks_for_is_passed_on(tryton, wire):
    wire.faults.append(network.limited_before_commit)
    with pytest.raises(OutsideTransientError) as caught:
        tryton.ledger.create_draft(a_bill())
    assert caught.value.retry_after_seconds == 7.0


def test_a_request_the_server_keeps_late_is_dropped_again(tryton, wire):
    bill = a_bill()
    kept_late = []

    def answer_lost_and_not_kept_yet(inner, request):
        kept_late.append(request)
        raise httpx2.ReadTimeout("no answer in time", request=request)

    def kept_now(inner, request):
        inner.handle_request(kept_late[0]).read()
        return inner.handle_request(request)

    wire.faults += [answer_lost_and_not_kept_yet, kept_now]
    receipt = posted(tryton.ledger, bill)
    assert [str(one["id"]) for one in invoices(tryton, bill)] == [receipt.document_id]


def test_two_invoices_of_one_token_need_a_person(tryton, wire):
    bill = a_bill()
    tryton.ledger.create_draft(bill)
    creation = next(one for one in wire.requests if one.url.path.endswith("/account.invoice")
                    and one.method == "POST")  # fmt: skip
    wire.inner.handle_request(creation).read()
    with pytest.raises(OutsideRefusedError, match=r"2 invoices .* keep one and cancel"):
        tryton.ledger.find_by_token(bill.token)

    kept, other = invoices(tryton, bill)
    tryton.rest.press("account.invoice", other["id"], "cancel")
    receipt = tryton.ledger.find_by_token(bill.token)
    assert (receipt.document_id, receipt.state) == (str(kept["id"]), "draft")


def test_many_posting_at_once_make_one_invoice(tryton):
    bill = a_bill()
    with ThreadPoolExecutor(4) as pool:
        receipts = set(pool.map(tryton.ledger.create_draft, [bill] * 4))
    assert len(receipts) == len(invoices(tryton, bill)) == 1


def test_another_amount_in_the_answer_needs_a_person(tryton, wire):
    def altered(inner, request):
        body = inner.handle_request(request).read().replace(b'"2385.00"', b'"2385.01"')
        return httpx2.Response(200, content=body, request=request)

    wire.faults.append(altered)
    with pytest.raises(OutsideRefusedError, match="238501 minor units of USD"):
        tryton.ledger.create_draft(a_bill())


def test_hours_that_are_exact_are_billed_as_hours_and_others_as_one_piece(tryton):
    bill = a_bill(lines=(a_time_line(minutes=795), a_time_line(minutes=20), a_fixed_line()))
    tryton.ledger.create_draft(bill)
    lines = sorted(invoices(tryton, bill)[0]["lines"], key=lambda line: line["id"])
    assert [
        (str(line["quantity"]), line["unit"]["name"], str(line["amount"])) for line in lines
    ] == [
        ("13.25", "Hour", "2385.00"),
        ("1.0", "Unit", "60.00"),
        ("1.0", "Unit", "15000.00"),
    ]


def test_lines_are_booked_on_an_account_that_is_open(tryton):
    bill = a_bill()
    tryton.ledger.create_draft(bill)
    assert [line["account"]["closed"] for line in invoices(tryton, bill)[0]["lines"]] == [0]


def test_a_named_account_product_and_journal_are_used(connect):
    tryton = connect(
        company="Harbor Advisory LLC",
        journal="Revenue",
        revenue_account="4.2.2",
        hour_product="Consulting",
        fixed_product="Milestone",
    )
    bill = a_bill(lines=(a_time_line(), a_fixed_line()))
    tryton.ledger.create_draft(bill)
    found = tryton.rest.search(
        "account.invoice",
        fields=["journal.name", "lines.account.code", "lines.product.template.name"],
        domain=[["reference", "=", f"CS-{bill.token}"]],
        limit=2,
    )[0]
    assert found["journal"]["name"] == "Revenue"
    assert {line["account"]["code"] for line in found["lines"]} == {"4.2.2"}
    assert {line["product"]["template"]["name"] for line in found["lines"]} == {
        "Consulting",
        "Milestone",
    }


@pytest.mark.parametrize(
    ("books", "remedy"),
    [
        ({"company": "Nobody Ltd"}, "set tryton.books.company"),
        ({"journal": "Dreams"}, "set tryton.books.journal"),
        ({"revenue_account": "4.1.0"}, "set tryton.books.revenue_account"),  # a closed heading
    ],
)
def test_books_that_are_not_there_are_refused_with_the_remedy(connect, books, remedy):
    with pytest.raises(OutsideRefusedError, match=remedy):
        connect(**books).ledger.create_draft(a_bill())


@pytest.mark.parametrize(
    ("client_id", "reason"), [("nobody", "tryton.clients"), ("ghost", "no party.party")]
)
def test_a_client_without_a_party_is_refused(tryton, client_id, reason):
    with pytest.raises(OutsideRefusedError, match=reason):
        tryton.ledger.create_draft(replace(a_bill(), client_id=client_id))


def test_control_totals_list_every_invoice_of_ours(tryton):
    bill = a_bill(lines=(a_fixed_line(amount_minor=77),))
    receipt = tryton.ledger.create_draft(bill)
    assert receipt in tryton.ledger.documents()
