"""Lines, rates and change orders of a contract."""

from __future__ import annotations

from data.schemas.contracts import Contract
from review_app.components import page
from review_app.screens.contracts.contract_view import line_rows, order_rows, rate_rows


def orders(contract: Contract) -> None:
    """Show what is billed on which line, at which rate, and what amended it."""
    page.section("Lines")
    page.table(line_rows(contract), key="contract_lines", right=("Value", "Covers"), alt="Lines")
    page.section("Rates")
    if contract.rate_card:
        page.table(rate_rows(contract), key="contract_rates", right=("Rate an hour",), alt="Rates")
    else:
        page.empty("This contract has no rate card.")
    page.section("Change orders")
    if contract.change_orders:
        page.table(
            order_rows(contract), key="contract_orders", right=("Value", "Funds"),
            alt="Change orders",
        )  # fmt: skip
    else:
        page.empty("Nothing was amended.")
