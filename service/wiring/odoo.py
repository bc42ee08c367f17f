"""Puts the two sides of an Odoo connection together."""

from __future__ import annotations

from dataclasses import dataclass

from service.clock import SystemClock
from service.connectors.odoo_books import OdooBooks, OdooFile, read_odoo_file
from service.connectors.odoo_ledger import OdooLedger
from service.connectors.odoo_rpc import OdooRpc
from service.connectors.odoo_source import OdooSource
from service.connectors.outside_connection import outside_transport
from service.connectors.posting_lock import PostingLock
from service.connectors.rest_file import only_host
from service.connectors.watched_window import watched_since
from service.settings import NotConfiguredError, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Odoo:
    """One connected Odoo database."""

    source: OdooSource
    ledger: OdooLedger
    file: OdooFile
    rpc: OdooRpc

    def close(self) -> None:
        """Let go of the connections."""
        self.rpc.close()


def build_odoo(settings: Settings) -> Odoo:
    """Connect to the Odoo of the settings. Raises NotConfiguredError, or FileMistakesError."""
    key = settings.odoo_key.get_secret_value()
    if not (settings.odoo_url and key and settings.odoo_file):
        raise NotConfiguredError(
            "set COUNTERSIGN_ODOO_URL, COUNTERSIGN_ODOO_KEY and COUNTERSIGN_ODOO_FILE, a YAML file "
            "as data/samples/odoo.yaml; COUNTERSIGN_ODOO_DATABASE where its server has several"
        )
    clock, file = SystemClock(), read_odoo_file(settings.odoo_file)
    rpc = OdooRpc(
        base_url=settings.odoo_url,
        database=settings.odoo_database,
        api_key=key,
        transport=outside_transport(only_host(settings.odoo_url)),
    )
    return Odoo(
        source=OdooSource(
            rpc,
            now=clock.now,
            watched_since=lambda: watched_since(
                clock.now().date(), cut_off_day=settings.billing_cut_off_day
            ),
        ),
        ledger=OdooLedger(
            rpc,
            books=OdooBooks(rpc=rpc, file=file),
            lock=PostingLock(settings.home / "locks"),
        ),
        file=file,
        rpc=rpc,
    )
