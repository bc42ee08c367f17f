"""Pays an invoice through Tryton's own wizard.

Runs inside the server's own environment: tryton_pay_wizard.py CONFIG DATABASE INVOICE AMOUNT DAY.
"""

import sys
from datetime import date
from decimal import Decimal

from proteus import Model, Wizard, config


def main(config_file, database, invoice_id, amount, day):
    """Pay an invoice in part or in full."""
    config.set_trytond(database=database, user="admin", config_file=config_file)
    method = Model.get("account.invoice.payment.method").find([("name", "=", "Bank")])[0]
    wizard = Wizard("account.invoice.pay", [Model.get("account.invoice")(int(invoice_id))])
    wizard.form.amount = Decimal(amount)
    wizard.form.payment_method = method
    wizard.form.date = date.fromisoformat(day)
    wizard.execute("choice")
    if wizard.form_state == "ask":
        wizard.form.type = "partial"
        wizard.execute("pay")


if __name__ == "__main__":
    main(*sys.argv[1:])
