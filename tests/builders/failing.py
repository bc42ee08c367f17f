"""Postings that fail: what the flows do with them, without the engine."""

from __future__ import annotations

from data.schemas.vocabulary import PostingStatus, Role
from service.domain.account import Account
from service.domain.failure import Failure
from service.domain.wall import OPEN_WALL
from service.usecases.billing.billed_rows import BilledRows
from service.usecases.billing.note_failure import Carers, note_failure
from service.usecases.billing.post_billing import Gates, post_billing
from service.usecases.billing.trouble_of import trouble_of
from tests.builders.items import timesheet
from tests.builders.service import Workplace
from tests.fakes.ledger import FakeLedger
from tests.fakes.scorer import CLEAR

SYSTEM = "fake"


class SayingLedger(FakeLedger):
    """Answers every bill with one error."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def create_draft(self, bill):
        raise self.error


def account(person_id: str, **overrides) -> Account:
    """An integration owner who can log in."""
    given = {
        "person_id": person_id,
        "login": person_id,
        "name": person_id.title(),
        "password_hash": "-",
        "roles": frozenset({Role.INTEGRATION_OWNER}),
    }
    return Account(**(given | overrides))


def cleared(place: Workplace, name: str = "bill") -> str:
    """Submit a timesheet that policy clears, and give the id of its posting."""
    sheet = timesheet(external_id=name)
    place.scorer.says(sheet.item_id, **CLEAR)
    place.assess(sheet)
    return str(place.postings(sheet.item_id)[-1].id)


def fail(
    place: Workplace, posting_id: str, error: Exception, *, draw: float = 1.0, owner: str = "ines"
) -> PostingStatus:
    """Note an error of a try, as the flow does."""
    carers = Carers(engine=place.engine, system=SYSTEM, owner_id=owner)
    return place.run(
        lambda uow: note_failure(
            posting_id, trouble_of(error), carers=carers, draw=draw, uow=uow, now=place.clock.now()
        )
    )


def try_once(place: Workplace, posting_id: str, ledger: FakeLedger) -> PostingStatus:
    """Try a posting; what the ledger says of it is noted."""
    try:
        return post_once(place, posting_id, ledger)
    except Exception as error:  # noqa: BLE001 - the flow notes every error
        return fail(place, posting_id, error)


def post_once(place: Workplace, posting_id: str, ledger: FakeLedger) -> PostingStatus:
    """Try a posting, and raise what comes of it."""
    return post_billing(
        posting_id,
        open_work=place.open_work,
        ledger=ledger,
        gates=Gates(billed=BilledRows(), regions={}),
        now=place.clock.now,
    )


def failure(place: Workplace, posting_id: str) -> Failure:
    """Give what is known of a posting in trouble."""
    found = place.run(lambda uow: uow.failures.get(posting_id))
    assert found is not None
    return found


def told(place: Workplace, person_id: str) -> list[str]:
    """Give what a person was told, newest first."""
    found = place.run(
        lambda uow: uow.notifications.of(
            person_id, wall=OPEN_WALL, before=None, limit=50, is_unread=False
        )
    )
    return [one.notification.text for one in found]
