"""Have reference objects and raw items taken in by the same parts that stand behind the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from data.schemas.batch import Rejection, parse_items
from data.schemas.contracts import Contract
from data.schemas.values import Record
from data.schemas.vocabulary import Route
from service.api.intake import Intake
from service.connectors.reference import Reference
from service.domain.confirmed_clauses import with_confirmed
from service.ports.stores import UnitOfWork
from service.settings import Settings
from service.usecases.assessing.assess_items import Arrival
from service.usecases.terms.put_reference import put_reference
from service.wire.assessments import AssessmentResponse
from service.wiring.api import ApiRuntime, build_api

BATCH = 500
Say = Callable[[str], None]


@dataclass(slots=True)
class Totals:
    """What became of the items; received = assessed + unchanged + rejected."""

    received: int = 0
    assessed: int = 0
    unchanged: int = 0
    rejected: int = 0
    auto_cleared: int = 0
    cases: int = 0
    rejections: list[Rejection] = field(default_factory=list)

    def add(self, answer: AssessmentResponse) -> None:
        """Count an answer."""
        self.received += answer.received
        self.assessed += answer.assessed
        self.unchanged += answer.unchanged
        self.rejected += answer.rejected
        for one in answer.results:
            if one.rejection is not None:
                self.rejections.append(one.rejection)
            self.cases += one.is_new_case
            if one.assessment is not None and one.assessment.route is Route.AUTO_CLEAR:
                self.auto_cleared += 1


@contextmanager
def ingesting(settings: Settings) -> Iterator[ApiRuntime]:
    """Give the parts behind the API, running in this process beside whatever else runs."""
    runtime = build_api(settings)
    runtime.start()
    try:
        yield runtime
    finally:
        runtime.stop()


def take_reference(runtime: ApiRuntime, reference: Reference, *, actor_id: str) -> int:
    """Take reference objects into use; give how many changed anything.

    Clauses that people confirmed out of documents stay in their contracts.
    """
    return sum(
        _put(runtime, kind, records, actor_id=actor_id) for kind, records in reference.collections()
    )


def take_items(
    runtime: ApiRuntime, items: Sequence[Mapping[str, Any]], *, actor_id: str, say: Say
) -> Totals:
    """Have raw items assessed, batch by batch."""
    intake, totals = Intake(runtime.parts), Totals()
    for start in range(0, len(items), BATCH):
        rows = items[start : start + BATCH]
        arrival = Arrival(
            batch_id=runtime.parts.ids.new("batch"),
            actor_id=actor_id,
            received=len(rows),
            batch=parse_items(rows),
        )
        answered = intake.submit(arrival).result()
        totals.add(AssessmentResponse.model_validate_json(answered.body))
        say(f"  {min(start + BATCH, len(items)):>6} of {len(items)}")
    return totals


def _put(runtime: ApiRuntime, kind: str, objects: Sequence[Any], *, actor_id: str) -> int:
    now = runtime.parts.clock.now()

    def put(uow: UnitOfWork) -> int:
        named = [(str(one.id), _kept(one, uow=uow)) for one in objects]
        return put_reference(kind, named, actor_id=actor_id, uow=uow, now=now)

    return runtime.writer.run(put)


def _kept(one: Record, *, uow: UnitOfWork) -> Record:
    known = uow.references.get("contracts", one.id) if isinstance(one, Contract) else None
    if not isinstance(one, Contract) or known is None:
        return one
    return with_confirmed(one, known=Contract.model_validate_json(known))
