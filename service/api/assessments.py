"""The scoring API: items in, each with its assessment or its rejection out."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from pydantic import ValidationError

from data.schemas.assessment import Assessment
from data.schemas.batch import parse_items, problems
from service.api.access import Assessor, Parts, Reader
from service.api.intake import Intake
from service.domain.errors import IdempotencyReusedError, InvalidRequestError, NotFoundError
from service.usecases.assess_items import Arrival
from service.wire.assessments import MAX_ITEMS, AssessmentRequest, AssessmentResponse

router = APIRouter(prefix="/v1", tags=["assessments"])
LONGEST_KEY = 255
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
    idempotency_key: Annotated[str | None, Header(max_length=LONGEST_KEY)] = None,
) -> Response:
    """Assess 1 to 1,000 items; the answer is durable before it is given.

    Each row is answered on its own: assessed, unchanged (the same content was assessed before) or
    rejected with field, value and reason. With an Idempotency-Key a repeat gives the same bytes.
    """
    body = await request.body()
    sha256 = hashlib.sha256(body).hexdigest()
    if idempotency_key is not None:
        kept = await asyncio.to_thread(_kept, parts, actor.id, idempotency_key, sha256)
        if kept is not None:
            return Response(kept, media_type="application/json",
                            headers={"Idempotent-Replayed": "true"})  # fmt: skip
    rows = _rows(body)
    arrival = Arrival(
        batch_id=parts.ids.new("batch"),
        actor_id=actor.id,
        received=len(rows),
        batch=parse_items(rows),
        idempotency_key=idempotency_key,
        request_sha256=sha256,
    )
    intake: Intake = request.app.state.intake
    answer = await asyncio.wrap_future(intake.submit(arrival))
    return Response(answer.model_dump_json(), media_type="application/json")


@router.get("/assessments/{assessment_id}")
def get_assessment(assessment_id: str, parts: Parts, actor: Reader) -> Assessment:
    """Give a stored assessment."""
    del actor
    found = parts.screens.assessment(assessment_id)
    if found is None:
        raise NotFoundError("assessment", assessment_id)
    return found


def _kept(parts: Parts, owner: str, key: str, sha256: str) -> bytes | None:
    with parts.read() as uow:
        kept = uow.answers.find(owner=owner, key=key)
    if kept is None:
        return None
    if kept[0] != sha256:
        raise IdempotencyReusedError(key)
    return kept[1]


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
