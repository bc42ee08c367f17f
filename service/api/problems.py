"""Every error as RFC 9457 problem details: what, where, why, and what to do."""

from __future__ import annotations

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from service.domain.errors import (
    AnswerNotKeptError,
    ApprovalSettledError,
    BillUnderWayError,
    ClauseInForceError,
    ConfirmedOtherwiseError,
    ConflictError,
    CountersignError,
    DocumentTakenError,
    DraftSettledError,
    FlowStateError,
    IdempotencyReusedError,
    InTrainingError,
    InvalidRequestError,
    KeyInFlightError,
    KeyMissingError,
    LastAdminError,
    LogInRefusedError,
    LoginTakenError,
    MalformedError,
    MayBeWrittenError,
    NoAccountError,
    NotAllowedError,
    NotAskedError,
    NotFoundError,
    NotInForceError,
    NotSignedInError,
    OrderUnderWayError,
    OutdatedDraftError,
    OwnDraftError,
    OwnRightsError,
    PostingNotRefusedError,
    PreconditionFailedError,
    ProposalSettledError,
    StaleLeaseError,
    StaleVersionError,
    SyncNotServedError,
    SyncRunsError,
    TooLateError,
    TooManyRequestsError,
    TransferSettledError,
    UnavailableError,
    UnknownVersionError,
    WeakPasswordError,
    WrongPasswordError,
    WrongStateError,
)
from service.wire.access import Problem

MEDIA_TYPE = "application/problem+json"
SHOWN_INPUT = 80
RETRY_SECONDS = 2

STATUS_OF: dict[type[CountersignError], HTTPStatus] = {
    NotSignedInError: HTTPStatus.UNAUTHORIZED,
    LogInRefusedError: HTTPStatus.UNAUTHORIZED,
    NotAllowedError: HTTPStatus.FORBIDDEN,
    NoAccountError: HTTPStatus.FORBIDDEN,
    OwnRightsError: HTTPStatus.FORBIDDEN,
    WrongPasswordError: HTTPStatus.FORBIDDEN,
    OwnDraftError: HTTPStatus.FORBIDDEN,
    InTrainingError: HTTPStatus.FORBIDDEN,
    NotAskedError: HTTPStatus.FORBIDDEN,
    NotFoundError: HTTPStatus.NOT_FOUND,
    ConflictError: HTTPStatus.CONFLICT,
    LastAdminError: HTTPStatus.CONFLICT,
    LoginTakenError: HTTPStatus.CONFLICT,
    StaleLeaseError: HTTPStatus.CONFLICT,
    StaleVersionError: HTTPStatus.CONFLICT,
    WrongStateError: HTTPStatus.CONFLICT,
    TooLateError: HTTPStatus.CONFLICT,
    OrderUnderWayError: HTTPStatus.CONFLICT,
    NotInForceError: HTTPStatus.CONFLICT,
    TransferSettledError: HTTPStatus.CONFLICT,
    ApprovalSettledError: HTTPStatus.CONFLICT,
    FlowStateError: HTTPStatus.CONFLICT,
    SyncRunsError: HTTPStatus.CONFLICT,
    SyncNotServedError: HTTPStatus.CONFLICT,
    BillUnderWayError: HTTPStatus.CONFLICT,
    PostingNotRefusedError: HTTPStatus.CONFLICT,
    MayBeWrittenError: HTTPStatus.CONFLICT,
    DocumentTakenError: HTTPStatus.CONFLICT,
    ProposalSettledError: HTTPStatus.CONFLICT,
    DraftSettledError: HTTPStatus.CONFLICT,
    OutdatedDraftError: HTTPStatus.CONFLICT,
    ClauseInForceError: HTTPStatus.CONFLICT,
    ConfirmedOtherwiseError: HTTPStatus.CONFLICT,
    KeyInFlightError: HTTPStatus.CONFLICT,
    AnswerNotKeptError: HTTPStatus.CONFLICT,
    KeyMissingError: HTTPStatus.BAD_REQUEST,
    UnknownVersionError: HTTPStatus.BAD_REQUEST,
    PreconditionFailedError: HTTPStatus.PRECONDITION_FAILED,
    TooManyRequestsError: HTTPStatus.TOO_MANY_REQUESTS,
    MalformedError: HTTPStatus.UNPROCESSABLE_ENTITY,
    WeakPasswordError: HTTPStatus.UNPROCESSABLE_ENTITY,
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

_log = logging.getLogger(__name__)


def install_problems(app: FastAPI) -> None:
    """Answer every error of the application with problem details."""
    app.add_exception_handler(CountersignError, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OperationalError, _no_database)
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
    retry_after: int | None = None,
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
    if status == HTTPStatus.SERVICE_UNAVAILABLE or retry_after is not None:
        headers["Retry-After"] = str(retry_after or RETRY_SECONDS)
    return Response(
        body.model_dump_json(exclude_none=True),
        status_code=status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, CountersignError):
        raise error
    return answer_refusal(request, error)


def answer_refusal(request: Request, error: CountersignError) -> Response:
    """Give the problem response of a refusal; layers around the routes answer with it too."""
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
        retry_after=error.retry_after,
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


def _no_database(request: Request, error: Exception) -> Response:
    """A lost connection tells nothing of the last commit; the key makes a repeat safe."""
    _log.warning("The database does not answer: %s", error)
    said = "The database does not answer; whether the request took effect is not known."
    return answer_refusal(request, UnavailableError(said))


def _unexpected(request: Request, error: Exception) -> Response:
    if any(isinstance(one, OperationalError) for one in (error, error.__cause__)):
        # Raised around the routes, where handlers of their own do not reach, or by the writer.
        return _no_database(request, error)
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
