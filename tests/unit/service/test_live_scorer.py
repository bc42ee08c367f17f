"""The live scorer: what it learned while serving is what a restart learns from the store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from data.schemas.billing import Dispute, DisputeReason, WriteOff
from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import REASONS_BY_VERDICT, Lane, ReasonCode, Route, Verdict
from models.policy import FROZEN, SPENT, PolicySettings
from models.watch import WatchSettings
from service.domain.errors import UnavailableError
from service.ports.stores import Fact, FactKind, StoredItem
from service.scoring.live import LiveScorer
from service.usecases.assessing.take_history import take_history
from service.usecases.assessing.withdraw_item import withdraw_item
from service.usecases.terms.put_reference import put_reference
from service.wire.assessments import PastItem
from tests.builders.bundles import bundle, certificate, provenance
from tests.builders.checking import invoice
from tests.builders.contracts import assignment, client, contract, manager, person, project
from tests.builders.items import MONDAY, entry, timesheet, week
from tests.builders.service import WORKFLOW
from tests.fakes.clock import CountingIds
from tests.fakes.engine import EngineDownError
from tests.fakes.scorer import SEGMENT

ON_TIME, TOO_LATE = datetime(2026, 4, 10, 17, tzinfo=UTC), datetime(2026, 4, 11, 1, tzinfo=UTC)
"""Of work done in March: its invoices leave by the tenth of April."""
REFERENCE = {
    "clients": [client()],
    "contracts": [contract()],
    "people": [person(), manager()],
    "projects": [project()],
    "assignments": [assignment()],
}


def _live():
    return LiveScorer(champion=lambda: None, coin=lambda _: 0.99)


def _put(workplace, kind, *objects):
    workplace.run(
        lambda uow: put_reference(
            kind,
            [(one.id, one) for one in objects],
            actor_id="key-1",
            uow=uow,
            now=workplace.clock.now(),
        )
    )


@pytest.fixture
def live(workplace):
    for kind, objects in REFERENCE.items():
        _put(workplace, kind, *objects)
    workplace.scorer = _live()
    return workplace


def _sheet(number):
    """A week of Ada, each a week after the other."""
    monday = MONDAY.replace(day=2 + 7 * number) if number < 4 else MONDAY
    name = f"TS-{number}"
    return timesheet(external_id=name, entries=week(of=name, monday=monday))


def _said(workplace, scorer, item):
    """What a scorer that knows everything stored says of an item nobody has seen."""
    workplace.run(scorer.catch_up)
    stored = _stored(workplace, item)
    return scorer.assess([stored], now=workplace.clock.now(), ids=CountingIds())[0]


def _stored(workplace, item):
    return StoredItem(
        seq=0, item=item, sha256="0" * 64, client_id="acme", received_at=workplace.clock.now()
    )


def _a_busy_month(workplace):
    """Items, a bill, an undone bill, verdicts and an invoice, in the order they happened."""
    workplace.clock.forward(days=60)
    approved = workplace.decided(_sheet(0))
    workplace.clock.forward(minutes=1)
    workplace.conclude(approved)
    workplace.undo(workplace.decided(_sheet(1)))
    rejected = workplace.decided(
        _sheet(2),
        verdict=Verdict.REJECT,
        reason_codes=REASONS_BY_VERDICT[Verdict.REJECT][:1],
    )
    workplace.clock.forward(minutes=1)
    workplace.conclude(rejected)
    _put(workplace, "invoices", invoice("TS-9-1"))
    workplace.clock.forward(minutes=1)


def test_a_restart_says_what_the_running_service_says(live):
    _a_busy_month(live)
    running, restarted = live.scorer, _live()
    said, again = _said(live, running, _sheet(3)), _said(live, restarted, _sheet(3))
    assert said == again


def test_forgetting_and_learning_again_changes_nothing(live):
    _a_busy_month(live)
    before = _said(live, live.scorer, _sheet(3))
    live.scorer.forget()
    assert _said(live, live.scorer, _sheet(3)) == before


def test_what_was_taken_back_with_its_transaction_was_never_learned(live):
    live.clock.forward(days=60)
    before = _said(live, _live(), _sheet(3))
    live.engine.is_down = True
    claimed = live.claim(live.open_case(_sheet(0)).id)
    with pytest.raises(EngineDownError):
        live.decide(claimed)
    after = _said(live, live.scorer, _sheet(3))
    assert after.findings == before.findings


def test_the_number_of_an_item_that_failed_is_learned_as_the_item_that_got_it(live):
    live.clock.forward(days=60)
    taken_back = _sheet(0)

    def fail(uow):
        stored = uow.items.add([_stored(live, taken_back)])
        live.scorer.catch_up(uow)
        live.scorer.assess(stored, now=live.clock.now(), ids=live.ids)
        raise EngineDownError

    with pytest.raises(EngineDownError):
        live.run(fail)
    live.clock.forward(seconds=1)
    past = [PastItem(item=_sheet(1))]
    live.run(
        lambda uow: take_history(
            past, actor_id="key-1", uow=uow, scorer=live.scorer, now=live.clock.now()
        )
    )
    assert _said(live, live.scorer, _sheet(3)) == _said(live, _live(), _sheet(3))


def test_an_entry_billed_before_is_found_and_one_taken_back_is_free_again(live):
    live.clock.forward(days=60)
    decision = live.decided(_sheet(0))
    changed = _sheet(0).model_copy(update={"zone": "Europe/Berlin"})
    codes = {one.code for one in _said(live, live.scorer, changed).findings}
    assert ExceptionCode.ALREADY_INVOICED in codes
    live.undo(decision)
    codes = {one.code for one in _said(live, live.scorer, changed).findings}
    assert ExceptionCode.ALREADY_INVOICED not in codes


def test_without_a_released_model_nothing_is_cleared_and_critical_faults_are_held(live):
    live.clock.forward(days=60)
    clean = _said(live, live.scorer, _sheet(0))
    assert (clean.route, clean.lane, clean.violation_probability) == (
        Route.REVIEW,
        Lane.INDEX,
        None,
    )
    live.decided(_sheet(0), reason_codes=(ReasonCode.CLAUSE_SATISFIED,))
    billed = _said(live, live.scorer, _sheet(0).model_copy(update={"zone": "Europe/Berlin"}))
    assert (billed.route, billed.lane) == (Route.AUTO_HOLD, None)


def test_new_terms_are_in_force_at_the_next_call(live):
    live.run(live.scorer.catch_up)
    assert live.scorer.contract_of("C-2") is None
    _put(live, "contracts", contract(id="C-2"))
    live.run(live.scorer.catch_up)
    assert live.scorer.contract_of("C-2") == contract(id="C-2")


def test_a_scorer_that_knows_no_terms_asks_for_patience(workplace):
    stored = _stored(workplace, _sheet(0))
    with pytest.raises(UnavailableError):
        _live().assess([stored], now=workplace.clock.now(), ids=CountingIds())


def test_a_bundle_clears_no_more_than_it_was_granted_for_even_after_a_restart(live):
    live.clock.forward(days=60)
    granted = certificate(expires_at=live.clock.now() + timedelta(days=1), expires_after_clears=1)
    released = bundle(certificates=(granted,))
    live.scorer = LiveScorer(champion=lambda: released, coin=lambda _: 0.99)
    first = live.assess(_day(0)).results[0].assessment
    second = live.assess(_day(1)).results[0].assessment
    assert (first.route, second.route) == (Route.AUTO_CLEAR, Route.REVIEW)
    assert second.route_reason == SPENT
    live.scorer = LiveScorer(champion=lambda: released, coin=lambda _: 0.99)
    assert live.assess(_day(2)).results[0].assessment.route_reason == SPENT
    assert live.run(lambda uow: uow.items.count_cleared(released.id)) == 1


def _day(number):
    """A sheet of one day of Ada, that many days after Monday."""
    day = MONDAY + timedelta(days=number)
    return timesheet(external_id=f"D-{number}", entries=(entry(id=f"D-{number}", work_date=day),))


def test_a_withdrawn_item_counts_no_longer(live):
    live.clock.forward(days=60)
    live.assess(_sheet(0))
    twin = _sheet(0).model_copy(update={"external_id": "TS-twin"})
    before = {one.code for one in _said(live, _live(), twin).findings}
    assert ExceptionCode.DUPLICATE_TIME_ENTRY in before
    live.run(
        lambda uow: withdraw_item(
            "test:TS-0", reason="deleted", actor=WORKFLOW, uow=uow, now=live.clock.now()
        )
    )
    after = {one.code for one in _said(live, live.scorer, twin).findings}
    assert ExceptionCode.DUPLICATE_TIME_ENTRY not in after


def _checking(live, **fields):
    """A live scorer whose bundle checks whatever it clears."""
    granted = certificate(expires_at=live.clock.now() + timedelta(days=1), **fields)
    released = bundle(
        certificates=(granted,),
        policy=PolicySettings(cap_reporting_minor=800_000.0, audit_share=1.0),
    )
    return LiveScorer(champion=lambda: released, coin=lambda _: 0.99)


def _alarm(live):
    fact = Fact(kind=FactKind.SEGMENT_FROZEN, subject_id=f"1:{SEGMENT}", at=live.clock.now())
    live.run(lambda uow: uow.facts.add([fact]))


def test_an_alarm_stops_clearing_for_bundles_certified_before_it_and_for_no_other(live):
    live.clock.forward(days=60)
    live.scorer = _checking(live)
    assert live.assess(_day(0)).results[0].assessment.route is Route.AUTO_CLEAR
    _alarm(live)
    stopped = live.assess(_day(1)).results[0].assessment
    assert (stopped.route, stopped.route_reason) == (Route.REVIEW, FROZEN)
    live.clock.forward(minutes=1)
    younger = provenance(certified_at=live.clock.now())
    live.scorer = _checking(live, provenance=younger)
    assert live.assess(_day(2)).results[0].assessment.route is Route.AUTO_CLEAR


def test_a_cleared_item_that_is_drawn_is_stored_with_the_promise_it_tests(live):
    live.clock.forward(days=60)
    live.scorer = _checking(live)
    said = live.assess(_day(0)).results[0].assessment
    (check,) = live.run(lambda uow: uow.checks.open(SEGMENT))
    assert (check.draw.assessment_id, check.draw.bundle) == (said.id, said.versions.bundle)
    assert (check.draw.propensity, check.draw.amount_reporting_minor) == (1.0, 960_00.0)
    promise = WatchSettings.model_validate_json(check.draw.promise)
    assert (promise.alpha_cases, promise.cases_bound) == (0.05, 1.0)


def test_what_the_ledger_says_of_disputes_and_write_offs_is_learned_again_after_a_restart(live):
    live.clock.forward(days=60)
    live.assess(_sheet(0))
    at = live.clock.now()
    _put(live, "invoices", invoice("TS-0-1"))
    _put(live, "disputes", Dispute(
        id="D-1", invoice_id="INV-1", row_id="TS-0-1", reason=DisputeReason.PRICE,
        opened_on=at.date(), credited_minor=0, recorded_at=at))  # fmt: skip
    for number, item_id in enumerate(("test:TS-0", "test:nobody-knows-it")):
        _put(live, "write_offs", WriteOff(
            id=f"W-{number}", item_id=item_id, amount_minor=5_00, recorded_at=at))  # fmt: skip
    live.clock.forward(minutes=1)
    assert _said(live, live.scorer, _sheet(3)) == _said(live, _live(), _sheet(3))


def _delay_of_client(scorer):
    """What is known of how late acme's items are billed: how many, and how many late."""
    history = scorer._memory.history
    tally, client_code = history.invoice_delays_of_client, history.client.code("acme")
    return tally.count[client_code], tally.total[client_code]


@pytest.mark.parametrize("is_invoice_first", [True, False])
def test_how_late_items_were_billed_is_known_whatever_came_first(live, is_invoice_first):
    live.clock.forward(days=60)
    sheets = [_sheet(number) for number in range(3)]
    bills = [
        invoice("TS-0-1", "TS-0-2", id="INV-0", period_end=MONDAY, issued_at=ON_TIME),
        invoice("TS-1-1", id="INV-1", period_end=MONDAY, issued_at=TOO_LATE),
        # A later invoice for the rest of the same sheet tells nothing new.
        invoice("TS-1-2", id="INV-2", period_end=MONDAY, issued_at=TOO_LATE),
    ]
    if is_invoice_first:
        _put(live, "invoices", *bills)
    live.assess(*sheets)
    if not is_invoice_first:
        _put(live, "invoices", *bills)
    live.run(live.scorer.catch_up)
    assert _delay_of_client(live.scorer) == (2, 1)
