"""SQL of decisions, undos and signatures."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, exists, insert, select

from data.schemas.decision import Decision
from service.ports.stores import Signature
from service.store.cases import case_number
from service.store.tables import decision, signature, undo


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
            )
        )

    def get(self, decision_id: str) -> Decision | None:
        """Give a decision."""
        body = self._connection.execute(
            select(decision.c.body).where(decision.c.id == decision_id)
        ).scalar()
        return None if body is None else Decision.model_validate_json(body)

    def add_undo(self, decision_id: str, *, at: datetime) -> None:
        """Append that a decision was undone."""
        self._connection.execute(insert(undo).values(decision_id=decision_id, at=at))

    def is_undone(self, decision_id: str) -> bool:
        """Say whether a decision was undone."""
        query = select(undo.c.decision_id).where(undo.c.decision_id == decision_id)
        return self._connection.execute(query).scalar() is not None

    def last_of_case(self, case_id: str) -> Decision | None:
        """Give the decision in force on a case."""
        query = (
            select(decision.c.body)
            .where(
                decision.c.case_number == case_number(case_id),
                ~exists().where(undo.c.decision_id == decision.c.id),
            )
            .order_by(decision.c.decided_at.desc(), decision.c.id.desc())
            .limit(1)
        )
        body = self._connection.execute(query).scalar()
        return None if body is None else Decision.model_validate_json(body)

    def add_signature(self, one: Signature) -> None:
        """Append the second signature under a decision."""
        self._connection.execute(
            insert(signature).values(
                decision_id=one.decision_id,
                decider_id=one.decider_id,
                approver_id=one.approver_id,
                is_approved=int(one.is_approved),
                at=one.at,
            )
        )
