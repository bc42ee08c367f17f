"""What `countersign serve` refuses at once, since nobody reads the log in which a worker dies."""

from __future__ import annotations

import pytest

from service.commands.serve import serve
from service.settings import LedgerName, NotConfiguredError, Settings


@pytest.mark.parametrize(
    ("half", "named"),
    [
        ({"ledger": LedgerName.TRYTON}, "COUNTERSIGN_TERMS_FILE"),
        ({"ledger": LedgerName.ODOO}, "COUNTERSIGN_ODOO_URL"),
        ({"ledger": LedgerName.CONNECTION}, "COUNTERSIGN_LEDGER_CONNECTION"),
        ({"ledger": LedgerName.CONNECTION, "ledger_connection": "psa"}, "no connection 'psa'"),
        ({"smtp_host": "mail.example.org"}, "COUNTERSIGN_SMTP_FROM"),
        ({"webhook_url": "https://hooks.example.org/in"}, "COUNTERSIGN_WEBHOOK_SECRET"),
    ],
)
def test_half_a_ledger_or_half_a_way_out_is_told_before_anything_starts(tmp_path, half, named):
    settings = Settings(home=tmp_path / "home", **half)
    with pytest.raises(NotConfiguredError, match=named):
        serve(settings, say=pytest.fail, until=lambda: True)
    assert not settings.home.exists()
