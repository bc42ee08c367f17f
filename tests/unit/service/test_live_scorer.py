"""The live scorer: what it learned while serving is what a restart learns from the store."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import REASONS_BY_VERDICT, Lane, ReasonCode, Route, Verdict
from models.policy import SPENT
from service.domain.errors import UnavailableError
from service.ports.stores import StoredItem
from service.scoring.live import LiveScorer
from service.usecases.conclude_decision import conclude_decision
from service.usecases.put_reference import put_reference
from service.usecases.take_history import take_history
from service.usecases.withdraw_item import withdraw_item
from service.wire.assessments import PastItem
from tests.builders.bundles import bundle, certificate
from tests.builders.checking import invoice
from tests.builders.contracts import assignment, client, contract, manager, person, project
from tests.builders.items import MONDAY, entry, timesheet, week
from tests.fakes.clock import CountingIds
from tests.fakes.engine import EngineDownError

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
    workplace.run(lambda uow: conclude_decision(approved.id, uow=uow, now=workplace.clock.now()))
    workplace.undo(workplace.decided(_sheet(1)))
    rejected = workplace.decided(
        _sheet(2),
        verdict=Verdict.REJECT,
        reason_codes=REASONS_BY_VERDICT[Verdict.REJECT][:1],
    )
    workplace.clock.forward(minutes=1)
    workplace.run(lambda uow: conclude_decision(rejected.id, uow=uow, now=workplace.clock.now()))
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
            "test:TS-0", reason="deleted", actor_id="key-1", uow=uow, now=live.clock.now()
        )
    )
    after = {one.code for one in _said(live, live.scorer, twin).findings}
    assert ExceptionCode.DUPLICATE_TIME_ENTRY not in after
