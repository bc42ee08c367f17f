"""SQL of decisions, undos, second opinions and what a third person said of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, insert, or_, select

from data.schemas.decision import Decision
from service.ports.deciding_stores import Adjudication, Signature
from service.store.cases import case_number
from service.store.desk_tables import adjudication
from service.store.tables import decision, signature, undo


def is_not_undone() -> ColumnElement[bool]:
    """The decision was not taken back."""
    return ~exists().where(undo.c.decision_id == decision.c.id)


def is_no_mere_opinion() -> ColumnElement[bool]:
    """The decision is a first one, or a second opinion that was found to stand."""
    stands = exists().where(adjudication.c.stands_id == decision.c.id)
    return or_(decision.c.signs_id.is_(None), stands)


class SqlDecisionStore:
    """Decisions: appended, never changed; an undo is a fact beside them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, one: Decision) -> None:
        """Append a decision."""
        self._connection.execute(
            insert(decision).values(
                id=one.id,
                case_number=case_number(one.case_id),
                actor_id=one.actor_id,
                verdict=one.verdict.value,
                decided_at=one.decided_at,
                body=one.model_dump_json(),
                signs_id=one.signs_id,
                bulk_id=one.bulk_id,
            )
        )

    def get(self, decision_id: str) -> Decision | None:
        """Give a decision."""
        return self._first(select(decision.c.body).where(decision.c.id == decision_id))

    def add_undo(self, decision_id: str, *, at: datetime) -> None:
        """Append that a decision was undone."""
        self._connection.execute(insert(undo).values(decision_id=decision_id, at=at))

    def is_undone(self, decision_id: str) -> bool:
        """Say whether a decision was undone."""
        query = select(undo.c.decision_id).where(undo.c.decision_id == decision_id)
        return self._connection.execute(query).scalar() is not None

    def last_of_case(self, case_id: str) -> Decision | None:
        """Give the decision in force on a case; a second opinion only where it was found to stand.

        While a case waits for a second person it is the decision that waits.
        """
        query = (
            select(decision.c.body)
            .where(
                decision.c.case_number == case_number(case_id),
                is_not_undone(),
                is_no_mere_opinion(),
            )
            .order_by(decision.c.decided_at.desc(), decision.c.id.desc())
            .limit(1)
        )
        return self._first(query)

    def second_to(self, decision_id: str) -> Decision | None:
        """Give the second opinion to a decision, unless it was undone."""
        query = select(decision.c.body).where(decision.c.signs_id == decision_id, is_not_undone())
        return self._first(query)

    def of_bulk(self, bulk_id: str) -> list[Decision]:
        """Give the decisions of a bulk that were not undone."""
        query = select(decision.c.body).where(decision.c.bulk_id == bulk_id, is_not_undone())
        return list(self._all(query.order_by(decision.c.id)))

    def add_signature(self, one: Signature) -> None:
        """Append what a second opinion meant."""
        self._connection.execute(
            insert(signature).values(
                decision_id=one.decision_id,
                decider_id=one.decider_id,
                approver_id=one.approver_id,
                is_approved=int(one.is_approved),
                at=one.at,
            )
        )

    def ruling_on(self, second_decision_id: str) -> str | None:
        """Give the id of the decision that a third person let stand over this second one."""
        query = select(adjudication.c.stands_id).where(
            adjudication.c.second_decision_id == second_decision_id
        )
        return self._connection.execute(query).scalar()

    def add_adjudication(self, one: Adjudication) -> None:
        """Append what a third person said."""
        self._connection.execute(
            insert(adjudication).values(
                first_decision_id=one.first_decision_id,
                second_decision_id=one.second_decision_id,
                stands_id=one.stands_id,
                decider_id=one.decider_id,
                second_id=one.second_id,
                adjudicator_id=one.adjudicator_id,
                note=one.note,
                at=one.at,
            )
        )

    def is_adjudicated(self, decision_id: str) -> bool:
        """Say whether a third person has ruled on a decision."""
        pair = (adjudication.c.first_decision_id, adjudication.c.second_decision_id)
        query = select(exists().where(or_(*(column == decision_id for column in pair))))
        return bool(self._connection.execute(query).scalar())

    def _first(self, query: Select[Any]) -> Decision | None:
        return next(self._all(query), None)

    def _all(self, query: Select[Any]) -> Iterator[Decision]:
        for body in self._connection.execute(query).scalars():
            yield Decision.model_validate_json(body)
