"""SQL of items whose right answer is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, exists, func, insert, select
from sqlalchemy import case as sql_case

from data.schemas.vocabulary import FINAL_VERDICTS, CaseStatus, ItemKind, Lane, Verdict
from service.domain.actor import Actor
from service.domain.known_answer import AnswerSource, KnownAnswer
from service.ports.blind_stores import ErrorCount
from service.store.desk_tables import exposure, known_answer, known_answer_end
from service.store.tables import account, decision, item, review_case, undo
from service.store.walls import within

NEWEST_JUDGED = 400
"""Verdicts on known answers that the error of a group is measured by: reviewers change."""


class SqlKnownAnswerStore:
    """Known answers: appended, and ended by an entry beside them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, one: KnownAnswer) -> bool:
        """Append a known answer; says False where the item version has one already."""
        if self.of_item(one.item_seq) is not None:
            return False
        self._connection.execute(
            insert(known_answer).values(
                id=one.id,
                item_seq=one.item_seq,
                assessment_id=one.assessment_id,
                is_faulty=int(one.is_faulty),
                source=one.source.value,
                why=one.why,
                named_by_id=one.named_by_id,
                at=one.at,
            )
        )
        return True

    def get(self, answer_id: str) -> KnownAnswer | None:
        """Give a known answer."""
        return self._one(_answers().where(known_answer.c.id == answer_id))

    def of_item(self, item_seq: int) -> KnownAnswer | None:
        """Give the known answer of a version of an item, in force or ended."""
        return self._one(_answers().where(known_answer.c.item_seq == item_seq))

    def in_force(self) -> list[KnownAnswer]:
        """Give every known answer in force, newest first."""
        query = _in_force().order_by(known_answer.c.at.desc(), known_answer.c.id.desc())
        return [_answer_of(row) for row in self._connection.execute(query)]

    def end(self, answer_id: str, *, by_id: str, at: datetime) -> None:
        """Append that an answer is shown no more."""
        self._connection.execute(
            insert(known_answer_end).values(answer_id=answer_id, by_id=by_id, at=at)
        )

    def new_to(self, actor: Actor) -> list[KnownAnswer]:
        """Give the answers in force on items this person may see, never judged and never saw."""
        of_item = review_case.c.item_id == item.c.item_id
        is_judged = exists().where(
            of_item,
            decision.c.case_number == review_case.c.number,
            decision.c.actor_id == actor.id,
        )
        is_seen = exists().where(
            of_item,
            exposure.c.case_number == review_case.c.number,
            exposure.c.actor_id == actor.id,
        )
        is_waiting = exists().where(of_item, review_case.c.reserved_for_id == actor.id)
        query = within(
            _in_force().where(~is_judged, ~is_seen, ~is_waiting).order_by(known_answer.c.id),
            item,
            actor.wall,
        )
        return [_answer_of(row) for row in self._connection.execute(query)]

    def count_shown_to(self, actor_id: str) -> int:
        """Count the known answers a person was given."""
        query = select(func.count()).where(
            review_case.c.reserved_for_id == actor_id, review_case.c.lane == Lane.GOLD.value
        )
        return int(self._connection.execute(query).scalar_one())

    def met(self) -> dict[int, ErrorCount]:
        """Count the verdicts on each known answer, by the version of its item."""
        wrong = sql_case(
            ((known_answer.c.is_faulty == 1) == (decision.c.verdict == Verdict.APPROVE.value), 1),
            else_=0,
        )
        query = (
            select(
                review_case.c.item_seq,
                func.count().label("known"),
                func.sum(wrong).label("wrong"),
            )
            .join(known_answer, known_answer.c.item_seq == review_case.c.item_seq)
            .join(decision, decision.c.case_number == review_case.c.number)
            .where(
                review_case.c.lane == Lane.GOLD.value,
                review_case.c.status == CaseStatus.DECIDED.value,
                decision.c.verdict.in_([one.value for one in FINAL_VERDICTS]),
                ~exists().where(undo.c.decision_id == decision.c.id),
            )
            .group_by(review_case.c.item_seq)
        )
        return {
            row.item_seq: ErrorCount(wrong=int(row.wrong), known=row.known)
            for row in self._connection.execute(query)
        }

    def errors(self, *, is_trainee: bool) -> Mapping[ItemKind, ErrorCount]:
        """Count the newest verdicts of a group of reviewers on known answers, by kind."""
        newest = (
            select(review_case.c.number, review_case.c.kind, review_case.c.item_seq)
            .where(
                review_case.c.status == CaseStatus.DECIDED.value,
                review_case.c.lane == Lane.GOLD.value,
            )
            .order_by(review_case.c.opened_at.desc())
            .limit(NEWEST_JUDGED)
            .subquery()
        )
        query = (
            select(newest.c.kind, known_answer.c.is_faulty, decision.c.verdict)
            .join(decision, decision.c.case_number == newest.c.number)
            .join(known_answer, known_answer.c.item_seq == newest.c.item_seq)
            .join(account, account.c.person_id == decision.c.actor_id)
            .where(
                account.c.is_trainee == int(is_trainee),
                decision.c.verdict.in_([one.value for one in FINAL_VERDICTS]),
                ~exists().where(undo.c.decision_id == decision.c.id),
            )
        )
        count: dict[ItemKind, ErrorCount] = {}
        for row in self._connection.execute(query):
            kind = ItemKind(row.kind)
            before = count.get(kind, ErrorCount(wrong=0, known=0))
            is_wrong = bool(row.is_faulty) == (row.verdict == Verdict.APPROVE.value)
            count[kind] = ErrorCount(wrong=before.wrong + is_wrong, known=before.known + 1)
        return count

    def _one(self, query: Select[Any]) -> KnownAnswer | None:
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _answer_of(row)


def _answers() -> Select[Any]:
    return (
        select(known_answer, item.c.item_id, known_answer_end.c.at.label("ended_at"))
        .join(item, item.c.seq == known_answer.c.item_seq)
        .outerjoin(known_answer_end, known_answer_end.c.answer_id == known_answer.c.id)
    )


def _in_force() -> Select[Any]:
    return _answers().where(known_answer_end.c.answer_id.is_(None))


def _answer_of(row: Row[Any]) -> KnownAnswer:
    return KnownAnswer(
        id=row.id,
        item_id=row.item_id,
        item_seq=row.item_seq,
        assessment_id=row.assessment_id,
        is_faulty=bool(row.is_faulty),
        source=AnswerSource(row.source),
        why=row.why,
        named_by_id=row.named_by_id,
        at=row.at,
        ended_at=row.ended_at,
    )
