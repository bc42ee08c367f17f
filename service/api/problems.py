"""Every error as RFC 9457 problem details: what, where, why, and what to do."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from service.domain.errors import (
    ClauseInForceError,
    ConfirmedOtherwiseError,
    ConflictError,
    CountersignError,
    IdempotencyReusedError,
    InvalidRequestError,
    LogInRefusedError,
    MalformedError,
    NotAllowedError,
    NotFoundError,
    NotSignedInError,
    ProposalSettledError,
    StaleLeaseError,
    StaleVersionError,
    TooLateError,
    UnavailableError,
    WrongStateError,
)
from service.wire.access import Problem

MEDIA_TYPE = "application/problem+json"
SHOWN_INPUT = 80
RETRY_SECONDS = "2"

STATUS_OF: dict[type[CountersignError], HTTPStatus] = {
    NotSignedInError: HTTPStatus.UNAUTHORIZED,
    LogInRefusedError: HTTPStatus.UNAUTHORIZED,
    NotAllowedError: HTTPStatus.FORBIDDEN,
    NotFoundError: HTTPStatus.NOT_FOUND,
    ConflictError: HTTPStatus.CONFLICT,
    StaleLeaseError: HTTPStatus.CONFLICT,
    StaleVersionError: HTTPStatus.CONFLICT,
    WrongStateError: HTTPStatus.CONFLICT,
    TooLateError: HTTPStatus.CONFLICT,
    ProposalSettledError: HTTPStatus.CONFLICT,
    ClauseInForceError: HTTPStatus.CONFLICT,
    ConfirmedOtherwiseError: HTTPStatus.CONFLICT,
    MalformedError: HTTPStatus.UNPROCESSABLE_ENTITY,
    InvalidRequestError: HTTPStatus.UNPROCESSABLE_ENTITY,
    IdempotencyReusedError: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The one mapping to HTTP; a test fails if an error class is missing."""

_REMEDY_OF: dict[int, str] = {
    HTTPStatus.NOT_FOUND: "Check the path; GET /openapi.json lists every route.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Use one of the methods in the Allow header.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Send fewer items in one request.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "Send the body as application/json.",
}

PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "model": Problem,
        "description": "A problem: what, where, why, and what to do",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
"""What the documentation says of refusals."""

_log = logging.getLogger(__name__)


def install_problems(app: FastAPI) -> None:
    """Answer every error of the application with problem details."""
    app.add_exception_handler(CountersignError, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def problem(
    request: Request,
    *,
    status: int,
    kind: str,
    title: str,
    detail: str,
    remedy: str | None,
    problems: tuple[dict[str, str], ...] = (),
) -> Response:
    """Give a problem response."""
    body = Problem(
        type=f"urn:countersign:problem:{kind}",
        title=title,
        status=status,
        detail=detail,
        instance=request.url.path,
        remedy=remedy,
        problems=problems,
    )
    headers = {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="countersign"'
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = RETRY_SECONDS
    return Response(
        body.model_dump_json(exclude_none=True),
        status_code=status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, CountersignError):
        raise error
    status = STATUS_OF[type(error)]
    return problem(
        request,
        status=status,
        kind=_kind(type(error)),
        title=status.phrase,
        detail=str(error),
        remedy=error.remedy,
        problems=tuple(
            {"field": field, "value": value, "reason": reason}
            for field, value, reason in (error.fields if isinstance(error, MalformedError) else ())
        ),
    )


def _malformed(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    fields = tuple(
        {
            "field": ".".join(str(part) for part in one["loc"][1:]) or str(one["loc"][0]),
            "value": repr(one.get("input"))[:SHOWN_INPUT],
            "reason": one["msg"].removeprefix("Value error, "),
        }
        for one in error.errors()
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if any(one["type"] == "json_invalid" for one in error.errors()):
        status = HTTPStatus.BAD_REQUEST
    where = ", ".join(sorted({one["field"] for one in fields}))
    return problem(
        request,
        status=status,
        kind="malformed",
        title=status.phrase,
        detail=f"The request cannot be read: see {where}.",
        remedy="Mend the fields named under 'problems' and send the request again.",
        problems=fields,
    )


def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return answer_http_error(request, error)


def answer_http_error(request: Request, error: HTTPException) -> Response:
    """Give the problem response of an error that is HTTP's own."""
    status = HTTPStatus(error.status_code)
    answer = problem(
        request,
        status=status,
        kind=status.name.lower().replace("_", "-"),
        title=status.phrase,
        detail=str(error.detail),
        remedy=_REMEDY_OF.get(status, CountersignError.remedy),
    )
    answer.headers.update(error.headers or {})
    return answer


def _unexpected(request: Request, error: Exception) -> Response:
    _log.error("Unexpected error on %s %s", request.method, request.url.path, exc_info=error)
    return problem(
        request,
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        kind="unexpected",
        title="Internal Server Error",
        detail="Something went wrong on our side. Nothing of this request was stored.",
        remedy="Repeat the request with the same Idempotency-Key; if it fails again, tell us.",
    )


def _kind(error: type[CountersignError]) -> str:
    name = error.__name__.removesuffix("Error")
    return "".join(f"-{char.lower()}" if char.isupper() else char for char in name).lstrip("-")
