"""The exception queue: tried again, given a name, or given up, each with who did and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.schemas.vocabulary import AuditEvent, PostingStatus, Role
from service.domain.account import Account
from service.domain.actor import Actor
from service.domain.errors import (
    InvalidRequestError,
    NotAllowedError,
    NotFoundError,
    PostingNotRefusedError,
)
from service.domain.wall import Wall
from service.usecases.billing.assign_posting import assign_posting
from service.usecases.billing.discard_posting import discard_posting
from service.usecases.billing.retry_posting import retry_posting
from tests.builders.items import milestone
from tests.builders.refusals import refuse_posting
from tests.builders.service import APPROVER, REVIEWER, Workplace

IVO = Actor(id="ivo", name="Ivo Horvat", roles=frozenset({Role.INTEGRATION_OWNER}))
FOREIGN = replace(IVO, wall=Wall(client_ids=frozenset({"somebody-else"})))


@pytest.fixture
def refused(workplace: Workplace) -> str:
    """A posting that the ledger refused."""
    workplace.decided(milestone(external_id="closed"))
    posting_id = workplace.postings("test:closed")[0].id
    refuse_posting(
        posting_id, why="the period is closed", open_work=workplace.open_work, owner_id=None,
        now=workplace.clock.now(),
    )  # fmt: skip
    return posting_id


def retry(place, posting_id, *, actor=IVO):
    return place.run(
        lambda uow: retry_posting(
            posting_id, reason="period opened", actor=actor, uow=uow, engine=place.engine,
            now=place.clock.now(), ids=place.ids,
        )
    )  # fmt: skip


def assign(place, posting_id, person_id, *, actor=IVO):
    return place.run(
        lambda uow: assign_posting(
            posting_id, person_id=person_id, actor=actor, uow=uow, now=place.clock.now()
        )
    )


def discard(place, posting_id, *, actor=IVO):
    return place.run(
        lambda uow: discard_posting(
            posting_id, reason="billed by hand", actor=actor, uow=uow, now=place.clock.now()
        )
    )


def enqueued(place):
    with place.open_work.engine.connect() as connection:
        return [one[:2] for one in place.engine.enqueued(connection)]


def test_a_retry_sends_the_posting_off_again_and_says_what_was_mended(workplace, refused):
    before = enqueued(workplace)
    pending = retry(workplace, refused)

    assert (pending.status, pending.token, pending.error) == (PostingStatus.PENDING, refused, None)
    assert enqueued(workplace) == [*before, ("post", refused)]
    entry = workplace.audited(AuditEvent.POSTING_RETRIED)[-1]
    assert entry["actor"] == "ivo"
    assert entry["facts"]["reason"] == "period opened"
    assert entry["facts"]["was"] == "the period is closed"


def test_two_people_who_retry_send_it_once(workplace, refused):
    retry(workplace, refused)
    with pytest.raises(PostingNotRefusedError, match="is pending"):
        retry(workplace, refused)


def test_an_assigned_exception_carries_the_name_and_stays_in_the_queue(workplace, refused):
    workplace.run(lambda uow: uow.accounts.save(account("mia")))
    owned = assign(workplace, refused, "mia")

    assert (owned.owner_id, owned.status) == ("mia", PostingStatus.REFUSED)
    assert workplace.audited(AuditEvent.POSTING_ASSIGNED)[-1]["facts"]["owner"] == "mia"


@pytest.mark.parametrize(
    "overrides",
    [{"is_active": False}, {"wall": Wall(client_ids=frozenset({"somebody-else"}))}],
    ids=["who has left", "who may not see the client"],
)
def test_nobody_is_given_an_exception(workplace, refused, overrides):
    workplace.run(lambda uow: uow.accounts.save(account("mia", **overrides)))
    with pytest.raises(InvalidRequestError, match="person_id"):
        assign(workplace, refused, "mia")


def test_a_discarded_posting_never_leaves_and_says_why(workplace, refused):
    given_up = discard(workplace, refused)

    assert given_up.status is PostingStatus.CANCELLED
    assert given_up.error == "Discarded: billed by hand"
    facts = workplace.audited(AuditEvent.POSTING_DISCARDED)[-1]["facts"]
    assert (facts["reason"], facts["total_minor"]) == ("billed by hand", given_up.total_minor)
    with pytest.raises(PostingNotRefusedError):
        retry(workplace, refused)


def test_giving_up_large_money_takes_an_approver(workplace, refused):
    posting = workplace.postings("test:closed")[0]
    large = replace(posting, total_minor=50_000_00)
    workplace.run(lambda uow: uow.postings.save(large))

    with pytest.raises(NotAllowedError, match="approver"):
        discard(workplace, refused)
    assert discard(workplace, refused, actor=APPROVER).status is PostingStatus.CANCELLED


@pytest.mark.parametrize("act", [retry, discard])
def test_a_reviewer_does_not_work_on_exceptions(workplace, refused, act):
    with pytest.raises(NotAllowedError):
        act(workplace, refused, actor=REVIEWER)


@pytest.mark.parametrize("act", [retry, discard])
def test_an_exception_behind_a_wall_is_not_found(workplace, refused, act):
    with pytest.raises(NotFoundError):
        act(workplace, refused, actor=FOREIGN)


def account(person_id: str, **overrides) -> Account:
    given = {
        "person_id": person_id,
        "login": person_id,
        "name": person_id.title(),
        "password_hash": "-",
        "roles": frozenset({Role.INTEGRATION_OWNER}),
    }
    return Account(**(given | overrides))
