"""The desk of a firm's reviewers: what waits, in which order it is read, and what is found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from data.firm.chance import Chance
from data.firm.records import Truth
from data.firm.reviewers import Reviewer
from data.schemas.assessment import Assessment
from data.schemas.decision import Label
from data.schemas.items import AnyItem, ExpenseReport, Timesheet
from data.schemas.questions import LabelSource, Question
from data.schemas.vocabulary import Lane, Proof, Route
from models.reporting_currency import reporting_minor
from models.thinning import uniform
from models.watch import WatchSettings

LONGEST_WAIT = timedelta(days=14)
"""A case nobody came to is billed as it stands: an invoice does not wait for ever."""
AUDIT_SHARE = 0.10
"""Share of the day kept for random checks of cleared items."""
REVIEWER_ERROR = 0.05
BASE_MINUTES, MINUTES_PER_FINDING, MINUTES_PER_ROW = 1.0, 0.6, 0.05
UNKNOWN_DOUBT = 0.5
"""These are the figures of the queue of the service where it has measured nothing yet."""
SEED_BITS = 53


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An assessed item on the desk."""

    item: AnyItem
    said: Assessment
    promise: WatchSettings | None = None
    """What a random check tests; None for what was not cleared."""

    @property
    def is_audit(self) -> bool:
        """Whether the coin put a cleared item here."""
        return self.said.lane is Lane.AUDIT and self.said.route is Route.AUTO_CLEAR

    @property
    def drawn(self) -> tuple[datetime, str]:
        """The order in which cases came to the desk."""
        return self.said.assessed_at, self.said.item_id

    @property
    def net_per_minute(self) -> float:
        """Value x (doubt - reviewer error) / minutes: what the queue of the service orders by."""
        said = self.said
        is_proved = any(one.proof is Proof.RULE for one in said.findings)
        value = said.risk_minor + said.leak_minor if is_proved else said.amount_minor
        doubt = 1.0 if is_proved else _doubt(said)
        minutes = BASE_MINUTES + MINUTES_PER_FINDING * len(said.findings)
        minutes += MINUTES_PER_ROW * _rows(self.item)
        return money(value, currency=said.currency) * (doubt - REVIEWER_ERROR) / minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A case with what its reviewer said of it."""

    case: Case
    rater: str
    is_fault: bool
    is_score_shown: bool
    active_seconds: int

    def label(self, *, known_at: datetime) -> Label:
        """Give the verdict as training learns it."""
        return Label(
            item_id=self.case.item.item_id,
            source=LabelSource.VERDICT,
            answers={Question.ANY_FAULT: self.is_fault},
            known_at=known_at,
            rater=self.rater,
            active_seconds=float(self.active_seconds),
            is_score_shown=self.is_score_shown,
        )


@dataclass(slots=True, kw_only=True)
class Desk:
    """What waits to be read, and who reads it. Every arm has the same people and minutes."""

    reviewers: tuple[Reviewer, ...]
    minutes_a_day: float
    truth: Mapping[str, Truth]
    seed: int
    waiting: dict[str, Case] = field(default_factory=dict)

    def put(self, case: Case) -> None:
        """Let a case wait for a reader."""
        self.waiting[case.item.item_id] = case

    def given_up(self, now: datetime) -> list[Case]:
        """Take away what waited too long."""
        oldest = now - LONGEST_WAIT
        late = [one for one in self.waiting.values() if one.said.assessed_at < oldest]
        for case in late:
            del self.waiting[case.item.item_id]
        return late

    def work_a_day(self) -> Iterator[Decided]:
        """Read for a day: checks as they were drawn, then the rest by its worth a minute.

        What the checks leave of their share of the day goes to the rest.
        """
        cases = sorted(self.waiting.values(), key=lambda one: one.drawn)
        kept = self.minutes_a_day * AUDIT_SHARE
        checks = list(self._read([one for one in cases if one.is_audit], minutes=kept))
        yield from checks
        spent = sum(one.active_seconds for one in checks) / 60
        rest = [one for one in cases if not one.is_audit]
        rest.sort(key=lambda one: -one.net_per_minute)
        yield from self._read(rest, minutes=self.minutes_a_day - spent)

    def _read(self, cases: list[Case], *, minutes: float) -> Iterator[Decided]:
        for case in cases:
            if minutes <= 0:
                return
            decided = self._decide(case)
            del self.waiting[case.item.item_id]
            minutes -= decided.active_seconds / 60
            yield decided

    def _decide(self, case: Case) -> Decided:
        """The same person judges an item alike in every arm, but for what the screen shows."""
        item_id = case.item.item_id
        mark = uniform(item_id, salt=f"desk {self.seed}")
        reviewer = self.reviewers[int(mark * len(self.reviewers))]
        shown = None if case.is_audit else case.said.violation_probability
        judged = reviewer.judge(
            self.truth[item_id],
            item=case.item,
            shown_probability=shown,
            chance=Chance("verdicts", seed=int(mark * (1 << SEED_BITS))),
        )
        return Decided(
            case=case,
            rater=reviewer.id,
            is_fault=bool(judged.found),
            is_score_shown=shown is not None,
            active_seconds=judged.active_seconds,
        )


def money(minor: float, *, currency: str) -> float:
    """Give an amount in reporting currency; nothing where there is no rate."""
    amount = reporting_minor(round(minor), currency=currency)
    return 0.0 if amount is None else amount / 100.0


def _doubt(said: Assessment) -> float:
    suspected = (one.probability for one in said.findings if one.is_suspicion)
    probability = said.violation_probability
    return max(UNKNOWN_DOUBT if probability is None else probability, *suspected, 0.0)


def _rows(item: AnyItem) -> int:
    if isinstance(item, Timesheet):
        return len(item.entries)
    return len(item.expenses) if isinstance(item, ExpenseReport) else 1
