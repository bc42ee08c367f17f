"""SQL of what measures how well people judge."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, and_, exists, select

from data.schemas.vocabulary import (
    FINAL_VERDICTS,
    ItemKind,
    Lane,
    ReasonCode,
    ScoreExposure,
    Verdict,
)
from service.domain.judged import BlindPair, Judged, Truths
from service.domain.known_answer import AnswerSource
from service.domain.wall import Wall
from service.store.desk_tables import adjudication, exposure, known_answer
from service.store.tables import decision, review_case, undo
from service.store.walls import within

FINAL = sorted(one.value for one in FINAL_VERDICTS)


class SqlQualityStore:
    """Verdicts, blind pairs and known answers, each cut by the wall of whoever asks."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def judged(self, *, since: datetime, wall: Wall, most: int) -> list[Judged]:
        """Give the newest final verdicts since a moment, newest first, undone ones too."""
        query = (
            select(
                decision,
                review_case.c.item_seq,
                review_case.c.assessment_id,
                review_case.c.kind,
                review_case.c.lane,
                review_case.c.amount_minor,
                review_case.c.currency,
                review_case.c.doubt,
                review_case.c.opened_at,
                undo.c.at.label("undone_at"),
                exposure.c.score,
                exposure.c.propensity,
                exposure.c.shown_at,
            )
            .join(review_case, review_case.c.number == decision.c.case_number)
            .outerjoin(undo, undo.c.decision_id == decision.c.id)
            .outerjoin(
                exposure,
                and_(
                    exposure.c.case_number == decision.c.case_number,
                    exposure.c.actor_id == decision.c.actor_id,
                    exposure.c.assessment_id == review_case.c.assessment_id,
                ),
            )
            .where(decision.c.decided_at >= since, decision.c.verdict.in_(FINAL))
            .order_by(decision.c.decided_at.desc(), decision.c.id.desc(), exposure.c.id)
            .limit(most)
        )
        rows = self._connection.execute(within(query, review_case, wall))
        # Told twice of one case, a person judged with what they were told last.
        newest = {row.id: row for row in rows}
        return [_judged_of(row) for row in newest.values()]

    def blind_pairs(self, *, since: datetime, wall: Wall) -> list[BlindPair]:
        """Give the pairs whose second verdict was given since a moment."""
        first, second = decision.alias("first"), decision.alias("second")
        query = (
            select(
                second.c.id,
                first.c.actor_id.label("first_actor_id"),
                second.c.actor_id.label("second_actor_id"),
                first.c.verdict.label("first"),
                second.c.verdict.label("second"),
                review_case.c.propensity,
            )
            .select_from(review_case)
            .join(second, second.c.case_number == review_case.c.number)
            .join(first, first.c.case_number == review_case.c.repeats_number)
            .where(
                review_case.c.lane == Lane.DOUBLE.value,
                second.c.decided_at >= since,
                first.c.actor_id != second.c.actor_id,
                *(one.c.verdict.in_(FINAL) for one in (first, second)),
                *(~exists().where(undo.c.decision_id == one.c.id) for one in (first, second)),
            )
            # The newest first, so that of several verdicts on the case the first one remains.
            .order_by(second.c.id, first.c.decided_at.desc(), first.c.id.desc())
        )
        rows = self._connection.execute(within(query, review_case, wall)).mappings()
        return [_pair_of(row) for row in {row["id"]: row for row in rows}.values()]

    def truths(self) -> Truths:
        """Give what is known to be faulty or not."""
        answers = self._connection.execute(
            select(known_answer.c.item_seq, known_answer.c.is_faulty, known_answer.c.source)
        ).all()
        stands = self._connection.execute(
            select(review_case.c.item_seq, decision.c.verdict)
            .select_from(adjudication)
            .join(decision, decision.c.id == adjudication.c.stands_id)
            .join(review_case, review_case.c.number == decision.c.case_number)
        )
        adjudicated = {row.item_seq: row.verdict != Verdict.APPROVE.value for row in stands}
        told = {
            row.item_seq: bool(row.is_faulty)
            for row in answers
            if row.source != AnswerSource.AGREED.value
        }
        return Truths(
            known={row.item_seq: bool(row.is_faulty) for row in answers},
            settled=adjudicated | told,
        )


def _judged_of(row: Row[Any]) -> Judged:
    body = json.loads(row.body)
    # The case may be about a newer assessment by now; then nothing is known of what was said.
    is_current = body["assessment_id"] == row.assessment_id
    own_verdict = body.get("own_verdict")
    is_told = is_current and row.score is not None
    return Judged(
        decision_id=row.id,
        item_seq=row.item_seq,
        actor_id=row.actor_id,
        kind=ItemKind(row.kind),
        lane=Lane(row.lane),
        amount_minor=row.amount_minor,
        currency=row.currency,
        doubt=row.doubt if is_current else None,
        verdict=Verdict(row.verdict),
        reason_codes=tuple(ReasonCode(code) for code in body["reason_codes"]),
        opened_at=row.opened_at,
        decided_at=row.decided_at,
        active_seconds=body["active_seconds"],
        is_undone=row.undone_at is not None,
        is_first=body.get("supersedes_id") is None and body.get("signs_id") is None,
        is_bulk=body.get("bulk_id") is not None,
        own_verdict=None if own_verdict is None else Verdict(own_verdict),
        exposure=ScoreExposure(row.score) if is_told else None,
        exposure_propensity=row.propensity if is_told else 1.0,
        shown_at=row.shown_at if is_told else None,
    )


def _pair_of(row: RowMapping) -> BlindPair:
    return BlindPair(
        first_actor_id=row["first_actor_id"],
        second_actor_id=row["second_actor_id"],
        first=Verdict(row["first"]),
        second=Verdict(row["second"]),
        propensity=row["propensity"],
    )
