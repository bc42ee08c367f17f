"""Three weeks of a desk: items come in, people judge, bills leave, and some of it goes wrong.

The pictures of the documentation are taken at its end. Time is told to the API, so that weeks
pass in a minute; everything else is the product itself, over HTTP.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta

from data.schemas.vocabulary import PostingStatus, Scope
from service.api.intake import Intake
from service.client import ApiProblem, CountersignClient
from service.clock import SystemClock
from service.commands.demo_firm import DemoFirm, feed_reference
from service.commands.simulated_reviewers import Desk, decide_cases
from service.connectors.sandbox import SandboxLedger
from service.domain.account import ApiKey
from service.domain.invoice_gates import BillStoppedError
from service.scoring.watching import LiveWatcher
from service.usecases.billing.billed_rows import BilledRows
from service.usecases.billing.post_billing import Gates, post_billing
from service.usecases.deciding.conclude_decision import conclude_decision
from service.usecases.people.log_in import hash_of
from tests.builders.api import raw
from tests.builders.desk_world import PEOPLE, DeskWorld
from tests.builders.refusals import refuse_posting
from tests.fakes.clock import SettableClock

DAYS = 12
"""Working days that are lived before today."""
ITEMS_A_DAY, DECISIONS_A_DAY = 34, 22
FEEDING_KEY = "feeding-key"
PATIENT_SECONDS = 120.0
REFUSED_SHARE = 0.06
LEFT_REFUSED = 7
REFUSALS = (
    "the client has no party in Tryton; name the party under tryton.clients in the terms file",
    "6 tries failed; the ledger did not answer within 30 seconds",
)
"""What a ledger says of bills that it does not take; the gates say what they say."""


@dataclass(slots=True, kw_only=True)
class LivedWeeks:
    """A desk in its weeks; `live` brings it to now."""

    world: DeskWorld
    demo: DemoFirm
    clock: SettableClock
    _fed: int = 0
    _concluded: set[str] = field(default_factory=set)

    def live(self, *, after: Mapping[int, Callable[[], None]]) -> None:
        """Take in, judge and bill, day after day, until today; `after` a day more may happen."""
        tell_parts(self.world, coin=draw)
        self._tell_firm()
        for number, day in enumerate(working_days(before=SystemClock().now())):
            self._begin(day)
            self.take_in(ITEMS_A_DAY)
            self.judge(DECISIONS_A_DAY)
            self.bill()
            after.get(number, _nothing)()
        self._begin(SystemClock().now() - timedelta(minutes=20))
        self.take_in(ITEMS_A_DAY)
        self.bill()
        self._begin(SystemClock().now())
        self._clear_exceptions()
        tell_parts(self.world, clock=SystemClock(), coin=lambda _: 0.999)

    def take_in(self, count: int) -> None:
        """Have the next items of the firm assessed."""
        items = self.demo.to_bill[self._fed : self._fed + count]
        self._fed += len(items)
        with self._feeding() as client:
            client.assess([raw(one) for one in items], idempotency_key=f"weeks-{self._fed}")

    def judge(self, count: int) -> None:
        """Let the reviewers decide, taking turns; they err now and then."""
        people = tuple(self.world.client(login) for login in ("ana", "bo", "chen"))
        desk = Desk(reviewers=people, approver=self.world.client("carla"))
        decide_cases(desk, self.demo.firm.truth, count=count, progress=lambda _: None)

    def bill(self) -> None:
        """Let decisions become final, and their bills go to the embedded ledger."""
        later = self.clock.forward(minutes=10)
        ledger = SandboxLedger(self.world.settings.home / "pictures-ledger.db")
        gates = Gates(billed=BilledRows(), regions={})
        for decision_id in self._decided():
            with self.world.opener() as uow:
                posting_id = conclude_decision(
                    decision_id, uow=uow, watcher=LiveWatcher(), coin=draw, now=later
                )
            if posting_id is not None:
                self._post(posting_id, ledger=ledger, gates=gates)
        # What was cleared without a person leaves as well.
        waiting = self.world.client("chen").postings(status=PostingStatus.PENDING, limit=200)
        for posting in waiting.postings:
            self._post(posting.id, ledger=ledger, gates=gates)

    def _post(self, posting_id: str, *, ledger: SandboxLedger, gates: Gates) -> None:
        if draw(posting_id) < REFUSED_SHARE:
            why = REFUSALS[int(draw(f"why:{posting_id}") * len(REFUSALS))]
            self._refuse(posting_id, why=why)
            return
        try:
            post_billing(
                posting_id,
                open_work=self.world.opener,
                ledger=ledger,
                gates=gates,
                now=self.clock.now,
            )
        except BillStoppedError as error:
            self._refuse(posting_id, why=str(error))

    def _clear_exceptions(self) -> None:
        """Let the integration owner do away with most of what was refused."""
        owner = self.world.client("ivo")
        refused = owner.postings(status=PostingStatus.REFUSED, limit=200).postings
        for posting in refused[LEFT_REFUSED:]:
            with suppress(ApiProblem):
                owner.discard_posting(posting.id, reason="Billed by hand under the client's order.")

    def _decided(self) -> Iterator[str]:
        page = self.world.client("chen").decisions(mine=False, limit=200)
        for one in reversed(page.decisions):
            if one.id not in self._concluded:
                self._concluded.add(one.id)
                yield one.id

    def _refuse(self, posting_id: str, *, why: str) -> None:
        refuse_posting(
            posting_id,
            why=why,
            open_work=self.world.opener,
            owner_id="person-ivo",
            now=self.clock.now(),
        )

    def _begin(self, moment: datetime) -> None:
        self.clock.forward(seconds=(moment - self.clock.now()).total_seconds())
        with self.world.opener() as uow:
            for login in PEOPLE:
                session = uow.accounts.session(hash_of(f"token-{login}"))
                assert session is not None
                uow.accounts.save_session(
                    replace(session, opened_at=moment, last_seen_at=moment, authenticated_at=moment)
                )

    def _feeding(self) -> CountersignClient:
        client = CountersignClient(self.world.url, token=FEEDING_KEY)
        # A firm's whole past comes in at once, on whatever else the machine has to do.
        client._http.timeout = PATIENT_SECONDS
        return client

    def _tell_firm(self) -> None:
        with self._feeding() as client:
            feed_reference(self.demo, client)


@contextmanager
def told_time(world: DeskWorld, demo: DemoFirm) -> Iterator[LivedWeeks]:
    """Give a desk whose API believes that its first working day begins."""
    first = next(working_days(before=SystemClock().now()))
    clock = SettableClock(first - timedelta(hours=1))
    tell_parts(world, clock=clock)
    with world.opener() as uow:
        uow.accounts.save_key(
            ApiKey(
                id="feeding",
                name="Nightly import",
                key_sha256=hash_of(FEEDING_KEY),
                scopes=frozenset({Scope.ASSESS, Scope.READ, Scope.REFERENCE}),
                created_at=clock.now(),
            )
        )
    yield LivedWeeks(world=world, demo=demo, clock=clock)


def tell_parts(world: DeskWorld, **changes: object) -> None:
    """Let the API go on with other parts."""
    parts = replace(world.app.state.parts, **changes)
    world.app.state.parts, world.app.state.intake = parts, Intake(parts)


def working_days(*, before: datetime) -> Iterator[datetime]:
    """Give nine o'clock of the last working days before a moment, oldest first."""
    days = (before.date() - timedelta(days=back) for back in range(DAYS * 7 // 5, 0, -1))
    for day in days:
        if day.weekday() < 5:
            yield datetime.combine(day, time(9), tzinfo=UTC)


def draw(name: str) -> float:
    """A repeatable draw in [0, 1) for a name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:6], "big") / 256**6


def _nothing() -> None:
    """Let the day end."""
