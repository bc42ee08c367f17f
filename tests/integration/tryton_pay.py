"""Lets a client pay an invoice of the running Tryton."""

from __future__ import annotations

import subprocess
from decimal import Decimal

from service.ports.ledger import Payment
from tests.integration.tryton_up import DATABASE, ENVIRONMENT, HERE, TrytonServer

PAY_SECONDS = 60


def note_payment(server: TrytonServer, *, invoice_id: int, payment: Payment) -> None:
    """Note a payment as its bookkeeper would: by the wizard that only Tryton's own tools drive."""
    amount = Decimal(payment.amount_minor).scaleb(-2)
    subprocess.run(
        [
            ENVIRONMENT / "bin" / "python", HERE / "tryton_pay_wizard.py", server.config, DATABASE,
            str(invoice_id), str(amount), payment.paid_on.isoformat(),
        ],
        check=True,
        capture_output=True,
        timeout=PAY_SECONDS,
    )  # fmt: skip
