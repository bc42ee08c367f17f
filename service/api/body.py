"""Bodies read strictly from JSON: a date is a date string, never a number; a field is declared."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Body
from pydantic import BeforeValidator, TypeAdapter, ValidationError
from starlette.exceptions import HTTPException

from data.schemas.batch import problems
from data.schemas.billing import Dispute, Invoice, Payment, WriteOff
from data.schemas.calendars import Leave, OvertimeApproval, Preapproval, Trip, WorkingCalendar
from data.schemas.contracts import Client, Contract
from data.schemas.people import Assignment, Person, Project
from data.schemas.regions import Region
from service.domain.errors import MalformedError
from service.wire.accounts import (
    AccountChange,
    InvitationRequest,
    KeyRequest,
    PasswordChange,
    SessionRequest,
)
from service.wire.approvals import WordRequest
from service.wire.assessments import PastItem
from service.wire.cases import ClaimRequest, DecisionRequest, LeaseRequest
from service.wire.deciding import (
    AdjudicationRequest,
    BulkRequest,
    CorrectionRequest,
    PreviewRequest,
    SecondVerdictRequest,
    SettleRequest,
)
from service.wire.flows import SteerRequest
from service.wire.imports import MappingRequest
from service.wire.known_cases import KnownCaseRequest, OwnCallRequest, SnoozeRequest
from service.wire.models import RollbackRequest
from service.wire.my_work import AbsenceRequest
from service.wire.policies import DraftRequest, EffectRequest
from service.wire.postings import (
    AssignRequest,
    DiscardRequest,
    EditRequest,
    MarkPostedRequest,
    RetryAlikeRequest,
    RetryRequest,
)
from service.wire.preferences import Preferences
from service.wire.proposals import ConfirmRequest, DismissRequest, ProposalRequest
from service.wire.references import MAX_OBJECTS
from service.wire.subscribers import ReplayRequest, SubscribeRequest
from service.wire.talk import CommentRequest, ReadRequest, ViewRequest


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
DisputesBody = Annotated[list[Dispute], _strictly(list[Dispute]), Body(max_length=MAX_OBJECTS)]
WriteOffsBody = Annotated[list[WriteOff], _strictly(list[WriteOff]), Body(max_length=MAX_OBJECTS)]
HistoryBody = Annotated[list[PastItem], _strictly(list[PastItem]), Body(max_length=MAX_OBJECTS)]
RollbackBody = Annotated[RollbackRequest, _strictly(RollbackRequest)]
MappingBody = Annotated[MappingRequest, _strictly(MappingRequest)]
RetryBody = Annotated[RetryRequest, _strictly(RetryRequest)]
AssignBody = Annotated[AssignRequest, _strictly(AssignRequest)]
EditBody = Annotated[EditRequest, _strictly(EditRequest)]
MarkPostedBody = Annotated[MarkPostedRequest, _strictly(MarkPostedRequest)]
RetryAlikeBody = Annotated[RetryAlikeRequest, _strictly(RetryAlikeRequest)]
DiscardBody = Annotated[DiscardRequest, _strictly(DiscardRequest)]
ProposalBody = Annotated[ProposalRequest, _strictly(ProposalRequest)]
DraftBody = Annotated[DraftRequest, _strictly(DraftRequest)]
EffectBody = Annotated[EffectRequest, _strictly(EffectRequest)]
ConfirmBody = Annotated[ConfirmRequest, _strictly(ConfirmRequest)]
DismissBody = Annotated[DismissRequest, _strictly(DismissRequest)]
ClaimBody = Annotated[ClaimRequest, _strictly(ClaimRequest)]
DecisionBody = Annotated[DecisionRequest, _strictly(DecisionRequest)]
OwnCallBody = Annotated[OwnCallRequest, _strictly(OwnCallRequest)]
SnoozeBody = Annotated[SnoozeRequest, _strictly(SnoozeRequest)]
KnownCaseBody = Annotated[KnownCaseRequest, _strictly(KnownCaseRequest)]
LeaseBody = Annotated[LeaseRequest, _strictly(LeaseRequest)]
CommentBody = Annotated[CommentRequest, _strictly(CommentRequest)]
ViewBody = Annotated[ViewRequest, _strictly(ViewRequest)]
ReadBody = Annotated[ReadRequest, _strictly(ReadRequest)]
AbsenceBody = Annotated[AbsenceRequest, _strictly(AbsenceRequest)]
SubscribeBody = Annotated[SubscribeRequest, _strictly(SubscribeRequest)]
ReplayBody = Annotated[ReplayRequest, _strictly(ReplayRequest)]
SecondVerdictBody = Annotated[SecondVerdictRequest, _strictly(SecondVerdictRequest)]
WordBody = Annotated[WordRequest, _strictly(WordRequest)]
SteerBody = Annotated[SteerRequest, _strictly(SteerRequest)]
AdjudicationBody = Annotated[AdjudicationRequest, _strictly(AdjudicationRequest)]
CorrectionBody = Annotated[CorrectionRequest, _strictly(CorrectionRequest)]
PreviewBody = Annotated[PreviewRequest, _strictly(PreviewRequest)]
BulkBody = Annotated[BulkRequest, _strictly(BulkRequest)]
SettleBody = Annotated[SettleRequest, _strictly(SettleRequest)]
AccountBody = Annotated[AccountChange, _strictly(AccountChange)]
InvitationBody = Annotated[InvitationRequest, _strictly(InvitationRequest)]
KeyBody = Annotated[KeyRequest, _strictly(KeyRequest)]
PasswordBody = Annotated[PasswordChange, _strictly(PasswordChange)]
PreferencesBody = Annotated[Preferences, _strictly(Preferences)]
SessionBody = Annotated[SessionRequest, _strictly(SessionRequest)]
