"""SQL of what challengers said, beside the champion and beside people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, insert, select

from data.schemas.vocabulary import Verdict
from service.domain.shadow import JudgedShadow, ShadowScore
from service.store.checks import concluded_verdicts
from service.store.model_tables import shadow_score
from service.store.tables import review_case


class SqlShadowStore:
    """Shadow scores: appended with the assessment they stand beside."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, scores: Sequence[ShadowScore]) -> None:
        """Store scores."""
        if not scores:
            return
        self._connection.execute(
            insert(shadow_score),
            [
                {
                    "assessment_id": one.assessment_id,
                    "bundle": one.bundle,
                    "probabilities": json.dumps(one.probabilities, sort_keys=True),
                    "fault_probability": one.fault_probability,
                    "would_clear": int(one.would_clear),
                    "champion": one.champion,
                    "champion_probability": one.champion_probability,
                    "is_cleared": int(one.is_cleared),
                    "is_proved": int(one.is_proved),
                    "propensity": one.propensity,
                }
                for one in scores
            ],
        )

    def judged(self, bundle: str) -> Iterator[JudgedShadow]:
        """Give every score of a challenger with what people have said since."""
        said = concluded_verdicts().subquery()
        verdict = (
            select(review_case.c.assessment_id, said.c.verdict)
            .join(said, said.c.case_number == review_case.c.number)
            .subquery()
        )
        query = (
            select(shadow_score, verdict.c.verdict)
            .outerjoin(verdict, verdict.c.assessment_id == shadow_score.c.assessment_id)
            .where(shadow_score.c.bundle == bundle)
            .order_by(shadow_score.c.assessment_id)
        )
        for row in self._connection.execute(query):
            yield JudgedShadow(
                score=ShadowScore(
                    assessment_id=row.assessment_id,
                    bundle=row.bundle,
                    probabilities=json.loads(row.probabilities),
                    fault_probability=row.fault_probability,
                    would_clear=bool(row.would_clear),
                    champion=row.champion,
                    champion_probability=row.champion_probability,
                    is_cleared=bool(row.is_cleared),
                    is_proved=bool(row.is_proved),
                    propensity=row.propensity,
                ),
                is_wrong=None if row.verdict is None else row.verdict != Verdict.APPROVE.value,
            )
