"""A request for approval: who was asked on which terms, who said what, and what it came to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from data.schemas.approval_policy import ApprovalRule
from data.schemas.review_policy import WorkingHours
from data.schemas.values import Currency, Identifier, MinorUnits, Record
from data.schemas.vocabulary import ApprovalKind, ApprovalStatus
from service.domain.errors import ApprovalSettledError
from service.domain.working_hours import after_working_hours


class ApprovalTerms(Record):
    """What the policy said when the decision was made; a later version changes nothing of it."""

    rule: ApprovalRule
    owner_id: Identifier | None
    """Who answered for the client then."""
    working_hours: WorkingHours
    amount_minor: MinorUnits
    """The money that the rule is about: written off, left out, or billed."""
    currency: Currency


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalWord:
    """One person's yes or no."""

    place: int
    """Of the approver it stands for, in the order of the rule, from 0 on."""
    person_id: str
    in_place_of_id: str | None
    """Whose deputy the person is, while that one is away."""
    is_approved: bool
    note: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One decision's request for one kind of approval. A change gives a new request."""

    id: str
    decision_id: str
    case_id: str
    decider_id: str
    kind: ApprovalKind
    terms: ApprovalTerms
    policy_version: int
    status: ApprovalStatus = ApprovalStatus.WAITING
    opened_at: datetime | None = None
    """When people were first asked; None while a second verdict is awaited."""
    remind_at: datetime | None = None
    due_at: datetime | None = None
    """When it escalates; once it has, none."""
    escalated_at: datetime | None = None
    settled_at: datetime | None = None
    words: tuple[ApprovalWord, ...] = ()

    @property
    def is_asked(self) -> bool:
        """Say whether somebody is asked now."""
        return self.status is ApprovalStatus.WAITING and self.opened_at is not None

    @property
    def open_places(self) -> tuple[int, ...]:
        """The approvers who may speak now: the first unsaid one in turn, or all in any order."""
        if not self.is_asked:
            return ()
        said = {one.place for one in self.words}
        unsaid = [place for place in range(len(self.terms.rule.approvers)) if place not in said]
        return tuple(unsaid[:1] if self.terms.rule.is_in_turn else unsaid)

    def opened(self, *, now: datetime) -> Approval:
        """Ask people: from now on reminders and response times run."""
        return replace(
            self, opened_at=now, remind_at=self._after(now, self.terms.rule.remind_hours),
            due_at=self._after(now, self.terms.rule.respond_hours),
        )  # fmt: skip

    def reminded(self, *, now: datetime) -> Approval:
        """Note a reminder; the next one comes after as many working hours."""
        return replace(self, remind_at=self._after(now, self.terms.rule.remind_hours))

    def escalated(self, *, now: datetime) -> Approval:
        """Let the role of the escalation answer as well. It happens once."""
        return replace(self, escalated_at=now, due_at=None)

    def told(self, word: ApprovalWord) -> Approval:
        """Take one person's word: a no ends it, the last yes does too.

        The next approver in turn has the whole response time. Raises ApprovalSettledError.
        """
        if word.place not in self.open_places:
            raise ApprovalSettledError(self.id, status=self.status)
        told = replace(self, words=(*self.words, word))
        if not word.is_approved:
            return told.settled(ApprovalStatus.REJECTED, now=word.at)
        if len(told.words) == len(self.terms.rule.approvers):
            return told.settled(ApprovalStatus.APPROVED, now=word.at)
        return replace(told.opened(now=word.at), opened_at=self.opened_at, escalated_at=None)

    def settled(self, status: ApprovalStatus, *, now: datetime) -> Approval:
        """End the request. Raises ApprovalSettledError for one that has ended."""
        if self.status is not ApprovalStatus.WAITING:
            raise ApprovalSettledError(self.id, status=self.status)
        return replace(self, status=status, settled_at=now, remind_at=None, due_at=None)

    def _after(self, start: datetime, hours: int) -> datetime:
        return after_working_hours(start, hours, desk=self.terms.working_hours)
