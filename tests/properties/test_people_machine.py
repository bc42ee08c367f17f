"""Whatever three people, an administrator and a key try, in any order: money needs two of them.

The real use cases over a real database. After every step: no large money moves on one person's
word, nobody has two roles in one case, the bills of a case are what its decision says, and every
step of a case is in its table.
"""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from data.schemas.decision import Adjustment
from data.schemas.vocabulary import (
    BILLING_VERDICTS,
    CaseStatus,
    PostingStatus,
    ReasonCode,
    Role,
    Scope,
    Verdict,
)
from service.domain.actor import Actor
from service.domain.case import TRANSITIONS
from service.domain.errors import CountersignError
from service.store.desk_tables import adjudication
from service.store.tables import decision as decision_table
from service.store.tables import signature
from service.usecases.deciding.decide_bulk import decide_bulk, revert_bulk
from service.usecases.queue.snooze_case import snooze_case
from service.wire.deciding import BulkCase, BulkRequest
from tests.builders.databases import DATABASES
from tests.builders.items import entry, milestone, timesheet
from tests.builders.service import Workplace, database

LIMIT_MINOR = 50_000_00
BOTH = frozenset({Role.REVIEWER, Role.APPROVER})
PEOPLE = tuple(Actor(id=name, name=name, roles=BOTH) for name in ("rita", "anna", "cleo"))
OTHERS = (
    Actor(id="adam", name="Adam", roles=frozenset({Role.ADMIN})),
    Actor(id="key", name="Key", key_scopes=frozenset(Scope)),
)
WHO = st.sampled_from((*PEOPLE, *PEOPLE, *OTHERS))
ITEMS = (
    milestone(amount_minor=60_000_00),
    milestone(external_id="MS-2", amount_minor=70_000_00),
    timesheet(entries=(entry(hourly_rate_minor=100_00),)),
    timesheet(external_id="TS-2", entries=(entry(id="E-2", hourly_rate_minor=100_00),)),
)
SAID = st.sampled_from(
    (
        {"verdict": Verdict.APPROVE, "reason_codes": (ReasonCode.CLAUSE_SATISFIED,)},
        {"verdict": Verdict.REJECT, "reason_codes": (ReasonCode.EVIDENCE_MISSING,)},
        {"verdict": Verdict.WRITE_OFF, "reason_codes": (ReasonCode.LATE,)},
        {"verdict": Verdict.REQUEST_INFORMATION, "reason_codes": (ReasonCode.NOT_APPROVED,)},
        {"verdict": Verdict.ADJUST, "reason_codes": (ReasonCode.OVER_LIMIT,)},
    )
)
PLACES = st.integers(0, len(ITEMS) - 1)


def _figures(item, said):
    """What an adjust says of this kind of item."""
    if said["verdict"] is not Verdict.ADJUST:
        return said
    if item.kind == "milestone":
        return said | {"approved_minor": 55_000_00}
    return said | {"adjustments": (Adjustment(row_id=item.entries[0].id, minutes_billable=60),)}


class PeopleMachine(RuleBasedStateMachine):
    """People, an administrator and a key try everything on three cases."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.place = Workplace(database(Path(self.folder.name)))
        self.decisions = []
        self.bulks = []
        self.seen = {}

    @initialize()
    def cases_are_opened(self):
        self.cases = [self.place.open_case(item).id for item in ITEMS]
        for who in PEOPLE:
            for name in self.cases:
                self.place.release(self.place.claim(name, who), who)
        self.seen = {name: self.place.case(name) for name in self.cases}

    @rule(minutes=st.sampled_from([0.2, 40]))
    def time_passes(self, minutes):
        self.place.clock.forward(minutes=minutes)

    @rule(at=PLACES, who=WHO, said=SAID)
    def decides(self, at, who, said):
        def act():
            claimed = self.place.claim(self.cases[at], who)
            request = _figures(ITEMS[at], said)
            self.decisions.append(self.place.decide(claimed, who, **request))

        self._tries(act)

    @rule(at=PLACES, who=WHO, dice=st.integers(0, 3))
    def puts_off(self, at, who, dice):
        """Now and then: who puts everything off decides nothing."""
        if dice:
            return

        def act():
            claimed = self.place.claim(self.cases[at], who)
            now = self.place.clock.now()
            self.place.run(
                lambda uow: snooze_case(
                    claimed.id, token=claimed.lease_token, until=now + timedelta(hours=1),
                    reason="later", actor=who, uow=uow, now=now,
                )
            )  # fmt: skip

        self._tries(act)

    @rule(at=PLACES, who=WHO, said=SAID, is_other=st.booleans())
    def seconds(self, at, who, said, is_other):
        """The same verdict, or another one."""

        def act():
            first = self._last(self._waiting(CaseStatus.AWAITING_SIGNATURE, at))
            item = ITEMS[self.cases.index(first.case_id)]
            same = {"verdict": first.verdict, "reason_codes": first.reason_codes}
            request = {"adjustments": (), **_figures(item, said if is_other else same)}
            self.decisions.append(self.place.sign(first, who, **request))

        self._tries(act)

    @rule(at=PLACES, who=WHO, place=st.integers(0, 5))
    def rules_on(self, at, who, place):
        def act():
            first = self._last(self._waiting(CaseStatus.AWAITING_ADJUDICATION, at))
            second = self.place.run(lambda uow: uow.decisions.second_to(first.id))
            choices = [first.id, second.id if second else "none", None]
            self.place.adjudicate(first, stands=choices[place % 3], actor=who)

        self._tries(act)

    @rule(who=WHO, back=st.integers(1, 3))
    def undoes(self, who, back):
        if len(self.decisions) >= back:
            self._tries(lambda: self.place.undo(self.decisions[-back], who))

    @rule(who=WHO, said=SAID, back=st.integers(1, 3))
    def corrects(self, who, said, back):
        def act():
            old = self.decisions[-back]
            item = ITEMS[self.cases.index(old.case_id)]
            self.decisions.append(self.place.correct(old, who, **_figures(item, said)))

        if len(self.decisions) >= back:
            self._tries(act)

    @rule(who=WHO, said=SAID)
    def decides_in_bulk(self, who, said):
        shown = [self.place.case(name) for name in self.cases]
        request = BulkRequest(
            cases=tuple(BulkCase(case_id=one.id, version=one.version) for one in shown), **said
        )

        def act():
            answer = self.place.run(
                lambda uow: decide_bulk(request, actor=who, context=self.place.context(uow))
            )
            self.bulks.append((answer.bulk_id, who))

        self._tries(act)

    @rule(who=WHO)
    def takes_a_bulk_back(self, who):
        if not self.bulks:
            return
        self._tries(
            lambda: self.place.run(
                lambda uow: revert_bulk(
                    self.bulks[-1][0], actor=who, uow=uow, now=self.place.clock.now(),
                    undo_window=self.place.undo_window,
                )
            )
        )  # fmt: skip

    @rule()
    def bills_leave(self):
        """The worker concludes what is past its undo window, and posts it."""
        for name, decision_id, _ in self.place.enqueued():
            found = self.place.run(lambda uow, one=decision_id: uow.decisions.get(one))
            posting = self.place.run(lambda uow, one=decision_id: uow.postings.of_decision(one))
            now = self.place.clock.now()
            is_due = posting is None or posting.not_before <= now
            if name != "conclude" or not is_due or self._is_fresh(found):
                continue
            is_waiting = posting is not None and posting.status is PostingStatus.PENDING
            if is_waiting:
                self.place.post(found)
            else:
                self.place.conclude(found)

    @invariant()
    def cases_move_along_their_table(self):
        for name, before in self.seen.items():
            after = self.place.case(name)
            assert after.version >= before.version
            if after.version == before.version:
                assert after.status is before.status
            elif after.version == before.version + 1:
                assert after.status in TRANSITIONS[before.status]
            self.seen[name] = after

    @invariant()
    def nobody_has_two_roles_in_one_case(self):
        with self.place.reader.begin() as connection:
            for row in connection.execute(select(signature)):
                assert row.decider_id != row.approver_id
            for row in connection.execute(select(adjudication)):
                assert len({row.decider_id, row.second_id, row.adjudicator_id}) == 3
            actors = set(connection.execute(select(decision_table.c.actor_id)).scalars())
        assert actors <= {one.id for one in PEOPLE}

    @invariant()
    def large_money_has_two_people_behind_it(self):
        for item in ITEMS:
            for posting in self.place.postings(item.item_id):
                if abs(posting.total_minor) < LIMIT_MINOR:
                    continue
                said = self.place.run(lambda uow, one=posting: uow.decisions.get(one.decision_id))
                assert self._is_seconded(said) or posting.status is PostingStatus.CANCELLED

    @invariant()
    def the_bills_of_a_decided_case_are_what_its_decision_says(self):
        for name, item in zip(getattr(self, "cases", ()), ITEMS, strict=False):
            case = self.place.case(name)
            last = self.place.run(lambda uow, one=name: uow.decisions.last_of_case(one))
            postings = self.place.postings(item.item_id)
            standing = [one for one in postings if one.status is not PostingStatus.CANCELLED]
            total_minor = sum(one.total_minor for one in standing)
            assert 0 <= total_minor <= item.amount_minor
            if case.status is CaseStatus.DECIDED:
                expected = last.approved_minor if last.verdict in BILLING_VERDICTS else 0
                assert total_minor == expected

    @invariant()
    def nothing_that_came_in_or_was_approved_is_unaccounted_for(self):
        assert self.place.differences() == {}

    def teardown(self):
        self.place.close()
        DATABASES.forget(Path(self.folder.name))
        self.folder.cleanup()

    def _tries(self, act):
        """Whatever is refused is refused in our words, and changes nothing."""
        try:
            act()
        except CountersignError:
            return

    def _last(self, at):
        last = self.place.run(lambda uow: uow.decisions.last_of_case(self.cases[at]))
        if last is None:
            raise CountersignError
        return last

    def _waiting(self, status, at):
        """A case in this state, if there is one; else any."""
        found = [
            place for place, name in enumerate(self.cases) if self.place.case(name).status is status
        ]
        return found[at % len(found)] if found else at

    def _is_fresh(self, decision):
        """An undo may still come."""
        return self.place.clock.now() < decision.decided_at + self.place.undo_window

    def _is_seconded(self, decision):
        with self.place.reader.begin() as connection:
            agreed = connection.execute(
                select(signature.c.approver_id).where(
                    signature.c.decision_id == decision.id, signature.c.is_approved == 1
                )
            ).scalar()
            ruled = connection.execute(
                select(adjudication.c.adjudicator_id).where(adjudication.c.stands_id == decision.id)
            ).scalar()
        return agreed not in {None, decision.actor_id} or ruled is not None


TestPeopleMachine = PeopleMachine.TestCase
TestPeopleMachine.settings = settings(
    max_examples=20,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
