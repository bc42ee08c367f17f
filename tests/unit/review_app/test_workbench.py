from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from data.schemas.vocabulary import ReasonCode, Verdict
from review_app.work.outbox import Outbox
from review_app.work.workbench import Workbench
from service.client import ApiProblem
from service.wire.cases import Claim, DecisionRequest
from tests.builders.review import detail
from tests.fakes.api import connected
from tests.fakes.case_desk import FakeApi


@contextmanager
def at_work(fake: FakeApi, *, person: str = "ana") -> Iterator[Workbench]:
    """A workbench whose outbox works in place."""
    with connected(fake, person=person) as client:
        yield Workbench(
            client,
            person_id=client.me().id,
            outbox=Outbox(start=lambda work: work(), wait=lambda _: None),
            now=lambda: datetime.now(UTC),
        )


def five_cases(**settings: int) -> FakeApi:
    return FakeApi.of(tuple(detail(number) for number in range(1, 6)), **settings)


def verdict(
    claim: Claim, kind: Verdict = Verdict.APPROVE, reason: ReasonCode = ReasonCode.CLAUSE_SATISFIED
) -> DecisionRequest:
    return DecisionRequest(
        lease_token=claim.lease_token,
        version=claim.detail.case.version,
        verdict=kind,
        reason_codes=(reason,),
    )


def current(workbench: Workbench) -> Claim:
    claim = workbench.current()
    assert claim is not None
    return claim


def test_cases_come_in_the_order_of_the_api_and_each_once():
    fake, seen = five_cases(), []
    with at_work(fake) as workbench:
        while (claim := workbench.current()) is not None:
            seen.append(claim.detail.case.id)
            workbench.decide(claim, request=verdict(claim))

    assert seen == [f"C-{number:06d}" for number in range(1, 6)]
    assert fake.decided() == seen


def test_two_cases_are_fetched_ahead():
    with at_work(five_cases()) as workbench:
        current(workbench)

        assert [workbench.holds(f"C-{number:06d}") for number in range(1, 6)] == [
            True, True, True, False, False,
        ]  # fmt: skip


def test_a_decision_travels_with_the_version_and_token_that_were_shown():
    fake = five_cases()
    with at_work(fake) as workbench:
        claim = current(workbench)
        workbench.decide(claim, request=verdict(claim))

    case_id, sent = fake.requests[0]
    assert (case_id, sent.version, sent.lease_token) == ("C-000001", 2, 1)


def test_a_lost_lease_is_told_with_its_case_and_ends_optimism_until_read():
    fake = five_cases()
    with at_work(fake) as workbench:
        claim = current(workbench)
        fake.steal_lease(claim.detail.case.id)
        workbench.decide(claim, request=verdict(claim))

        refusal = workbench.standing().refusals[0]
        assert (refusal.case_id, refusal.problem.status) == ("C-000001", 409)
        assert workbench.standing().unsent == ()
        assert current(workbench).detail.case.id == "C-000002"

        workbench.has_seen_refusals()
        assert workbench.standing().refusals == ()


def test_a_short_outage_loses_nothing_and_decides_nothing_twice():
    fake = five_cases()
    with at_work(fake) as workbench:
        claim = current(workbench)
        fake.fail_next(4)
        workbench.decide(claim, request=verdict(claim))

        assert workbench.standing().trouble is None
    assert fake.decided() == ["C-000001"]
    assert len(fake.requests) == 1


def test_undo_takes_the_latest_decision_back_and_its_case_on_the_desk():
    fake = five_cases()
    with at_work(fake) as workbench:
        for _ in range(2):
            claim = current(workbench)
            workbench.decide(claim, request=verdict(claim))
        assert workbench.standing().undoable_case_id == "C-000002"

        workbench.undo_last()

        assert current(workbench).detail.case.id == "C-000002"
        assert workbench.standing().undoable_case_id is None
    assert fake.decided() == ["C-000001"]


def test_a_case_can_be_decided_again_after_undo():
    fake = five_cases()
    with at_work(fake) as workbench:
        claim = current(workbench)
        workbench.decide(claim, request=verdict(claim))
        workbench.undo_last()
        again = current(workbench)
        workbench.decide(again, request=verdict(again, Verdict.WRITE_OFF, ReasonCode.NOT_BILLABLE))

    assert [one.verdict for one in fake.decisions if not one.is_undone] == [Verdict.WRITE_OFF]


def test_undo_is_not_offered_once_the_decision_is_final():
    with at_work(five_cases(undo_seconds=0)) as workbench:
        claim = current(workbench)
        workbench.decide(claim, request=verdict(claim))

        assert workbench.standing().undoable_case_id is None


def test_undo_after_the_window_is_refused_aloud():
    fake = five_cases(undo_seconds=0)
    with at_work(fake) as workbench:
        claim = current(workbench)
        workbench.decide(claim, request=verdict(claim))

        with pytest.raises(ApiProblem, match="window is over"):
            workbench.undo_last()


def test_a_skipped_case_comes_again_only_after_all_others():
    seen = []
    with at_work(five_cases()) as workbench:
        workbench.skip(current(workbench))
        while (claim := workbench.current()) is not None:
            seen.append(claim.detail.case.id)
            workbench.decide(claim, request=verdict(claim))

    assert seen[-1] == "C-000001"
    assert len(seen) == 5


def test_a_reload_goes_on_with_the_cases_that_are_still_held():
    fake = five_cases()
    with at_work(fake) as before:
        current(before)
    with at_work(fake) as after:
        assert current(after).detail.case.id == "C-000001"

        assert sum(held.owner is not None for held in fake.cases.values()) == 3


def test_logging_out_gives_every_case_back():
    fake = five_cases()
    with at_work(fake) as workbench:
        current(workbench)
        workbench.close()

    assert all(held.owner is None for held in fake.cases.values())


def test_a_hold_that_ends_soon_is_extended_before_work_goes_on():
    fake = five_cases()
    with connected(fake) as client:
        late = datetime.now(UTC) + timedelta(minutes=13)
        workbench = Workbench(
            client, person_id="person-ana", outbox=Outbox(start=lambda work: work()),
            now=lambda: late,
        )  # fmt: skip
        first = current(workbench)
        second = current(workbench)

    assert second.lease_expires_at > first.lease_expires_at


def test_an_ended_session_is_told_and_names_what_is_unsent():
    fake = five_cases()
    with at_work(fake) as workbench:
        claim = current(workbench)
        fake.revoke_sessions()
        workbench.decide(claim, request=verdict(claim))

        standing = workbench.standing()
        assert standing.is_session_ended
        assert standing.unsent == ("C-000001",)
    assert fake.decided() == []


def test_two_people_never_hold_the_same_case():
    fake = five_cases()
    with at_work(fake) as ana, at_work(fake, person="otto") as otto:
        assert current(ana).detail.case.id == "C-000001"
        assert current(otto).detail.case.id == "C-000004"
