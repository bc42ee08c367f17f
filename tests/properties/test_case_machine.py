"""Whatever callers try, in whatever order, a case moves only along its table."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from data.schemas.vocabulary import CaseStatus, Lane, Route
from service.domain.case import TRANSITIONS
from service.domain.errors import ConflictError
from tests.builders.service import case
from tests.fakes.clock import MONDAY_MORNING

PEOPLE = st.sampled_from(["rita", "carl", "anna"])
TOKENS = st.integers(0, 12)
MINUTES = st.integers(0, 12)
STATUSES = st.sampled_from(CaseStatus)
HOLD = timedelta(minutes=5)


class CaseMachine(RuleBasedStateMachine):
    """Random legal and illegal steps beside a model: who holds the case until when."""

    def __init__(self):
        super().__init__()
        self.now = MONDAY_MORNING
        self.case = case()
        self.held = None
        self.path = [self.case]

    @rule(minutes=MINUTES)
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule(who=PEOPLE)
    def claims(self, who):
        may = CaseStatus.CLAIMED in TRANSITIONS[self.case.status] and self._holder() in {None, who}
        if self._tries(lambda one: one.claimed(owner_id=who, now=self.now, hold=HOLD), may=may):
            self.held = (who, self.case.lease_token, self.now + HOLD)

    @rule(who=PEOPLE, token=TOKENS)
    def extends(self, who, token):
        before = self.case.version
        may = self._holds(who, token)
        if self._tries(
            lambda one: one.extended(token=token, owner_id=who, now=self.now, hold=HOLD), may=may
        ):
            self.held = (who, token, self.now + HOLD)
            assert self.case.version == before

    @rule(who=PEOPLE, token=TOKENS)
    def releases(self, who, token):
        may = self._holds(who, token)
        if self._tries(lambda one: one.released(token=token, owner_id=who, now=self.now), may=may):
            self.held = None

    @rule(who=PEOPLE, token=TOKENS, version=st.integers(0, 12), status=STATUSES)
    def decides(self, who, token, version, status):
        may = (
            self._holds(who, token)
            and version == self.case.version
            and status in TRANSITIONS[self.case.status]
        )

        def step(one):
            one.checked_lease(token=token, owner_id=who, now=self.now)
            one.checked_version(version)
            return one.moved_on(status, step="decided")

        if self._tries(step, may=may):
            self.held = None

    @rule(status=STATUSES)
    def is_moved_by_policy(self, status):
        may = status in TRANSITIONS[self.case.status]
        if self._tries(lambda one: one.moved_on(status, step="moved"), may=may):
            self.held = None

    @rule(route=st.sampled_from(Route), lane=st.sampled_from([Lane.INDEX, Lane.AUDIT]))
    def starts_anew(self, route, lane):
        self.case, self.held = case(route=route, lane=lane), None
        self.path = [self.case]

    @invariant()
    def moves_follow_the_table_and_count_the_version(self):
        for before, after in zip(self.path, self.path[1:], strict=False):
            if after.version == before.version:
                assert after.status is before.status
            else:
                assert after.version == before.version + 1
                assert after.status in TRANSITIONS[before.status]

    @invariant()
    def only_a_claimed_case_has_a_lease_and_tokens_never_return(self):
        assert self.case.lease is None or self.case.status is CaseStatus.CLAIMED
        tokens = [one.lease_token for one in self.path]
        assert tokens == sorted(tokens)

    def _tries(self, step, *, may):
        """A step happens exactly when the model allows it; a refused one changes nothing."""
        try:
            changed = step(self.case)
        except ConflictError:
            assert not may
            return False
        assert may
        self.case = changed
        self.path.append(changed)
        return True

    def _holder(self):
        return self.held[0] if self.held and self.held[2] > self.now else None

    def _holds(self, who, token):
        return self._holder() == who and self.held[1] == token


TestCaseMachine = CaseMachine.TestCase
TestCaseMachine.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
