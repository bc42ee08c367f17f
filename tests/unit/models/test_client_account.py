"""What bills, payments, objections and write-offs say of a client, once their time has passed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from data.schemas.billing import (
    Dispute,
    DisputeReason,
    Invoice,
    InvoiceLine,
    Payment,
    WriteOff,
)
from data.schemas.vocabulary import InvoiceStatus
from models.codes import Codes
from models.columns import to_batch
from models.features.catalogue import FEATURE_NAMES
from models.features.compute import compute
from models.past.history import History
from models.terms import Terms
from tests.builders.contracts import reference
from tests.builders.items import MONDAY, at, timesheet

DECIDED_AT = datetime(2026, 3, 9, 9, tzinfo=UTC)


class Client:
    """The history of one client, told day by day."""

    def __init__(self):
        self.codes = Codes()
        self.history = History(codes=self.codes)
        self.terms = Terms.build(reference(), codes=self.codes)

    def bill(self, name, *, issued_on, due_on=None, lines=1, minor=1_000_00, **overrides):
        given = {
            "id": name,
            "client_id": "acme",
            "contract_id": "C-1",
            "currency": "EUR",
            "period_end": issued_on - timedelta(days=5),
            "issued_at": at(issued_on),
            "due_on": due_on or issued_on + timedelta(days=30),
            "status": InvoiceStatus.POSTED,
            "lines": tuple(
                InvoiceLine(id=f"{name}.{n}", entry_id=f"{name}-E{n}", amount_minor=minor // lines)
                for n in range(lines)
            ),
        }
        self.history.add_invoice(Invoice(**(given | overrides)), known_at=at(issued_on))

    def pay(self, bill, *, on, minor=1_000_00):
        payment = Payment(id=f"P-{bill}-{on}", invoice_id=bill, paid_on=on, amount_minor=minor,
                          recorded_at=at(on))  # fmt: skip
        self.history.add_payment(payment, known_at=at(on))

    def object_to(self, bill, *, on, credited_minor=0):
        dispute = Dispute(
            id=f"D-{bill}-{on}", invoice_id=bill, row_id=f"{bill}-E0", reason=DisputeReason.PRICE,
            opened_on=on, credited_minor=credited_minor, recorded_at=at(on),
        )  # fmt: skip
        self.history.add_dispute(dispute, known_at=at(on))

    def give_up(self, item, *, on, minor):
        write_off = WriteOff(id=f"W-{item.item_id}", item_id=item.item_id, amount_minor=minor,
                             recorded_at=at(on))  # fmt: skip
        self.history.add_write_off(write_off, item=item, client_id="acme", known_at=at(on))

    def seen(self, *, item=None, on=DECIDED_AT):
        batch = to_batch([item or timesheet()], codes=self.codes)
        past = self.history.past(batch, decided_at=on)
        table = compute(batch, past=past, history=self.history, terms=self.terms, decided_at=on)
        return dict(zip(FEATURE_NAMES, table[0].tolist(), strict=True))


def test_a_client_never_billed_is_taken_as_usual():
    seen = Client().seen()
    assert seen["is_first_bill"] == 1.0
    assert seen["client_late_rate"] == pytest.approx(0.3)
    assert seen["client_open_bills"] == 0.0
    assert np.isnan(seen["client_last_days_late"])
    assert np.isnan(seen["client_bill_days"])


def test_a_bill_nobody_has_paid_counts_as_late_once_its_time_has_passed():
    due = DECIDED_AT.date() - timedelta(days=10)
    client = Client()
    client.bill("B-1", issued_on=due - timedelta(days=30), due_on=due)
    seen = client.seen()
    assert seen["client_late_rate"] == pytest.approx((1 + 20 * 0.3) / 21)
    assert seen["client_overdue_share"] == 1.0
    assert seen["client_oldest_open_days"] == 40.0
    # Ten days late so far: how late in the end nobody knows before thirty days have passed.
    assert seen["client_days_late"] == pytest.approx(5.0)


def test_a_bill_due_yesterday_says_nothing_yet_though_one_paid_early_is_known():
    client = Client()
    for name, days_ago in (("B-1", 1), ("B-2", 2)):
        due = DECIDED_AT.date() - timedelta(days=days_ago)
        client.bill(name, issued_on=due - timedelta(days=30), due_on=due)
    client.pay("B-1", on=DECIDED_AT.date() - timedelta(days=20))
    seen = client.seen()
    assert seen["client_late_rate"] == pytest.approx(0.3)
    assert seen["client_open_bills"] == 1.0


def test_lateness_fades_with_age_and_a_worsening_client_shows_a_trend():
    client = Client()
    bills = [("B-1", date(2025, 5, 1), 0), ("B-2", date(2026, 1, 2), 20)]
    facts = []
    for name, due, late in bills:
        facts.append((due - timedelta(days=30), lambda n=name, d=due: client.bill(
            n, issued_on=d - timedelta(days=30), due_on=d)))  # fmt: skip
        facts.append((due + timedelta(days=late), lambda n=name, d=due, late=late: client.pay(
            n, on=d + timedelta(days=late))))  # fmt: skip
    for _, tell in sorted(facts, key=lambda fact: fact[0]):
        tell()
    seen = client.seen()
    assert seen["client_last_days_late"] == 10.0  # the mean of 0 and 20
    assert seen["client_recent_days_late"] > seen["client_last_days_late"]
    assert seen["client_days_late_trend"] > 0


def test_only_objections_to_bills_old_enough_to_be_objected_to_count():
    client = Client()
    client.bill("B-1", issued_on=date(2025, 10, 1), lines=10)
    client.bill("B-2", issued_on=date(2026, 1, 20), lines=10)
    client.object_to("B-1", on=date(2025, 12, 1), credited_minor=100_00)
    client.object_to("B-2", on=date(2026, 2, 20))  # 40 days after the bill: others may come
    seen = client.seen()
    assert seen["client_dispute_rate"] == pytest.approx((1 + 300 * 0.003) / 310)
    assert seen["client_credit_share"] == pytest.approx(0.1)


def test_an_objection_after_its_time_counts_in_no_rate():
    client = Client()
    client.bill("B-1", issued_on=date(2025, 10, 1), lines=10)
    client.object_to("B-1", on=date(2026, 1, 15))  # 106 days after the bill
    assert client.seen()["client_dispute_rate"] == pytest.approx(300 * 0.003 / 310)


def test_value_given_up_is_a_share_of_all_value():
    client = Client()
    client.bill("B-1", issued_on=date(2026, 2, 1), minor=900_00)
    client.give_up(timesheet(external_id="TS-9"), on=date(2026, 3, 8), minor=100_00)
    # 100 of 1,000, drawn to 5 % by five bills of 1,000 each.
    assert client.seen()["client_given_up_share"] == pytest.approx((100 + 5_000 * 0.05) / 6_000)


def test_write_offs_count_against_items_old_enough_to_be_billed():
    client = Client()
    old = timesheet(external_id="TS-8")
    young = timesheet(external_id="TS-9", submitted_at=at(date(2026, 5, 20)))
    client.history.add_items([old], known_at=old.submitted_at, through=1)
    client.give_up(old, on=date(2026, 4, 10), minor=1)
    client.history.add_items([young], known_at=young.submitted_at, through=2)
    client.give_up(young, on=date(2026, 5, 28), minor=1)
    seen = client.seen(on=datetime(2026, 6, 1, tzinfo=UTC))
    assert seen["person_write_off_rate"] == pytest.approx((1 + 20 * 0.05) / 21)
    assert seen["project_write_off_rate"] == pytest.approx((1 + 20 * 0.05) / 21)


def test_the_status_a_bill_has_in_the_end_changes_nothing():
    posted, paid = Client(), Client()
    posted.bill("B-1", issued_on=date(2026, 2, 1))
    paid.bill("B-1", issued_on=date(2026, 2, 1), status=InvoiceStatus.PAID)
    np.testing.assert_equal(posted.seen(), paid.seen())


def test_a_draft_is_no_bill_and_a_credited_bill_is_not_open():
    client = Client()
    client.bill("B-1", issued_on=date(2026, 2, 1), status=InvoiceStatus.DRAFT)
    assert client.seen()["is_first_bill"] == 1.0
    client.bill("B-2", issued_on=date(2026, 2, 1), status=InvoiceStatus.CREDITED)
    assert client.seen()["client_open_bills"] == 0.0


def test_a_bill_paid_in_two_parts_is_open_until_the_second():
    client = Client()
    client.bill("B-1", issued_on=date(2026, 1, 5))
    client.pay("B-1", on=date(2026, 2, 2), minor=600_00)
    half = client.seen()
    assert half["client_open_bills"] == 1.0
    assert half["client_open_log_amount"] == pytest.approx(np.log10(401.0))
    client.pay("B-1", on=date(2026, 2, 9), minor=400_00)
    settled = client.seen()
    assert settled["client_open_bills"] == 0.0
    assert settled["client_parts_rate"] == pytest.approx((1 + 20 * 0.08) / 21)


def test_the_amount_is_compared_with_what_is_usual_on_the_contract():
    client = Client()
    for number in range(5):
        item = timesheet(external_id=f"TS-{number + 2}", submitted_at=at(MONDAY))
        client.history.add_items([item], known_at=at(MONDAY), through=number)
    assert client.seen()["amount_to_usual"] == 1.0


def test_an_approver_with_a_full_week_is_seen():
    client = Client()
    for number in range(3):
        item = timesheet(external_id=f"TS-{number + 2}")
        client.history.add_items([item], known_at=DECIDED_AT, through=number)
    # All three were signed on Saturday; the default decision is on Monday.
    assert client.seen()["approver_signed_7d"] == 3.0
    assert client.seen(on=DECIDED_AT + timedelta(days=7))["approver_signed_7d"] == 0.0
