"""T2: the ceilings of a line's customer, a line, a customer and a contract."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from data.schemas.billing import InvoiceLine
from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import NotToExceed
from data.schemas.contracts import ContractLine, CustomerShare
from data.schemas.vocabulary import ChangeOrderStatus, InvoiceStatus, Severity
from tests.builders.checking import finding_of, findings, invoice, rows_of
from tests.builders.contracts import change_order, clause, clauses, contract, reference
from tests.builders.items import MONDAY, entry, timesheet, week

T2 = ExceptionCode.NOT_TO_EXCEED_BREACH
LAST_WEEK = MONDAY - timedelta(days=7)
TWO_LINES = (
    ContractLine(id="L-1", project_id="P-1", name="Build"),
    ContractLine(id="L-2", project_id="P-1", name="Run"),
)


def _limited(limit_minor: int, **overrides):
    return reference(contract(clauses=clauses(NotToExceed(limit_minor=limit_minor)), **overrides))


def _earlier(**overrides):
    """4,800.00 worked and assessed the week before."""
    return timesheet(external_id="TS-0", entries=week(of="TS-0", monday=LAST_WEEK), **overrides)


@pytest.mark.parametrize(
    ("limit_minor", "exposure_by_row"),
    [
        (9_600_00, {}),  # 4,800.00 before and 5 x 960.00: exactly met
        (9_599_99, {"TS-1-5": 1}),  # one cent over, on the last entry
        (8_640_00, {"TS-1-5": 960_00}),  # 9,600.00 - 8,640.00: all of the last
        (8_600_00, {"TS-1-4": 40_00, "TS-1-5": 960_00}),  # 8,640.00 - 8,600.00, then capped
        (0, {f"TS-1-{day}": 960_00 for day in range(1, 6)}),  # all of it
    ],
)
def test_money_above_the_ceiling_is_the_exposure(limit_minor, exposure_by_row):
    found = finding_of(T2, timesheet(), before=[_earlier()], under=_limited(limit_minor))
    assert rows_of(found) == exposure_by_row


def test_evidence_says_what_is_consumed_and_what_is_the_limit():
    found = finding_of(T2, timesheet(), before=[_earlier()], under=_limited(9_000_00))
    assert found.severity is Severity.CRITICAL
    assert found.evidence[0].actual == "9,600.00 EUR with this entry"
    assert found.evidence[0].expected == "at most 9,000.00 EUR"


def test_late_work_finds_the_ceiling_used_up_by_later_work_that_was_accepted_before_it():
    next_week = timesheet(
        external_id="TS-2", entries=week(of="TS-2", monday=MONDAY + timedelta(days=7))
    )
    # 4,800.00 are committed: 9,600.00 - 9,000.00 = 600.00 over, on the last day of the late week.
    found = finding_of(T2, timesheet(), before=[next_week], under=_limited(9_000_00))
    assert rows_of(found) == {"TS-1-5": 600_00}


def test_limit_of_late_work_is_the_one_in_force_on_its_work_date():
    next_week = timesheet(
        external_id="TS-2", entries=week(of="TS-2", monday=MONDAY + timedelta(days=7))
    )
    raised = change_order(delta_value_minor=9_600_00, effective_on=MONDAY + timedelta(days=7))
    # The raise pays for the next week, not for this one: 4,800.00 + 960.00 - 5,000.00 = 760.00.
    under = _limited(5_000_00, change_orders=(raised,))
    found = finding_of(T2, timesheet(), before=[next_week], under=under)
    assert rows_of(found)["TS-1-1"] == 760_00
    assert finding_of(T2, next_week, before=[timesheet()], under=under) is None


def _one_day(name: str, *, hour: int, work_date=MONDAY):
    return timesheet(
        external_id=name,
        person_id=name,
        submitted_at=datetime(2026, 3, 6, hour, tzinfo=UTC),
        entries=(entry(id=f"E-{name}", work_date=work_date),),
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # 960.00 fits; whoever counts second is over, by all of 960.00.
        (_one_day("b", hour=8, work_date=MONDAY + timedelta(days=1)), _one_day("a", hour=9)),
        (_one_day("b", hour=8), _one_day("a", hour=9)),
        (_one_day("b", hour=8), _one_day("c", hour=8)),
    ],
)
def test_items_of_one_batch_count_by_submission_then_item_id(first, second):
    found = findings(second, first, under=_limited(960_00))
    exposures = {
        item_id: [one.exposure_minor for one in own if one.code is T2]
        for item_id, own in found.items()
    }
    assert exposures == {first.item_id: [], second.item_id: [960_00]}


def test_what_was_accepted_before_counts_first_whatever_its_submission_and_id():
    first, second = _one_day("b", hour=8), _one_day("a", hour=9)
    assert rows_of(finding_of(T2, first, before=[second], under=_limited(960_00))) == {
        "E-b": 960_00
    }


@pytest.mark.parametrize(
    ("order", "exposure_minor"),
    [
        # Ceiling 2,880.00 to Tuesday; on Wednesday 4 March 1,920.00 more: 4,800.00 is met.
        ({"delta_value_minor": 1_920_00}, 0),
        ({"delta_value_minor": 1_919_00}, 1_00),
        ({"delta_value_minor": 1_920_00, "status": ChangeOrderStatus.DRAFT}, 1_920_00),
        # A line's order moves the contract's ceiling as well.
        ({"delta_value_minor": 1_920_00, "line_id": "L-2"}, 0),
        # Effective Friday: Thursday's 960.00 is over 2,880.00, Friday's 4,800.00 is met.
        ({"delta_value_minor": 1_920_00, "effective_on": date(2026, 3, 6)}, 960_00),
        # Less money from Wednesday on: 2,880.00 - 960.00 = 1,920.00; three days are over.
        ({"delta_value_minor": -960_00}, 2_880_00),
    ],
)
def test_executed_change_order_moves_the_ceiling_from_its_day_on(order, exposure_minor):
    under = _limited(2_880_00, change_orders=(change_order(**order),), lines=TWO_LINES)
    found = finding_of(T2, timesheet(), under=under)
    assert (found.exposure_minor if found else 0) == exposure_minor


def _levels(*, line_minor: int, contract_minor: int, **overrides):
    both = (
        clause(NotToExceed(limit_minor=line_minor), id="line", line_id="L-1"),
        clause(NotToExceed(limit_minor=contract_minor), id="contract"),
    )
    return reference(contract(clauses=both, lines=TWO_LINES, **overrides))


@pytest.mark.parametrize(
    ("line_minor", "contract_minor", "expected"),
    [
        # 4,800.00 on each line: the line has 4,800.00 of its limit, the contract 9,600.00.
        (4_800_00, 9_600_00, None),
        (4_799_00, 9_600_00, ("line", 1_00)),
        (4_800_00, 9_599_00, ("contract", 1_00)),
        (4_799_00, 9_598_00, ("contract", 2_00)),  # the larger of 1.00 and 2.00
        (4_798_00, 9_599_00, ("line", 2_00)),
    ],
)
def test_larger_excess_of_line_and_contract_counts(line_minor, contract_minor, expected):
    under = _levels(line_minor=line_minor, contract_minor=contract_minor)
    other_line = _earlier(line_id="L-2")
    found = finding_of(T2, timesheet(), before=[other_line], under=under)
    assert (found and (found.clause_id, found.exposure_minor)) == expected


def test_change_order_of_another_line_does_not_move_the_limit_of_this_one():
    order = change_order(delta_value_minor=5_000_00, line_id="L-2", effective_on=MONDAY)
    under = _levels(line_minor=4_799_00, contract_minor=1_00, change_orders=(order,))
    assert finding_of(T2, timesheet(), under=under).clause_id == "line"


def test_newer_version_of_an_item_does_not_count_beside_the_older():
    sheet = timesheet()
    assert finding_of(T2, sheet, before=[sheet], under=_limited(4_800_00)) is None


def test_items_of_one_batch_consume_together():
    found = findings(timesheet(), _earlier(), under=_limited(9_000_00))
    assert [one.code for one in found["test:TS-1"]] == [T2]
    assert found["test:TS-1"][0].exposure_minor == 600_00  # 9,600.00 - 9,000.00
    assert found["test:TS-0"] == ()


def _shared(*limits, client="acme", share=0.25, lines=TWO_LINES, **overrides):
    """Acme pays a quarter of the first line and Beta the rest; the second line is Acme's alone."""
    own = lines[0].model_copy(
        update={
            "customers": (
                CustomerShare(client_id=client, share=share),
                CustomerShare(client_id="beta", share=1 - share),
            )
        }
    )
    return reference(contract(clauses=limits, lines=(own, *lines[1:]), **overrides))


def _limit(limit_minor, *, client_id=None, line_id=None, soft_minor=None, **overrides):
    terms = NotToExceed(limit_minor=limit_minor, client_id=client_id, soft_limit_minor=soft_minor)
    name = f"{line_id or 'all'}-{client_id or 'all'}"
    return clause(terms, **({"id": name, "line_id": line_id} | overrides))


@pytest.mark.parametrize(
    ("limit_minor", "exposure_by_row"),
    [
        # A quarter of 960.00 a day: 240.00, after 1,200.00 of the week before.
        (2_400_00, {}),
        (2_399_99, {"TS-1-5": 1}),
        (2_160_00, {"TS-1-5": 240_00}),
        (2_100_00, {"TS-1-4": 60_00, "TS-1-5": 240_00}),
    ],
)
def test_customer_of_a_line_uses_up_its_share_of_each_entry(limit_minor, exposure_by_row):
    under = _shared(_limit(limit_minor, client_id="acme", line_id="L-1"))
    found = finding_of(T2, timesheet(), before=[_earlier()], under=under)
    assert rows_of(found) == exposure_by_row
    assert found is None or found.clause_id == "L-1-acme"


def test_evidence_names_the_customer_whose_ceiling_it_is():
    under = _shared(_limit(1_000_00, client_id="acme", line_id="L-1"))
    found = finding_of(T2, timesheet(), under=under)
    assert found.evidence[-1].actual == "1,200.00 EUR with this entry, of what acme bears"
    assert found.evidence[-1].expected == "at most 1,000.00 EUR"


def test_share_is_rounded_on_the_line_so_that_cents_never_add_up_to_more():
    # A third of 1.00 is 0.33, of 2.00 0.67, of 3.00 1.00: 0.33, 0.34 and 0.33 more.
    rows = tuple(
        entry(
            id=f"E-{day}",
            work_date=MONDAY + timedelta(days=day),
            minutes_worked=6,
            hourly_rate_minor=1_000,
        )
        for day in range(3)
    )
    assert [row.amount_minor for row in rows] == [100, 100, 100]
    third = _shared(_limit(0, client_id="acme", line_id="L-1"), share=0.3333)
    assert rows_of(finding_of(T2, timesheet(entries=rows), under=third)) == {
        "E-0": 33, "E-1": 34, "E-2": 33,
    }  # fmt: skip


def test_customer_adds_up_its_parts_of_all_lines_of_the_contract():
    # A quarter of 4,800.00 on L-1, all of 4,800.00 on L-2: 6,000.00 in all.
    sheets = [_earlier(line_id="L-2")]
    fits = _shared(_limit(6_000_00, client_id="acme"))
    assert finding_of(T2, timesheet(), before=sheets, under=fits) is None
    tight = _shared(_limit(5_900_00, client_id="acme"))
    found = finding_of(T2, timesheet(), before=sheets, under=tight)
    assert (found.clause_id, rows_of(found)) == ("all-acme", {"TS-1-5": 100_00})


def test_customer_adds_up_its_parts_inside_one_batch_in_the_counting_order():
    under = _shared(_limit(5_900_00, client_id="acme"))
    other = timesheet(
        external_id="TS-2", person_id="bob", line_id="L-2", entries=week(of="TS-2"),
        submitted_at=timesheet().submitted_at + timedelta(hours=1),
    )  # fmt: skip
    found = findings(other, timesheet(), under=under)
    # 1,200.00 of L-1 count first, then 960.00 a day of L-2: 6,000.00 - 5,900.00 on its last day.
    assert [rows_of(one) for one in found[other.item_id] if one.code is T2] == [{"TS-2-5": 100_00}]
    assert T2 not in {one.code for one in found["test:TS-1"]}


def test_a_customer_that_pays_nothing_of_a_line_uses_up_nothing():
    under = _shared(_limit(0, client_id="gamma", line_id="L-1"), _limit(0, client_id="gamma"))
    assert finding_of(T2, timesheet(), under=under) is None


def test_a_line_without_customers_is_all_its_clients():
    under = reference(contract(clauses=(_limit(4_700_00, client_id="acme"),)))
    assert rows_of(finding_of(T2, timesheet(), under=under)) == {"TS-1-5": 100_00}


@pytest.mark.parametrize(
    ("limits", "clause_id", "exposure_minor"),
    [
        # All customers' parts are the whole: four equal excesses of 100.00.
        ({"L-1-acme": 4_700_00, "L-1-all": 4_700_00, "all-acme": 4_700_00, "all-all": 4_700_00},
         "L-1-acme", 100_00),
        ({"L-1-all": 4_700_00, "all-acme": 4_700_00, "all-all": 4_700_00}, "L-1-all", 100_00),
        ({"all-acme": 4_700_00, "all-all": 4_700_00}, "all-acme", 100_00),
        ({"L-1-acme": 4_700_00, "all-all": 4_699_00}, "all-all", 101_00),
    ],
)  # fmt: skip
def test_largest_excess_counts_and_of_equal_ones_the_narrowest(limits, clause_id, exposure_minor):
    agreed = [
        _limit(
            minor,
            line_id="L-1" if name.startswith("L-1") else None,
            client_id="acme" if name.endswith("acme") else None,
        )
        for name, minor in limits.items()
    ]
    found = finding_of(T2, timesheet(), under=reference(contract(clauses=tuple(agreed))))
    assert (found.clause_id, found.exposure_minor) == (clause_id, exposure_minor)


def test_change_order_moves_no_ceiling_of_a_customer_and_a_restated_clause_does():
    own = _limit(4_700_00, client_id="acme", line_id="L-1")
    raised = change_order(delta_value_minor=1_000_00, line_id="L-1", effective_on=MONDAY)
    under = reference(contract(clauses=(own,), change_orders=(raised,)))
    assert finding_of(T2, timesheet(), under=under).exposure_minor == 100_00
    restated = change_order(
        clauses=(_limit(4_800_00, client_id="acme", line_id="L-1", id="restated"),),
        effective_on=MONDAY + timedelta(days=4),
    )
    under = reference(contract(clauses=(own,), change_orders=(restated,)))
    assert finding_of(T2, timesheet(), under=under) is None


def _soft_limits(item, **given):
    return {
        one.clause_id: rows_of(one)
        for one in findings(item, **given)[item.item_id]
        if one.code is T2 and one.severity is Severity.MEDIUM
    }


@pytest.mark.parametrize(
    ("soft_minor", "told"),
    [
        # 4,800.00 before and 960.00 a day: 5,760.00 with the first.
        (4_799_99, None),  # crossed the week before
        (4_800_00, "TS-1-1"),
        (5_759_99, "TS-1-1"),
        (5_760_00, "TS-1-2"),
        (9_600_00, None),  # exactly met
    ],
)
def test_soft_limit_is_told_of_the_entry_that_crosses_it(soft_minor, told):
    under = reference(contract(clauses=(_limit(20_000_00, soft_minor=soft_minor),)))
    found = _soft_limits(timesheet(), before=[_earlier()], under=under)
    assert found == ({"all-all": {told: 0}} if told else {})


def test_soft_limit_is_told_again_after_money_fell_below_it():
    under = reference(contract(clauses=(_limit(20_000_00, soft_minor=5_000_00),)))
    second = timesheet(external_id="TS-2", entries=week(of="TS-2"))
    assert _soft_limits(second, before=[_earlier(), timesheet()], under=under) == {}
    # The first week was withdrawn: it is crossed anew.
    assert _soft_limits(second, before=[_earlier()], under=under) == {"all-all": {"TS-2-1": 0}}


def test_soft_limit_is_not_told_where_the_ceiling_itself_is_passed():
    jumped = (_limit(500_00, soft_minor=400_00, line_id="L-1"), _limit(5_000_00, soft_minor=400_00))
    found = _soft_limits(timesheet(), under=reference(contract(clauses=jumped)))
    assert found == {"all-all": {"TS-1-1": 0}}


def test_change_order_does_not_move_the_soft_limit():
    raised = change_order(delta_value_minor=9_000_00, effective_on=MONDAY)
    own = _limit(9_000_00, soft_minor=900_00)
    under = reference(contract(clauses=(own,), change_orders=(raised,)))
    assert _soft_limits(timesheet(), under=under) == {"all-all": {"TS-1-1": 0}}


def _invoiced(*entry_ids, amount_minor=960_00, line_id="L-1", **overrides):
    lines = tuple(
        InvoiceLine(id=name, entry_id=name, amount_minor=amount_minor, line_id=line_id)
        for name in entry_ids
    )
    return invoice(lines=lines, **overrides)


@pytest.mark.parametrize(
    ("invoices", "exposure_minor"),
    [
        ([], 0),
        ([_invoiced("X-1")], 960_00),  # 960.00 of which we hold no entry
        ([_invoiced("X-1", "X-2")], 1_920_00),
        ([_invoiced("X-1", line_id=None)], 0),  # of a line nobody names
        ([_invoiced("X-1", status=InvoiceStatus.CREDITED)], 0),
        ([_invoiced("X-1"), _invoiced("X-1", status=InvoiceStatus.CREDITED)], 0),
        ([_invoiced("TS-0-1")], 0),  # of an entry that counts already
        ([_invoiced("TS-1-1")], 0),  # of an entry of the item itself
    ],
)
def test_invoiced_time_that_we_do_not_hold_uses_up_the_ceiling(invoices, exposure_minor):
    found = finding_of(
        T2, timesheet(), before=[_earlier()], invoices=invoices, under=_limited(9_600_00)
    )
    assert (found.exposure_minor if found else 0) == exposure_minor


def test_invoiced_time_counts_again_when_a_newer_version_drops_its_entry():
    older = timesheet(entries=(entry(), entry(id="E-2", work_date=MONDAY + timedelta(days=1))))
    newer = timesheet(entries=(entry(),))
    line = InvoiceLine(id="1", entry_id="E-2", amount_minor=960_00, line_id="L-1")
    found = finding_of(
        T2, newer, before=[older], invoices=[invoice(lines=(line,))], under=_limited(1_000_00)
    )
    # 960.00 of E-2 were invoiced, E-1 takes 960.00 more: 1,920.00 are 920.00 above the ceiling.
    assert rows_of(found) == {"E-1": 920_00}
