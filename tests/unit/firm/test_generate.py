"""A small firm: repeatable, valid, and without a fact from its own future."""

import hashlib
from dataclasses import replace

import pytest

from data.firm.generate import describe, generate_firm
from data.schemas.batch import parse_items
from data.schemas.contracts import Contract
from data.schemas.items import ExpenseReport, Milestone, Timesheet, entries_sha256
from data.schemas.vocabulary import AcceptanceKind, ClauseKind, ContractType, InvoiceStatus
from tests.builders.firms import SMALL, small_firm
from tests.builders.provable import provable_codes, terms_of, told_codes


@pytest.fixture(scope="module")
def firm():
    return small_firm()


def sheets(firm):
    return [one for one in firm.submissions if isinstance(one.item, Timesheet)]


def milestones(firm):
    return [one for one in firm.submissions if isinstance(one.item, Milestone)]


def reports(firm):
    return [one for one in firm.submissions if isinstance(one.item, ExpenseReport)]


def clean(firm):
    return [one for one in firm.submissions if not firm.truth[one.item.item_id].faults]


def firm_sha256(firm):
    digest = hashlib.sha256()
    for one in firm.submissions:
        digest.update(one.item.model_dump_json().encode() + str(one.received_at).encode())
    papers = (*firm.reference.leave, *firm.reference.overtime_approvals)
    for record in (*firm.invoices, *firm.payments, *firm.reference.assignments, *papers):
        digest.update(record.model_dump_json().encode())
    parts = ("clients", "contracts", "people", "projects", "calendars", "trips", "preapprovals")
    for part in parts:
        for record in getattr(firm.reference, part).values():
            digest.update(record.model_dump_json().encode())
    digest.update(repr((firm.truth, firm.verdicts, firm.disputes, firm.write_offs)).encode())
    digest.update(repr(firm.opportunities).encode())
    return digest.hexdigest()


def test_the_same_size_and_seed_give_the_same_firm_byte_for_byte(firm):
    assert firm_sha256(generate_firm(SMALL)) == firm_sha256(firm)


def test_another_seed_gives_another_firm(firm):
    assert firm_sha256(generate_firm(replace(SMALL, seed=4))) != firm_sha256(firm)


def test_every_item_survives_the_journey_through_json(firm):
    rows = [one.item.model_dump(mode="json") for one in firm.submissions]
    batch = parse_items(rows)
    assert not batch.rejected
    assert [item for _, item in batch.accepted] == [one.item for one in firm.submissions]


def test_every_contract_survives_the_journey_through_json(firm):
    for contract in firm.reference.contracts.values():
        assert Contract.model_validate_json(contract.model_dump_json()) == contract


@pytest.mark.parametrize("seed", [1, 2, 5])
def test_the_facts_alone_prove_the_truth_under_any_seed(seed):
    firm = generate_firm(replace(SMALL, people=12, months=4, seed=seed))
    assert provable_codes(firm) == told_codes(firm)


def test_clean_items_have_positive_amounts_that_are_right(firm):
    for one in clean(firm):
        assert one.item.amount_minor > 0
        assert firm.truth[one.item.item_id].correct_minor == one.item.amount_minor


def test_clean_timesheets_carry_only_current_signatures_of_others(firm):
    for one in clean(firm):
        if isinstance(one.item, Timesheet):
            submit, *signatures = one.item.approvals
            assert submit.actor_id == one.item.person_id
            assert signatures
            assert all(event.actor_id != one.item.person_id for event in signatures)
            signed = {event.entries_sha256 for event in one.item.approvals}
            assert signed == {entries_sha256(one.item.entries)}


def test_an_item_arrives_after_every_fact_it_carries(firm):
    for one in firm.submissions:
        facts = [event.at for event in one.item.approvals]
        if isinstance(one.item, Timesheet):
            facts += [entry.recorded_at for entry in one.item.entries]
        elif isinstance(one.item, ExpenseReport):
            facts += [expense.recorded_at for expense in one.item.expenses]
        else:
            facts += [event.at for event in one.item.acceptance]
        assert one.received_at > max(facts)
        assert one.item.submitted_at == one.item.approvals[0].at


def test_signatures_follow_one_another(firm):
    for one in firm.submissions:
        times = [event.at for event in one.item.approvals]
        assert times == sorted(times)


def test_hours_are_recorded_after_the_work_and_before_the_submission_of_clean_sheets(firm):
    for one in clean(firm):
        if isinstance(one.item, Timesheet):
            for entry in one.item.entries:
                assert entry.work_date <= entry.recorded_at.date()
                assert entry.recorded_at <= one.item.submitted_at


def test_work_ends_with_the_firm(firm):
    last = max(entry.work_date for one in sheets(firm) for entry in one.item.entries)
    assert last <= SMALL.end


def test_submissions_stand_in_order_with_ids_that_count_up(firm):
    times = [one.item.submitted_at for one in firm.submissions]
    assert times == sorted(times)
    for kind in (sheets(firm), milestones(firm), reports(firm)):
        ids = [one.item.external_id for one in kind]
        assert ids == sorted(ids)
        assert len(set(ids)) == len(ids)


def test_entry_ids_are_unique_in_the_whole_firm(firm):
    ids = [entry.id for one in sheets(firm) for entry in one.item.entries]
    assert len(set(ids)) == len(ids)


def test_every_name_in_an_item_is_known(firm):
    known = firm.reference
    for one in firm.submissions:
        contract = known.contracts[one.item.contract_id]
        assert one.item.line_id in {line.id for line in contract.lines}
        assert one.item.currency == known.clients[contract.client_id].currency
        if isinstance(one.item, Timesheet):
            assert one.item.person_id in known.people
            for entry in one.item.entries:
                tasks = known.projects[entry.project_id].tasks
                assert entry.task_id in {task.id for task in tasks}
        elif isinstance(one.item, ExpenseReport):
            assert one.item.person_id in known.people
            for expense in one.item.expenses:
                assert expense.project_id in known.projects
                assert expense.trip_id is None or expense.trip_id in known.trips
        else:
            assert one.item.owner_id in known.people


def test_invoices_bill_only_work_that_is_done_and_received(firm):
    work = {
        entry.id: (entry.work_date, one.item.submitted_at)
        for one in sheets(firm)
        for entry in one.item.entries
    }
    for invoice in firm.invoices:
        for line in invoice.lines:
            if line.entry_id is not None:
                worked_on, submitted_at = work[line.entry_id]
                assert worked_on <= invoice.period_end
                assert submitted_at < invoice.issued_at


def test_payments_come_after_their_invoice_and_never_exceed_it(firm):
    invoices = {invoice.id: invoice for invoice in firm.invoices}
    paid = dict.fromkeys(invoices, 0)
    credited = dict.fromkeys(invoices, 0)
    for dispute in firm.disputes:
        if dispute.recorded_at.date() <= SMALL.end:
            credited[dispute.invoice_id] += dispute.credited_minor
    for payment in firm.payments:
        assert payment.recorded_at > invoices[payment.invoice_id].issued_at
        paid[payment.invoice_id] += payment.amount_minor
    for invoice_id, invoice in invoices.items():
        settled = paid[invoice_id] + credited[invoice_id]
        assert settled <= invoice.total_minor
        assert (invoice.status is InvoiceStatus.PAID) == (settled == invoice.total_minor)


def test_clauses_quote_their_true_place_in_the_document(firm):
    for contract in firm.reference.contracts.values():
        document = "\n\n".join(clause.text for clause in contract.clauses)
        sha256 = hashlib.sha256(document.encode()).hexdigest()
        for clause in contract.clauses:
            place = clause.source
            assert place.document_sha256 == sha256
            assert document[place.char_start : place.char_end] == clause.text


def test_contracts_have_the_clauses_of_their_type(firm):
    by_type = {}
    for contract in firm.reference.contracts.values():
        kinds = {clause.terms.kind for clause in contract.clauses}
        by_type.setdefault(contract.type, set()).update(kinds)
    hourly = {ClauseKind.RATE_SCHEDULE, ClauseKind.WORKING_TIME, ClauseKind.STAFFING_PLAN}
    assert by_type[ContractType.TIME_AND_MATERIALS] >= hourly
    assert ClauseKind.NOT_TO_EXCEED in by_type[ContractType.TIME_AND_MATERIALS_CEILING]
    assert by_type[ContractType.MILESTONE] >= {ClauseKind.ACCEPTANCE, ClauseKind.DELIVERABLES}
    assert not by_type[ContractType.MILESTONE] & hourly


def test_rates_rise_once(firm):
    for contract in firm.reference.contracts.values():
        cards = {}
        for row in contract.rate_card:
            cards.setdefault((row.line_id, row.labor_category, row.location), []).append(row)
        for first, second in cards.values():
            assert first.valid_to < second.valid_from
            assert first.hourly_rate_minor < second.hourly_rate_minor


def test_milestones_make_up_the_value_of_their_line(firm):
    billed = {}
    for one in milestones(firm):
        billed[one.item.line_id] = billed.get(one.item.line_id, 0) + one.item.amount_minor
    for contract in firm.reference.contracts.values():
        for line in contract.lines:
            if line.id not in billed:
                continue
            schedule = terms_of(contract, ClauseKind.BILLING_SCHEDULE, line_id=line.id)
            planned = [one.amount_minor for one in schedule.milestones] if schedule else []
            # What the client keeps back and has paid in advance is not billed by milestone.
            assert line.value_minor == (sum(planned) if schedule else billed[line.id])
            assert billed[line.id] <= line.value_minor


def test_clean_milestones_arrive_accepted_and_in_time(firm):
    for one in milestones(firm):
        if not firm.truth[one.item.item_id].faults:
            contract = firm.reference.contracts[one.item.contract_id]
            terms = terms_of(contract, ClauseKind.ACCEPTANCE, line_id=one.item.line_id)
            accepted = one.item.acceptance[-1]
            assert accepted.kind is AcceptanceKind.ACCEPTED
            assert (one.received_at - accepted.at).days <= terms.bill_within_days
            assert one.item.amount_minor > 0


def test_verdicts_come_after_the_item_and_in_order(firm):
    received_at = {one.item.item_id: one.received_at for one in firm.submissions}
    known = [verdict.known_at for verdict in firm.verdicts]
    assert known == sorted(known)
    assert {one.item_id for one in firm.verdicts} == set(received_at)
    assert all(one.known_at > received_at[one.item_id] for one in firm.verdicts)


def test_the_description_counts_what_is_there(firm):
    counts = describe(firm)
    kinds = ("timesheets", "milestones", "expense_reports")
    assert counts["items"] == len(firm.submissions) == sum(counts[kind] for kind in kinds)
    assert counts["violations"] == len(firm.submissions) - len(clean(firm))
