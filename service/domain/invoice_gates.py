"""What a bill must pass before it leaves: order, period, sums, no repeat, tax and reference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from data.schemas.contracts import Client, Contract, ContractLine
from data.schemas.regions import BillingPractice, ReferenceNeeded, Region, TaxCode
from data.schemas.values import ISO_4217_DIGITS, amount_minor
from data.schemas.vocabulary import InvoiceGate
from service.domain.bill import Bill, BillingLine


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFailure:
    """A gate a bill did not pass: what was found, why that matters, and how to mend it."""

    gate: InvoiceGate
    what: str
    why: str
    remedy: str

    def __str__(self) -> str:
        name = self.gate.value.replace("_", " ").capitalize()
        return f"{name}: {self.what}. {_sentence(self.why)} {_sentence(self.remedy)}"


class BillStoppedError(Exception):
    """A bill failed its gates and was not sent; each failure says what to do."""

    def __init__(self, failures: tuple[GateFailure, ...]) -> None:
        super().__init__(" ".join(str(one) for one in failures))
        self.failures = failures


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a bill is held against; None for what is not known.

    `billed_by` names the earlier bill or invoice of each row of this one that has one (a bill that
    corrects an earlier one has none), and `billed_before_minor` what was billed before on the
    purchase order of the line.
    """

    contract: Contract | None
    client: Client | None
    region: Region | None
    billed_by: Mapping[str, str]
    billed_before_minor: int

    def line(self, bill: Bill) -> ContractLine | None:
        """Give the contract line that is billed."""
        lines = () if self.contract is None else self.contract.lines
        return next((line for line in lines if line.id == bill.contract_line_id), None)


def gate_failures(
    bill: Bill, *, stated_total_minor: int, circumstances: Circumstances
) -> tuple[GateFailure, ...]:
    """Give every gate the bill fails, in the order of `InvoiceGate`; none lets it pass.

    A gate whose facts are not known (a bill of an earlier version names no line) is passed.
    """
    line = circumstances.line(bill)
    practice = practice_of(circumstances.client, region=circumstances.region)
    return (
        *_purchase_order(bill, line=line, circumstances=circumstances),
        *_period(bill, practice=practice),
        *_arithmetic(bill, stated_total_minor=stated_total_minor),
        *_duplicates(bill, billed_by=circumstances.billed_by),
        *_currency(bill, contract=circumstances.contract),
        *_tax(bill, line=line, tax_codes=practice.tax_codes),
        *_reference(line, client=circumstances.client, needed=practice.reference_needed),
    )


def practice_of(client: Client | None, *, region: Region | None) -> BillingPractice:
    """Give how a client is billed: its own practice, and where that is silent its region's."""
    own = None if client is None else client.practice
    wide = BillingPractice() if region is None else region.practice
    if own is None:
        return wide
    said = {name: getattr(own, name) for name in BillingPractice.model_fields}
    return wide.model_copy(update={name: one for name, one in said.items() if one is not None})


def _purchase_order(
    bill: Bill, *, line: ContractLine | None, circumstances: Circumstances
) -> Iterator[GateFailure]:
    gate, client = InvoiceGate.PURCHASE_ORDER_MISSING_OR_EXHAUSTED, circumstances.client
    if line is None:
        return
    if line.purchase_order is None:
        if client is not None and client.purchase_order_required:
            yield GateFailure(
                gate=gate,
                what=f"line {line.id} of contract {bill.contract_id} has no purchase order",
                why=f"client {client.id} pays no invoice without one",
                remedy="put the contract with the order's number, then retry the posting",
            )
        return
    limit_minor = line.purchase_order_limit_minor
    total_minor = circumstances.billed_before_minor + bill.total_minor
    if limit_minor is not None and total_minor > limit_minor:
        yield GateFailure(
            gate=gate,
            what=(
                f"purchase order {line.purchase_order} would be billed for "
                f"{_money(total_minor, bill)}"
            ),
            why=f"it covers {_money(limit_minor, bill)}",
            remedy="have the order raised and put the contract, or adjust what is billed",
        )


def _period(bill: Bill, *, practice: BillingPractice) -> Iterator[GateFailure]:
    gate, start, end = InvoiceGate.BILLING_PERIOD_VIOLATION, bill.period_start, bill.period_end
    if start is None:
        if practice.is_period_needed:
            yield GateFailure(
                gate=gate,
                what=f"the bill of {bill.item_id} names no first day",
                why="invoices to this client name their billing period (BT-73 and BT-74)",
                remedy="send a new version of the item, so that its bill is made anew",
            )
        return
    if end < start:
        yield GateFailure(
            gate=gate,
            what=f"the billing period ends on {end}, before its start on {start}",
            why="a period ends on or after its first day",
            remedy="correct the period of the item at its source",
        )
        return
    days = [line.service_date for line in bill.lines if line.service_date is not None]
    outside = sorted(day for day in days if not start <= day <= end)
    if outside:
        yield GateFailure(
            gate=gate,
            what=f"{len(outside)} line(s) lie outside {start} to {end}, the first on {outside[0]}",
            why="the days of lines lie within the invoice's period (rules R110 and R111)",
            remedy="correct the day or the period at its source",
        )


def _arithmetic(bill: Bill, *, stated_total_minor: int) -> Iterator[GateFailure]:
    gate = InvoiceGate.INVOICE_ARITHMETIC
    if not bill.lines:
        yield GateFailure(
            gate=gate,
            what=f"the bill of {bill.item_id} has no line",
            why="an invoice has at least one (BR-16)",
            remedy="reject the item instead of billing nothing",
        )
    for place, line in enumerate(bill.lines, start=1):
        exact_minor = _exact_minor(line)
        if line.amount_minor != exact_minor:
            yield GateFailure(
                gate=gate,
                what=(
                    f"line {place} says {_money(line.amount_minor, bill)} where its hours and "
                    f"rate make {_money(exact_minor, bill)}"
                ),
                why="each line is rounded once, half up",
                remedy="send a new version of the item, so that its bill is made anew",
            )
    if stated_total_minor != bill.total_minor:
        yield GateFailure(
            gate=gate,
            what=(
                f"the total of {_money(stated_total_minor, bill)} is not the sum of the lines, "
                f"{_money(bill.total_minor, bill)}"
            ),
            why="a total is the sum of its rounded lines",
            remedy="send a new version of the item, so that its bill is made anew",
        )


def _exact_minor(line: BillingLine) -> int:
    if line.quantity_minutes is None or line.hourly_rate_minor is None:
        return line.amount_minor
    return amount_minor(minutes=line.quantity_minutes, rate_minor=line.hourly_rate_minor)


def _duplicates(bill: Bill, *, billed_by: Mapping[str, str]) -> Iterator[GateFailure]:
    counted = Counter(row for line in bill.lines for row in line.source_row_ids)
    again = [row for row in counted if row in billed_by]
    twice = [row for row, times in counted.items() if times > 1]
    if again:
        yield _duplicate(again, where=billed_by[again[0]])
    if twice:
        yield _duplicate(twice, where="another line of this bill")


def _duplicate(rows: list[str], *, where: str) -> GateFailure:
    more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
    return GateFailure(
        gate=InvoiceGate.DUPLICATE_INVOICE,
        what=f"row {rows[0]}{more} stands already on {where}",
        why="the same work is billed once",
        remedy="have the earlier bill credited first, or leave this one unsent",
    )


def _currency(bill: Bill, *, contract: Contract | None) -> Iterator[GateFailure]:
    if contract is not None and bill.currency != contract.currency:
        yield GateFailure(
            gate=InvoiceGate.TAX_OR_CURRENCY_MISMATCH,
            what=f"the bill is in {bill.currency}",
            why=f"contract {contract.id} is in {contract.currency}",
            remedy="correct the currency of the item, or of the contract",
        )


def _tax(
    bill: Bill, *, line: ContractLine | None, tax_codes: tuple[TaxCode, ...] | None
) -> Iterator[GateFailure]:
    """A line without a code takes the ledger's own; one that names a code names one in force."""
    if line is None or line.tax_code is None or tax_codes is None:
        return
    on = bill.period_end
    in_force = sorted({
        one.code
        for one in tax_codes
        if one.valid_from <= on and (one.valid_to is None or on <= one.valid_to)
    })  # fmt: skip
    if line.tax_code not in in_force:
        yield GateFailure(
            gate=InvoiceGate.TAX_OR_CURRENCY_MISMATCH,
            what=f"line {line.id} carries the tax code {line.tax_code}",
            why=f"in force on {on} are {', '.join(in_force) or 'none'}",
            remedy="put the contract with a code in force, or the region or client with this one",
        )


def _reference(
    line: ContractLine | None, *, client: Client | None, needed: ReferenceNeeded | None
) -> Iterator[GateFailure]:
    if line is None or needed in {None, ReferenceNeeded.NONE}:
        return
    has_order = line.purchase_order is not None
    has_reference = bool(line.buyer_reference or (client and client.buyer_reference))
    is_met = {
        ReferenceNeeded.PURCHASE_ORDER: has_order,
        ReferenceNeeded.BUYER_REFERENCE: has_reference,
        ReferenceNeeded.EITHER: has_order or has_reference,
    }[needed]
    if not is_met:
        wanted = {
            ReferenceNeeded.PURCHASE_ORDER: "a purchase order",
            ReferenceNeeded.BUYER_REFERENCE: "a buyer reference",
            ReferenceNeeded.EITHER: "a buyer reference or a purchase order",
        }[needed]
        yield GateFailure(
            gate=InvoiceGate.TAX_OR_CURRENCY_MISMATCH,
            what=f"line {line.id} goes without {wanted}",
            why="the buyer routes electronic invoices by it (PEPPOL-EN16931-R003)",
            remedy=f"put the client or the contract with {wanted}, then retry the posting",
        )


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _money(minor: int, bill: Bill) -> str:
    digits = ISO_4217_DIGITS[bill.currency]
    whole, rest = divmod(minor, 10**digits)
    fraction = f".{rest:0{digits}d}" if digits else ""
    return f"{bill.currency} {whole:,}{fraction}"
