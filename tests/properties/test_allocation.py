"""What holds of every ceiling: it is used up exactly, and the rule and its explanation agree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.schemas.allocation import Ordering
from data.schemas.billing import InvoiceLine
from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import NotToExceed
from data.schemas.contracts import ContractLine, CustomerShare
from models.allocation import CeilingAsked, Consumer, allocate, explain_allocation, in_order
from models.codes import Codes
from models.columns import to_batch
from models.consumers import allocation_of
from models.past.history import History
from models.rules.check import check
from models.terms import Terms
from tests.builders.checking import LONG_AGO, invoice
from tests.builders.contracts import clause, contract, reference
from tests.builders.items import MONDAY, at, entry, timesheet

T2 = ExceptionCode.NOT_TO_EXCEED_BREACH
DECIDED_AT = datetime(2026, 6, 1, tzinfo=UTC)
FIXED_SEED = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)

amounts = st.integers(0, 500)
limits = st.none() | st.integers(0, 3_000)


@st.composite
def consumers(draw):
    """Up to a dozen entries, some of them invoiced."""
    return [
        Consumer(
            entry_id=f"E-{place}",
            item_id=None,
            invoice_id=draw(st.sampled_from([None, None, "INV-1"])),
            work_date=None,
            submitted_at=None,
            amount_minor=draw(amounts),
        )
        for place in range(draw(st.integers(0, 12)))
    ]


def _paid(listed, places, limit_minor):
    return allocate([listed[place].amount_minor for place in places], limit_minor=limit_minor)


@FIXED_SEED
@given(consumers(), limits, st.randoms(use_true_random=False))
def test_any_order_uses_up_exactly_the_ceiling(listed, limit_minor, random):
    total = sum(one.amount_minor for one in listed)
    shuffled = random.sample(range(len(listed)), len(listed))
    orders = [in_order(listed, one, limit_minor=limit_minor) for one in Ordering]
    for places in (shuffled, *orders):
        assert sorted(places) == list(range(len(listed)))
        portions = _paid(listed, places, limit_minor)
        expected = total if limit_minor is None else min(limit_minor, total)
        assert sum(one.inside_minor for one in portions) == expected
        assert sum(one.inside_minor + one.over_minor for one in portions) == total


@FIXED_SEED
@given(consumers(), st.integers(0, 3_000), st.randoms(use_true_random=False))
def test_no_order_that_leaves_invoiced_entries_first_pays_more_entries_whole(
    listed, limit_minor, random
):
    shuffled = random.sample(range(len(listed)), len(listed))
    shuffled.sort(key=lambda place: listed[place].invoice_id is None)
    best = in_order(listed, Ordering.SMALLEST_FIRST, limit_minor=limit_minor)
    rivals = [shuffled, in_order(listed, Ordering.LARGEST_THAT_FIT, limit_minor=limit_minor)]
    whole = [
        sum(one.over_minor == 0 for one in _paid(listed, places, limit_minor))
        for places in (best, *rivals)
    ]
    assert whole[0] == max(whole)


@FIXED_SEED
@given(consumers(), limits)
def test_explanation_adds_up(listed, limit_minor):
    asked = CeilingAsked(
        contract_id="C-1",
        line_id=None,
        client_id=None,
        on=MONDAY,
        currency="EUR",
        clause=None,
        limit_minor=limit_minor,
    )
    said = explain_allocation(listed, ceiling=asked)
    assert said.inside_minor + said.over_minor == said.total_minor
    assert said.invoiced_minor + said.committed_minor == said.total_minor
    assert bool(said.reorderings) == bool(said.over_minor)
    whole_now = {one.entry_id for one in said.entries if not one.over_minor}
    for other in said.reorderings:
        assert not whole_now & set(other.gained)
        assert set(other.lost) <= whole_now


LINES = (
    ContractLine(
        id="L-1",
        project_id="P-1",
        name="Build",
        customers=(
            CustomerShare(client_id="acme", share=0.3333),
            CustomerShare(client_id="beta", share=0.6667),
        ),
    ),
    ContractLine(id="L-2", project_id="P-1", name="Run"),
)
LEVELS = [(None, None), ("L-1", None), (None, "acme"), ("L-1", "acme")]


def _limited(limit_minor, line_id, client_id, *, soft_minor=None):
    terms = NotToExceed(limit_minor=limit_minor, client_id=client_id, soft_limit_minor=soft_minor)
    return contract(clauses=(clause(terms, line_id=line_id),), lines=LINES)


@st.composite
def sheets(draw):
    """A few sheets of a few entries in the order of their arrival."""
    listed = []
    for place in range(draw(st.integers(1, 4))):
        rows = tuple(
            entry(
                id=f"E-{place}-{row}",
                work_date=MONDAY + timedelta(days=draw(st.integers(0, 9))),
                minutes_worked=draw(st.sampled_from([1, 7, 240, 330])),
                hourly_rate_minor=draw(st.sampled_from([1, 12_000, 12_500])),
            )
            for row in range(draw(st.integers(1, 3)))
        )
        line_id = draw(st.sampled_from(["L-1", "L-2"]))
        submitted_at = at(MONDAY + timedelta(days=10 + place))
        listed.append(
            timesheet(
                external_id=f"TS-{place}",
                entries=rows,
                line_id=line_id,
                person_id=f"p{place}",
                submitted_at=submitted_at,
            )
        )
    return listed


@st.composite
def bills(draw):
    """Invoices of entries that are sent later, and of some that never are."""
    names = draw(st.lists(st.sampled_from(["E-0-0", "E-1-0", "E-2-1", "X-1", "X-2"]), unique=True))
    return [
        invoice(
            id=f"INV-{name}",
            lines=(
                InvoiceLine(
                    id=name,
                    entry_id=name,
                    amount_minor=draw(st.integers(0, 900_00)),
                    line_id=draw(st.sampled_from(["L-1", "L-2"])),
                ),
            ),
        )
        for name in names
    ]


def _said(agreed, parts, invoices=()):
    """Assess part after part; gives the findings of T2 by item, and what is known at the end."""
    codes = Codes()
    terms, history = Terms.build(reference(agreed), codes=codes), History(codes=codes)
    for one in invoices:
        history.add_invoice(one, known_at=LONG_AGO)
    found = {}
    for through, part in enumerate(parts, start=1):
        batch = to_batch(part, codes=codes)
        past = history.past(batch, decided_at=DECIDED_AT)
        said = check(batch, past=past, terms=terms, decided_at=DECIDED_AT)
        for item, own in zip(part, said, strict=True):
            found[item.item_id] = [one for one in own if one.code is T2]
        history.add_batch(batch, known_at=DECIDED_AT, through=through)
    return found, (terms, history, codes)


@pytest.mark.parametrize(("line_id", "client_id"), LEVELS)
@FIXED_SEED
@given(listed=sheets(), invoices=bills(), limit_minor=st.integers(0, 4_000_00))
def test_cutting_arrivals_into_batches_changes_no_finding(
    line_id, client_id, listed, invoices, limit_minor
):
    agreed = _limited(limit_minor, line_id, client_id, soft_minor=limit_minor // 2)
    one_by_one, _ = _said(agreed, [[item] for item in listed], invoices)
    for cut in range(len(listed)):
        parts = [part for part in (listed[:cut], listed[cut:]) if part]
        assert _said(agreed, parts, invoices)[0] == one_by_one


@pytest.mark.parametrize(("line_id", "client_id"), LEVELS)
@FIXED_SEED
@given(listed=sheets(), limit_minor=st.integers(0, 4_000_00))
def test_what_the_rule_flags_is_what_the_explanation_calls_over(
    line_id, client_id, listed, limit_minor
):
    agreed = _limited(limit_minor, line_id, client_id)
    found, (terms, history, codes) = _said(agreed, [[item] for item in listed])
    said = allocation_of(
        agreed,
        line_id=line_id,
        client_id=client_id,
        on=MONDAY,
        history=history,
        terms=terms,
        codes=codes,
    )
    flagged = {
        row.row_id: row.exposure_minor
        for own in found.values()
        for one in own
        for row in one.evidence
    }
    assert flagged == {one.entry_id: one.over_minor for one in said.entries if one.over_minor}
