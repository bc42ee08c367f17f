"""What people decided in a period: verdicts, overrides, money, and how long it took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, exists, or_, select

from data.schemas.vocabulary import FINAL_VERDICTS, CaseStatus, Verdict
from service.domain.queue import EFFECT_FREE
from service.domain.wall import Wall
from service.ports.operations import Period
from service.store.desk_tables import adjudication
from service.store.json_text import AsJson, whole_number
from service.store.operations_period import asked, hours_view
from service.store.tables import decision, review_case, undo
from service.wire.operations import DecidedMoney, DecidedWork

SECONDS_PER_HOUR = 3_600
LIKELIER_THAN_NOT = 0.5
_SAID = AsJson(decision.c.body)
_FINAL = [verdict.value for verdict in FINAL_VERDICTS]
_OPEN_ENDED = (
    CaseStatus.AWAITING_SIGNATURE.value,
    CaseStatus.AWAITING_ADJUDICATION.value,
    CaseStatus.AWAITING_APPROVAL.value,
)
"""Another person has still to speak."""
_REPEATED = frozenset(lane.value for lane in EFFECT_FREE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decided:
    """A final decision beside its case, as read."""

    id: str
    case_number: int
    verdict: Verdict
    decided_at: datetime
    approved_minor: int
    written_off_minor: int
    moved_minor: int
    supersedes_id: str | None
    signs_id: str | None
    adjudged_id: str | None
    """The second of two verdicts that differed, once a third person spoke; None without that."""
    stands_id: str | None
    """Which of the two the third person let stand; None where neither does."""
    opened_at: datetime
    lane: str
    currency: str
    amount_minor: int
    doubt: float
    review_minutes: float

    @property
    def is_override(self) -> bool:
        """Approved whole although a fault was likelier than not, or the other way round."""
        return (self.verdict is Verdict.APPROVE) == (self.doubt > LIKELIER_THAN_NOT)

    @property
    def given_up_minor(self) -> int:
        """A verdict to write off gives up whatever it neither bills nor moves."""
        if self.verdict is not Verdict.WRITE_OFF:
            return self.written_off_minor
        return max(self.written_off_minor, self._rest_of(self.approved_minor + self.moved_minor))

    @property
    def stopped_minor(self) -> int:
        """Asked for, and neither billed nor given up nor moved."""
        return self._rest_of(self.approved_minor + self.given_up_minor + self.moved_minor)

    def _rest_of(self, settled_minor: int) -> int:
        return max(0, self.amount_minor - settled_minor)


def decided_of(period: Period, *, wall: Wall, connection: Connection) -> DecidedWork:
    """Add up the decisions of the period that stand: not undone, superseded or overruled."""
    standing = list(_standing(_final(period, wall=wall, connection=connection)))
    with_effect = [one for one in standing if one.lane not in _REPEATED]
    overrides = sum(one.is_override for one in with_effect)
    waited = [(one.decided_at - one.opened_at).total_seconds() for one in standing]
    days = {one.decided_at.date() for one in standing}
    minutes = sum(one.review_minutes for one in standing)
    return DecidedWork(
        cases=len(standing),
        by_verdict=dict(Counter(one.verdict.value for one in with_effect)),
        overrides=overrides,
        override_share=overrides / len(with_effect) if with_effect else None,
        money=tuple(_money(with_effect)),
        hours_to_decision=hours_view([seconds / SECONDS_PER_HOUR for seconds in waited]),
        capacity_minutes=minutes / len(days) if days else None,
    )


def _final(period: Period, *, wall: Wall, connection: Connection) -> list[_Decided]:
    query = (
        select(
            decision.c.id,
            decision.c.case_number,
            decision.c.verdict,
            decision.c.decided_at,
            whole_number(decision.c.body, "approved_minor").label("approved_minor"),
            whole_number(decision.c.body, "written_off_minor").label("written_off_minor"),
            whole_number(decision.c.body, "moved_minor").label("moved_minor"),
            _SAID["supersedes_id"].as_string().label("supersedes_id"),
            _SAID["signs_id"].as_string().label("signs_id"),
            adjudication.c.second_decision_id.label("adjudged_id"),
            adjudication.c.stands_id,
            review_case.c.opened_at,
            review_case.c.lane,
            review_case.c.currency,
            review_case.c.amount_minor,
            review_case.c.doubt,
            review_case.c.review_minutes,
        )
        .join(review_case, review_case.c.number == decision.c.case_number)
        .outerjoin(undo, undo.c.decision_id == decision.c.id)
        .outerjoin(
            adjudication,
            or_(
                adjudication.c.first_decision_id == decision.c.id,
                adjudication.c.second_decision_id == decision.c.id,
            )
            & _is_of_second_verdict(),
        )
        .where(
            undo.c.decision_id.is_(None),
            review_case.c.status.not_in(_OPEN_ENDED),
            decision.c.verdict.in_(_FINAL),
            decision.c.decided_at >= period.since,
            decision.c.decided_at <= period.until,
        )
        .order_by(decision.c.decided_at, decision.c.id)
    )
    rows = connection.execute(asked(query, review_case, period, wall=wall)).mappings()
    return [_decided(dict(row)) for row in rows]


def _is_of_second_verdict() -> ColumnElement[bool]:
    """A ruling on a blind repeat is a label: what was decided before it stays in force."""
    second = decision.alias("second")
    return exists().where(
        second.c.id == adjudication.c.second_decision_id, second.c.signs_id.is_not(None)
    )


def _decided(row: dict[str, object]) -> _Decided:
    given = row | {
        "verdict": Verdict(str(row["verdict"])),
        # Decisions of before these columns gave up and moved nothing of their own.
        "written_off_minor": row["written_off_minor"] or 0,
        "moved_minor": row["moved_minor"] or 0,
    }
    return _Decided(**given)  # type: ignore[arg-type]  # a row has the fields by these names


def _standing(decisions: Sequence[_Decided]) -> Iterator[_Decided]:
    """Give the one decision of each case that counts."""
    superseded = {one.supersedes_id for one in decisions}
    for one in decisions:
        if one.id in superseded:
            continue
        is_first = one.signs_id is None
        if one.id == one.stands_id or (one.adjudged_id is None and is_first):
            yield one


def _money(decisions: Sequence[_Decided]) -> Iterator[DecidedMoney]:
    for currency in sorted({one.currency for one in decisions}):
        own = [one for one in decisions if one.currency == currency]
        yield DecidedMoney(
            currency=currency,
            cases=len(own),
            asked_minor=sum(one.amount_minor for one in own),
            to_bill_minor=sum(one.approved_minor for one in own),
            written_off_minor=sum(one.given_up_minor for one in own),
            moved_minor=sum(one.moved_minor for one in own),
            stopped_minor=sum(one.stopped_minor for one in own),
        )
