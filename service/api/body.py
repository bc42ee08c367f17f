"""Bodies read strictly from JSON: a date is a date string, never a number; a field is declared."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Body
from pydantic import BeforeValidator, TypeAdapter, ValidationError
from starlette.exceptions import HTTPException

from data.schemas.batch import problems
from data.schemas.billing import Invoice, Payment
from data.schemas.calendars import Leave, OvertimeApproval, Preapproval, Trip, WorkingCalendar
from data.schemas.contracts import Client, Contract
from data.schemas.people import Assignment, Person, Project
from data.schemas.regions import Region
from service.domain.errors import MalformedError
from service.wire.assessments import PastItem
from service.wire.cases import ClaimRequest, DecisionRequest, LeaseRequest, SignatureRequest
from service.wire.proposals import ConfirmRequest, DismissRequest, ProposalRequest
from service.wire.references import MAX_OBJECTS


def require_json(content_type: str | None) -> None:
    """Refuse with 415 a body that is not declared as JSON."""
    kind = (content_type or "").partition(";")[0].strip().casefold()
    if kind != "application/json":
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"The body is declared as {kind or 'nothing'!r}."
        )


def _strictly(shape: type[Any]) -> BeforeValidator:
    """Read what FastAPI decoded once more as JSON: only there strict mode takes date strings."""
    adapter: TypeAdapter[Any] = TypeAdapter(shape)

    def read(raw: object) -> object:
        if isinstance(raw, bytes):
            # FastAPI decodes nothing that is not declared as JSON.
            require_json(None)
        try:
            return adapter.validate_json(json.dumps(raw))
        except RecursionError as error:
            raise MalformedError((("(body)", "(too deep)", "is nested too deeply"),)) from error
        except ValidationError as error:
            found = tuple((one.field, one.value, one.reason) for one in problems(error))
            raise MalformedError(found) from error

    return BeforeValidator(read)


ClientBody = Annotated[Client, _strictly(Client)]
ContractBody = Annotated[Contract, _strictly(Contract)]
PersonBody = Annotated[Person, _strictly(Person)]
ProjectBody = Annotated[Project, _strictly(Project)]
AssignmentsBody = Annotated[
    list[Assignment], _strictly(list[Assignment]), Body(max_length=MAX_OBJECTS)
]
RegionsBody = Annotated[list[Region], _strictly(list[Region]), Body(max_length=MAX_OBJECTS)]
CalendarsBody = Annotated[
    list[WorkingCalendar], _strictly(list[WorkingCalendar]), Body(max_length=MAX_OBJECTS)
]
LeaveBody = Annotated[list[Leave], _strictly(list[Leave]), Body(max_length=MAX_OBJECTS)]
OvertimeBody = Annotated[
    list[OvertimeApproval], _strictly(list[OvertimeApproval]), Body(max_length=MAX_OBJECTS)
]
TripsBody = Annotated[list[Trip], _strictly(list[Trip]), Body(max_length=MAX_OBJECTS)]
PreapprovalsBody = Annotated[
    list[Preapproval], _strictly(list[Preapproval]), Body(max_length=MAX_OBJECTS)
]
InvoicesBody = Annotated[list[Invoice], _strictly(list[Invoice]), Body(max_length=MAX_OBJECTS)]
PaymentsBody = Annotated[list[Payment], _strictly(list[Payment]), Body(max_length=MAX_OBJECTS)]
HistoryBody = Annotated[list[PastItem], _strictly(list[PastItem]), Body(max_length=MAX_OBJECTS)]
ProposalBody = Annotated[ProposalRequest, _strictly(ProposalRequest)]
ConfirmBody = Annotated[ConfirmRequest, _strictly(ConfirmRequest)]
DismissBody = Annotated[DismissRequest, _strictly(DismissRequest)]
ClaimBody = Annotated[ClaimRequest, _strictly(ClaimRequest)]
DecisionBody = Annotated[DecisionRequest, _strictly(DecisionRequest)]
LeaseBody = Annotated[LeaseRequest, _strictly(LeaseRequest)]
SignatureBody = Annotated[SignatureRequest, _strictly(SignatureRequest)]
