"""SQL of requests for approval, and of what people said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from data.schemas.vocabulary import ApprovalKind, ApprovalStatus
from service.domain.approval import Approval, ApprovalTerms, ApprovalWord
from service.domain.wall import Wall
from service.store.cases import case_name, case_number
from service.store.flow_tables import approval, approval_word
from service.store.tables import review_case
from service.store.walls import within

WAITING = ApprovalStatus.WAITING.value


class SqlApprovalStore:
    """Requests for approval; what people said is appended and never changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, approvals: Sequence[Approval]) -> None:
        """Store new requests."""
        if approvals:
            self._connection.execute(insert(approval), [_row_of(one) for one in approvals])

    def get(self, approval_id: str) -> Approval | None:
        """Give a request with every word."""
        return next(iter(self._all(select(approval).where(approval.c.id == approval_id))), None)

    def save(self, one: Approval) -> None:
        """Write a changed request; words are appended by `add_word`."""
        self._connection.execute(
            update(approval)
            .where(approval.c.id == one.id)
            .values(
                status=one.status.value,
                opened_at=one.opened_at,
                remind_at=one.remind_at,
                due_at=one.due_at,
                escalated_at=one.escalated_at,
                settled_at=one.settled_at,
            )
        )

    def add_word(self, approval_id: str, word: ApprovalWord) -> None:
        """Append one person's word; the database wants two people too."""
        self._connection.execute(
            insert(approval_word).values(
                approval_id=approval_id,
                place=word.place,
                person_id=word.person_id,
                in_place_of_id=word.in_place_of_id,
                is_approved=int(word.is_approved),
                note=word.note,
                at=word.at,
            )
        )

    def of_decision(self, decision_id: str) -> list[Approval]:
        """Give the requests of a decision, by kind."""
        query = select(approval).where(approval.c.decision_id == decision_id)
        return self._all(query.order_by(approval.c.kind))

    def waiting_of_case(self, case_id: str) -> list[Approval]:
        """Give the requests of a case that have not ended, asked or not yet."""
        query = select(approval).where(
            approval.c.case_number == case_number(case_id), approval.c.status == WAITING
        )
        return self._all(query.order_by(approval.c.id))

    def asked(self, *, wall: Wall, limit: int) -> list[Approval]:
        """Give the requests that wait for somebody's word, longest first."""
        query = (
            select(approval)
            .join(review_case, review_case.c.number == approval.c.case_number)
            .where(approval.c.status == WAITING, approval.c.opened_at.is_not(None))
            .order_by(approval.c.opened_at, approval.c.id)
            .limit(limit)
        )
        return self._all(within(query, review_case, wall))

    def to_remind(self, *, now: datetime, limit: int) -> list[Approval]:
        """Give the requests whose people are to be reminded."""
        query = select(approval).where(approval.c.remind_at <= now)
        return self._all(query.order_by(approval.c.remind_at, approval.c.id).limit(limit))

    def overdue(self, *, now: datetime, limit: int) -> list[Approval]:
        """Give the requests that nobody answered in time and that have not escalated."""
        query = select(approval).where(approval.c.due_at <= now)
        return self._all(query.order_by(approval.c.due_at, approval.c.id).limit(limit))

    def _all(self, query: Select[Any]) -> list[Approval]:
        rows = self._connection.execute(query).all()
        words = self._words([row.id for row in rows])
        return [_approval_of(row, words[row.id]) for row in rows]

    def _words(self, approval_ids: Sequence[str]) -> dict[str, list[ApprovalWord]]:
        words: dict[str, list[ApprovalWord]] = defaultdict(list)
        if not approval_ids:
            return words
        query = select(approval_word).where(approval_word.c.approval_id.in_(approval_ids))
        for row in self._connection.execute(query.order_by(approval_word.c.at)):
            words[row.approval_id].append(_word_of(row))
        return words


def _approval_of(row: Row[Any], words: Sequence[ApprovalWord]) -> Approval:
    return Approval(
        id=row.id,
        decision_id=row.decision_id,
        case_id=case_name(row.case_number),
        decider_id=row.decider_id,
        kind=ApprovalKind(row.kind),
        terms=ApprovalTerms.model_validate_json(row.terms),
        policy_version=row.policy_version,
        status=ApprovalStatus(row.status),
        opened_at=row.opened_at,
        remind_at=row.remind_at,
        due_at=row.due_at,
        escalated_at=row.escalated_at,
        settled_at=row.settled_at,
        words=tuple(words),
    )


def _word_of(row: Row[Any]) -> ApprovalWord:
    return ApprovalWord(
        place=row.place,
        person_id=row.person_id,
        in_place_of_id=row.in_place_of_id,
        is_approved=bool(row.is_approved),
        note=row.note,
        at=row.at,
    )


def _row_of(one: Approval) -> dict[str, object]:
    return {
        "id": one.id,
        "decision_id": one.decision_id,
        "case_number": case_number(one.case_id),
        "decider_id": one.decider_id,
        "kind": one.kind.value,
        "terms": one.terms.model_dump_json(),
        "policy_version": one.policy_version,
        "status": one.status.value,
        "opened_at": one.opened_at,
        "remind_at": one.remind_at,
        "due_at": one.due_at,
        "escalated_at": one.escalated_at,
        "settled_at": one.settled_at,
    }
