"""A contract as people read it: in rows, and its text around a place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from data.schemas.allocation import AllocatedEntry, Allocation
from data.schemas.contracts import ChangeOrder, ClauseSource, Contract
from review_app import formats
from review_app.screens.contracts.clause_words import (
    held_from_to,
    in_one_line,
    kind_words,
    place_of,
)
from service.wire.contracts import ContractSummary, HeldTerm

PAGE_BREAK = "\f"
AROUND = 6_000
"""Characters shown before and after a passage at most; the rest of the page is a scroll away."""
Rows = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The page of a document around a passage."""

    before: str
    marked: str
    after: str
    page: int
    is_cut_before: bool
    is_cut_after: bool


def passage_of(text: str, source: ClauseSource) -> Passage:
    """Give the page on which a passage stands, cut where it is very long."""
    start, end = min(source.char_start, len(text)), min(source.char_end, len(text))
    first = text.rfind(PAGE_BREAK, 0, start) + 1
    last = text.find(PAGE_BREAK, end)
    last = len(text) if last == -1 else last
    shown_from, shown_to = max(first, start - AROUND), min(last, end + AROUND)
    return Passage(
        before=text[shown_from:start],
        marked=text[start:end],
        after=text[end:shown_to],
        page=source.page,
        is_cut_before=shown_from > first,
        is_cut_after=shown_to < last,
    )


def contract_row(one: ContractSummary) -> dict[str, str]:
    """Give one line of the list of contracts."""
    return {
        "Contract": one.id,
        "Name": one.name,
        "Client": one.client_name,
        "Type": formats.words(one.type),
        "Signed": formats.full_day(one.signed_on),
        "Lines": formats.count(one.lines),
        "Clauses": formats.count(one.clauses),
        "To confirm": formats.count(one.open_proposals) if one.open_proposals else "",
    }


def term_rows(held: tuple[HeldTerm, ...], contract: Contract) -> Rows:
    """Clauses in force, one row each."""
    names = {line.id: line.name for line in contract.lines}
    return {
        one.clause.id: {
            "Clause": kind_words(one.clause.terms.kind),
            "Line": names.get(one.clause.line_id or "", "whole contract"),
            "Says": in_one_line(one.clause.terms, currency=contract.currency),
            "Holds": held_from_to(one.clause),
            "By": f"change order {one.order_number}" if one.order_number else "contract",
            "Place": place_of(one.clause),
        }
        for one in held
    }


def line_rows(contract: Contract) -> Rows:
    """Lines of a contract, with what they are worth and what their purchase order covers."""
    return {
        line.id: {
            "Line": line.name,
            "Project": line.project_id,
            "Value": formats.money(line.value_minor, currency=contract.currency),
            "Purchase order": line.purchase_order or "",
            "Covers": ""
            if line.purchase_order_limit_minor is None
            else formats.money(line.purchase_order_limit_minor, currency=contract.currency),
            "Paid by": ", ".join(
                f"{one.client_id} {formats.decimal(one.share * 100)} %" for one in line.customers
            ),
        }
        for line in contract.lines
    }


def rate_rows(contract: Contract) -> Rows:
    """The rate card."""
    return {
        f"{row.line_id}/{row.labor_category}/{row.location}/{row.valid_from}": {
            "Line": row.line_id,
            "Category": row.labor_category,
            "Location": row.location or "",
            "Rate an hour": formats.money(row.hourly_rate_minor, currency=contract.currency),
            "From": formats.full_day(row.valid_from),
            "To": formats.full_day(row.valid_to) if row.valid_to else "",
        }
        for row in contract.rate_card
    }


def order_rows(contract: Contract) -> Rows:
    """Change orders, the newest first."""
    ordered = sorted(contract.change_orders, key=lambda one: one.effective_on, reverse=True)
    return {order.id: _order_row(order, contract) for order in ordered}


def _order_row(order: ChangeOrder, contract: Contract) -> dict[str, str]:
    return {
        "Number": order.number,
        "State": formats.words(order.status),
        "From": formats.full_day(order.effective_on),
        "Line": order.line_id or "whole contract",
        "Value": formats.money(order.delta_value_minor, currency=contract.currency),
        "Funds": formats.money(order.delta_funded_minor, currency=contract.currency),
        "Period ends": formats.full_day(order.new_period_end) if order.new_period_end else "",
        "Scope": order.scope,
        "Restates": ", ".join(kind_words(one.terms.kind) for one in order.clauses),
    }


def ceiling_words(used: Allocation) -> str:
    """`EUR 300.00 of EUR 1,000.00 (30.0 %), EUR 0.00 over`."""
    total = formats.money(used.total_minor, currency=used.currency)
    if used.limit_minor is None:
        return f"{total} so far; no ceiling holds on {formats.full_day(used.on)}"
    limit = formats.money(used.limit_minor, currency=used.currency)
    share = 100 * used.total_minor / used.limit_minor if used.limit_minor else 100.0
    over = formats.money(used.over_minor, currency=used.currency)
    return f"{total} of {limit} ({formats.decimal(share)} %), {over} over"


def used_share(used: Allocation) -> float:
    """How full a ceiling is, from 0 to 1."""
    if not used.limit_minor:
        return 0.0 if used.limit_minor is None else 1.0
    return min(1.0, used.total_minor / used.limit_minor)


def entry_rows(entries: tuple[AllocatedEntry, ...], *, currency: str) -> Rows:
    """Who used a ceiling up, in the order they count."""
    return {f"{number}": row for number, row in enumerate(_entries(entries, currency=currency))}


def _entries(entries: tuple[AllocatedEntry, ...], *, currency: str) -> Iterator[dict[str, str]]:
    for one in entries:
        yield {
            "Entry": one.entry_id,
            "Item": one.item_id or "",
            "Invoice": one.invoice_id or "",
            "Worked": formats.full_day(one.work_date) if one.work_date else "",
            "Amount": formats.money(one.amount_minor, currency=currency),
            "Used with it": formats.money(one.running_minor, currency=currency),
            "Inside": formats.money(one.inside_minor, currency=currency),
            "Over": formats.money(one.over_minor, currency=currency),
        }
