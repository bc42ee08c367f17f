"""SQL of what people were told of the models' opinion."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, select

from data.schemas.vocabulary import ScoreExposure, Verdict
from service.domain.case import Case
from service.domain.exposure import Exposure
from service.store.cases import case_name, case_number
from service.store.desk_tables import exposure, own_call


class SqlExposureStore:
    """What each person was told of each assessment: appended, never changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, case: Case, *, actor_id: str) -> Exposure | None:
        """Give what a person was told of the case as it is assessed now."""
        return self._newest(
            exposure.c.case_number == case_number(case.id),
            exposure.c.assessment_id == case.assessment_id,
            exposure.c.actor_id == actor_id,
        )

    def of_assessment(self, assessment_id: str, *, actor_id: str) -> Exposure | None:
        """Give what a person was told last of an assessment, in whichever case they met it."""
        return self._newest(
            exposure.c.assessment_id == assessment_id, exposure.c.actor_id == actor_id
        )

    def add(self, one: Exposure) -> Exposure:
        """Append what a person is told, and give it with its id."""
        number = self._connection.execute(
            insert(exposure)
            .values(
                case_number=case_number(one.case_id),
                actor_id=one.actor_id,
                version=one.version,
                assessment_id=one.assessment_id,
                score=one.score.value,
                propensity=one.propensity,
                shown_at=one.shown_at,
            )
            .returning(exposure.c.id)
        ).scalar_one()
        return replace(one, id=number)

    def add_own_call(self, one: Exposure, *, verdict: Verdict, at: datetime) -> None:
        """Append what the person would do, before they are told."""
        self._connection.execute(
            insert(own_call).values(exposure_id=one.id, verdict=verdict.value, at=at)
        )

    def _newest(self, *wanted: ColumnElement[bool]) -> Exposure | None:
        query = (
            select(exposure, own_call.c.verdict)
            .outerjoin(own_call, own_call.c.exposure_id == exposure.c.id)
            .where(*wanted)
            .order_by(exposure.c.id.desc())
            .limit(1)
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        return Exposure(
            id=row.id,
            case_id=case_name(row.case_number),
            actor_id=row.actor_id,
            version=row.version,
            assessment_id=row.assessment_id,
            score=ScoreExposure(row.score),
            propensity=row.propensity,
            shown_at=row.shown_at,
            own_verdict=None if row.verdict is None else Verdict(row.verdict),
        )
