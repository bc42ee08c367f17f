"""Part of a sheet is billed, part given up, part belongs elsewhere; each part is followed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from data.schemas.decision import Adjustment, MoveTarget
from data.schemas.vocabulary import AuditEvent, ReasonCode, Role, TransferStatus, Verdict
from service.domain.actor import Actor
from service.domain.errors import (
    InvalidRequestError,
    NotAllowedError,
    NotFoundError,
    TransferSettledError,
)
from service.domain.wall import OPEN_WALL, Wall
from service.usecases.deciding.move_time import settle_transfer
from service.usecases.deciding.preview_decision import preview_decision
from service.wire.deciding import PreviewRequest, SettleRequest
from tests.builders.contracts import contract
from tests.builders.items import entry, timesheet
from tests.builders.service import AUDITOR, REVIEWER
from tests.fakes.scorer import TWO_LINES

FORTY_HOURS = tuple(
    entry(id=f"E-{day}", work_date=date(2026, 3, day), minutes_worked=480, minutes_billable=480,
          hourly_rate_minor=100_00)
    for day in range(2, 7)
)  # fmt: skip
SHEET = timesheet(entries=FORTY_HOURS)
ELSEWHERE = MoveTarget(contract_id="C-1", line_id="L-2")
SPLIT = (
    Adjustment(row_id="E-5", minutes_billable=360, minutes_written_off=120),
    Adjustment(row_id="E-6", minutes_billable=0, minutes_moved=480, moved_to=ELSEWHERE),
)
ADJUST = {"verdict": Verdict.ADJUST, "reason_codes": (ReasonCode.MISCODED,), "adjustments": SPLIT}
MANAGER = Actor(id="remi", name="Remi", roles=frozenset({Role.RESOURCE_MANAGER}))


@pytest.fixture
def with_lines(workplace):
    """A contract with two lines, the second of another project."""
    body = contract(lines=TWO_LINES).model_dump_json()
    workplace.run(
        lambda uow: uow.references.put("contracts", "C-1", body=body, at=workplace.clock.now())
    )
    return workplace


def _concluded(workplace, **said):
    decision = workplace.decided(SHEET, **(ADJUST | said))
    workplace.clock.forward(minutes=1)
    workplace.conclude(decision)
    return decision


def _transfers(workplace, decision):
    return workplace.run(lambda uow: uow.transfers.of_decision(decision.id))


def _settle(workplace, transfer, actor=MANAGER, **said):
    request = SettleRequest(**({"is_done": True} | said))
    return workplace.run(
        lambda uow: settle_transfer(
            transfer.id, request, actor=actor, uow=uow, now=workplace.clock.now()
        )
    )


def test_thirty_of_forty_hours_are_billed_two_given_up_and_eight_moved(with_lines):
    decision = with_lines.decided(SHEET, **ADJUST)
    assert (decision.approved_minor, decision.written_off_minor, decision.moved_minor,
            decision.not_billed_minor) == (3_000_00, 200_00, 800_00, 0)  # fmt: skip
    (posting,) = with_lines.postings(SHEET.item_id)
    assert posting.total_minor == 3_000_00


def test_the_preview_gives_the_figures_that_are_stored(with_lines):
    case = with_lines.open_case(SHEET)
    preview = with_lines.run(
        lambda uow: preview_decision(
            PreviewRequest(case_id=case.id, **ADJUST), actor=REVIEWER, uow=uow
        )
    )
    stored = with_lines.decide(with_lines.claim(case.id), **ADJUST)
    shown = preview.model_dump(exclude={"charged_minor", "currency"})
    assert shown == {name: getattr(stored, name) for name in shown}
    assert preview.charged_minor == sum(shown.values()) == SHEET.amount_minor


def test_moved_minutes_wait_for_somebody_once_the_decision_is_final(with_lines):
    decision = with_lines.decided(SHEET, **ADJUST)
    assert _transfers(with_lines, decision) == []
    with_lines.clock.forward(minutes=1)
    with_lines.conclude(decision)
    with_lines.conclude(decision)
    (waiting,) = _transfers(with_lines, decision)
    assert (waiting.row_id, waiting.minutes, waiting.amount_minor) == ("E-6", 480, 800_00)
    assert (waiting.to_line_id, waiting.status) == ("L-2", TransferStatus.OPEN)


def test_an_undone_decision_moves_nothing(with_lines):
    decision = with_lines.decided(SHEET, **ADJUST)
    with_lines.undo(decision)
    with_lines.conclude(decision)
    assert _transfers(with_lines, decision) == []


def test_a_transfer_is_settled_once_and_the_trail_tells_by_whom(with_lines):
    decision = _concluded(with_lines)
    (waiting,) = _transfers(with_lines, decision)
    assert _settle(with_lines, waiting).status is TransferStatus.DONE
    (told,) = with_lines.audited(AuditEvent.TRANSFER_SETTLED)
    assert (told["actor"], told["facts"]["to"]) == (MANAGER.id, "C-1/L-2")
    with pytest.raises(TransferSettledError):
        _settle(with_lines, waiting, is_done=False, note="too late")


def test_minutes_that_stay_where_they_are_need_a_reason(with_lines):
    decision = _concluded(with_lines)
    (waiting,) = _transfers(with_lines, decision)
    with pytest.raises(InvalidRequestError, match="say why"):
        _settle(with_lines, waiting, is_done=False)
    dropped = _settle(with_lines, waiting, is_done=False, note="the client pays both")
    assert dropped.status is TransferStatus.DROPPED


def test_who_only_reads_settles_nothing_and_walls_hold(with_lines):
    decision = _concluded(with_lines)
    (waiting,) = _transfers(with_lines, decision)
    with pytest.raises(NotAllowedError):
        _settle(with_lines, waiting, AUDITOR)
    walled = replace(MANAGER, wall=Wall(client_ids=frozenset({"other"})))
    with pytest.raises(NotFoundError):
        _settle(with_lines, waiting, walled)
    page = {"status": None, "cursor": None, "limit": 10}
    screens = with_lines.deciding_screens
    assert screens.transfer_page(wall=walled.wall, **page).transfers == ()
    (seen,) = screens.transfer_page(wall=OPEN_WALL, **page).transfers
    assert (seen.from_line_id, seen.to_line_id, seen.minutes) == (SHEET.line_id, "L-2", 480)


def test_a_correction_drops_the_moves_that_it_takes_back(with_lines):
    decision = _concluded(with_lines)
    with_lines.post(decision)
    new = with_lines.correct(decision)
    with_lines.clock.forward(minutes=1)
    with_lines.conclude(new)
    (dropped,) = _transfers(with_lines, decision)
    assert (dropped.status, dropped.note) == (TransferStatus.DROPPED, f"Corrected by {new.id}")


def test_what_was_booked_already_is_not_asked_for_again_after_a_correction(with_lines):
    decision = _concluded(with_lines)
    _settle(with_lines, _transfers(with_lines, decision)[0])
    with_lines.post(decision)
    new = with_lines.correct(decision, **(ADJUST | {"adjustments": SPLIT[1:]}))
    with_lines.clock.forward(minutes=1)
    with_lines.conclude(new)
    assert _transfers(with_lines, new) == []


@pytest.mark.parametrize(
    ("target", "why"),
    [
        (MoveTarget(contract_id="C-1", line_id="L-1"), "is the line the minutes are on"),
        (MoveTarget(contract_id="C-1", line_id="L-9"), "no contract line"),
        (MoveTarget(contract_id="C-9", line_id="L-2"), "no contract line"),
    ],
)
def test_minutes_move_to_another_line_that_there_is(with_lines, target, why):
    move = Adjustment(row_id="E-6", minutes_billable=0, minutes_moved=480, moved_to=target)
    with pytest.raises(InvalidRequestError, match=why):
        with_lines.decided(SHEET, **(ADJUST | {"adjustments": (move,)}))


def test_nobody_moves_minutes_to_a_client_behind_their_wall(with_lines):
    other = contract(id="C-2", client_id="other", lines=TWO_LINES).model_dump_json()
    now = with_lines.clock.now()
    with_lines.run(lambda uow: uow.references.put("contracts", "C-2", body=other, at=now))
    case = with_lines.claim(with_lines.open_case(SHEET).id)
    walled = replace(REVIEWER, wall=Wall(client_ids=frozenset({case.client_id})))
    target = MoveTarget(contract_id="C-2", line_id="L-2")
    move = Adjustment(row_id="E-6", minutes_billable=0, minutes_moved=480, moved_to=target)
    with pytest.raises(InvalidRequestError, match="no contract line that you may see"):
        with_lines.decide(case, walled, **(ADJUST | {"adjustments": (move,)}))
