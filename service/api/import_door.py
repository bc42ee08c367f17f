"""The way an import goes into the service: by the same parts that stand behind the API."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from data.schemas.batch import parse_items
from data.schemas.reference import Reference
from data.schemas.values import Record
from service.api.intake import Intake
from service.api.parts import ApiParts
from service.domain.actor import Actor
from service.domain.errors import NotFoundError
from service.usecases.assessing.assess_items import Arrival
from service.usecases.assessing.withdraw_item import withdraw_item
from service.usecases.terms.put_reference import put_reference
from service.wire.assessments import AssessmentResponse


class ServiceDoor:
    """Everything that comes through is done in the name of one actor."""

    def __init__(self, parts: ApiParts, *, intake: Intake, actor_id: str) -> None:
        self._parts, self._intake, self._actor_id = parts, intake, actor_id

    def known(self) -> Reference:
        """Give everything items are checked against, as it stands now."""
        with self._parts.read() as uow:
            return uow.references.load()

    def put(self, kind: str, objects: Sequence[tuple[str, Record]]) -> int:
        """Take reference objects into use; give how many changed anything."""
        now = self._parts.clock.now()
        return self._parts.writer.run(
            lambda uow: put_reference(kind, objects, actor_id=self._actor_id, uow=uow, now=now)
        )

    def assess(self, items: Sequence[dict[str, Any]]) -> AssessmentResponse:
        """Have raw items assessed; the answer is durable."""
        arrival = Arrival(
            batch_id=self._parts.ids.new("batch"),
            actor_id=self._actor_id,
            received=len(items),
            batch=parse_items(items),
        )
        answered = self._intake.submit(arrival).result()
        return AssessmentResponse.model_validate_json(answered.body)

    def withdraw(self, item_id: str, *, reason: str) -> None:
        """Let an item count no longer; one that was never received is passed over."""
        now, actor = self._parts.clock.now(), Actor(id=self._actor_id, name=self._actor_id)
        with suppress(NotFoundError):
            self._parts.writer.run(
                lambda uow: withdraw_item(item_id, reason=reason, actor=actor, uow=uow, now=now)
            )
