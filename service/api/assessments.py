"""The scoring API: items in, each with its assessment or its rejection out."""

from __future__ import annotations

import asyncio
import json

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from data.schemas.assessment import Assessment
from data.schemas.batch import Batch, parse_items, problems
from data.schemas.items import AnyItem
from service.api.access import Assessor, Parts, Reader
from service.api.blind import blinded
from service.api.body import require_json
from service.api.intake import Answered, Intake
from service.api.keyed_writing import keyed_call
from service.domain.actor import Actor
from service.domain.errors import InvalidRequestError, NotFoundError
from service.usecases.assessing.assess_items import Arrival
from service.wire.assessments import MAX_ITEMS, AssessmentRequest, AssessmentResponse

router = APIRouter(prefix="/v1", tags=["assessments"])
BODY: dict[str, object] = {
    "type": "object",
    "required": ["items"],
    "properties": {
        "items": {
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_ITEMS,
            "items": {
                "oneOf": [
                    {"$ref": "#/components/schemas/Timesheet"},
                    {"$ref": "#/components/schemas/Milestone"},
                    {"$ref": "#/components/schemas/ExpenseReport"},
                ]
            },
        }
    },
}
"""What the documentation says of the body; each item is read on its own, so none spoils another."""


@router.post("/assessments", response_model=AssessmentResponse, openapi_extra={
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": BODY}
        },
    }
})  # fmt: skip
async def post_assessments(
    request: Request,
    parts: Parts,
    actor: Assessor,
) -> Response:
    """Assess 1 to 1,000 items; the answer is durable before it is given.

    Each row is answered on its own: assessed, unchanged (the same content was assessed before) or
    rejected with field, value and reason.
    """
    require_json(request.headers.get("content-type"))
    rows = _rows(await request.body())
    keyed = keyed_call(request.scope)
    arrival = Arrival(
        batch_id=parts.ids.new("batch"),
        actor_id=actor.id,
        received=len(rows),
        batch=_read(rows),
        idempotency_key=keyed.key if keyed else None,
        request_sha256=keyed.request_sha256 if keyed else "",
        wall=actor.wall,
    )
    intake: Intake = request.app.state.intake
    answered = await asyncio.wrap_future(intake.submit(arrival))
    if keyed is not None:
        # Requests that come together share a commit, and their answers are kept in it.
        keyed.is_answer_kept = True
    return _response(answered)


@router.get("/assessments/{assessment_id}")
def get_assessment(assessment_id: str, parts: Parts, actor: Reader) -> Assessment:
    """Give a stored assessment."""
    found = parts.screens.assessment(assessment_id, wall=actor.wall)
    if found is None:
        raise NotFoundError("assessment", assessment_id)
    return blinded(found, actor=actor, is_score_shown=_is_told(found, parts, actor))


def _is_told(said: Assessment, parts: Parts, actor: Actor) -> bool:
    """Whoever judges reads the models' opinion only of cases of which they were told it."""
    if not actor.judges_blind:
        return True
    with parts.read() as uow:
        told = uow.exposures.of_assessment(said.id, actor_id=actor.id)
    return told is not None and told.is_score_shown


def _response(answer: Answered) -> Response:
    headers = {"Idempotent-Replayed": "true"} if answer.is_replayed else {}
    return Response(answer.body, media_type="application/json", headers=headers)


def _read(rows: list[dict[str, object]]) -> Batch[AnyItem]:
    try:
        return parse_items(rows)
    except RecursionError as error:
        raise InvalidRequestError("items", "(too deep)", "is nested too deeply") from error


def _rows(body: bytes) -> list[dict[str, object]]:
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidRequestError("body", body[:40], f"is not JSON: {error}") from error
    try:
        return AssessmentRequest.model_validate(raw).items
    except ValidationError as error:
        first = problems(error)[0]
        raise InvalidRequestError(first.field, first.value, first.reason) from error
