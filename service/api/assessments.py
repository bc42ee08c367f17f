"""The scoring API: items in, each with its assessment or its rejection out."""

from __future__ import annotations

import asyncio
import hashlib
import json

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from data.schemas.assessment import Assessment
from data.schemas.batch import Batch, parse_items, problems
from data.schemas.items import AnyItem
from service.api.access import Assessor, IdempotencyKey, Parts, Reader
from service.api.blind import blinded
from service.api.body import require_json
from service.api.intake import Answered, Intake
from service.domain.errors import InvalidRequestError, NotFoundError
from service.usecases.assess_items import Arrival
from service.usecases.find_answer import find_answer
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
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Assess 1 to 1,000 items; the answer is durable before it is given.

    Each row is answered on its own: assessed, unchanged (the same content was assessed before) or
    rejected with field, value and reason. With an Idempotency-Key a repeat gives the same bytes.
    """
    require_json(request.headers.get("content-type"))
    body = await request.body()
    sha256 = hashlib.sha256(body).hexdigest()
    if idempotency_key is not None:
        # A repeat is mostly answered here, without waiting for the writer.
        kept = await asyncio.to_thread(_kept, parts, actor.id, idempotency_key, sha256)
        if kept is not None:
            return _response(Answered(body=kept, is_replayed=True))
    rows = _rows(body)
    arrival = Arrival(
        batch_id=parts.ids.new("batch"),
        actor_id=actor.id,
        received=len(rows),
        batch=_read(rows),
        idempotency_key=idempotency_key,
        request_sha256=sha256,
    )
    intake: Intake = request.app.state.intake
    return _response(await asyncio.wrap_future(intake.submit(arrival)))


@router.get("/assessments/{assessment_id}")
def get_assessment(assessment_id: str, parts: Parts, actor: Reader) -> Assessment:
    """Give a stored assessment."""
    found = parts.screens.assessment(assessment_id)
    if found is None:
        raise NotFoundError("assessment", assessment_id)
    return blinded(found, actor=actor)


def _kept(parts: Parts, owner: str, key: str, sha256: str) -> bytes | None:
    with parts.read() as uow:
        return find_answer(key, owner_id=owner, request_sha256=sha256, uow=uow)


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
