"""Reference objects: what items are checked against, and what was billed and paid."""

from __future__ import annotations

from typing import TypeVar

from fastapi import APIRouter, Response

from data.schemas.billing import Dispute, Invoice, Payment, WriteOff
from data.schemas.calendars import Leave, OvertimeApproval, Preapproval, Trip, WorkingCalendar
from data.schemas.contracts import Client, Contract
from data.schemas.people import Assignment, Person, Project
from data.schemas.regions import Region
from data.schemas.values import Record
from service.api.access import Parts, Reader, ReferenceEditor
from service.api.body import (
    AssignmentsBody,
    CalendarsBody,
    ClientBody,
    ContractBody,
    DisputesBody,
    HistoryBody,
    InvoicesBody,
    LeaveBody,
    OvertimeBody,
    PaymentsBody,
    PersonBody,
    PreapprovalsBody,
    ProjectBody,
    RegionsBody,
    TripsBody,
    WriteOffsBody,
)
from service.api.etags import IfMatch, IfNoneMatch, answered_with_etag, require_match
from service.api.parts import ApiParts
from service.domain.actor import Actor
from service.domain.errors import InvalidRequestError, NotFoundError
from service.ports.stores import UnitOfWork
from service.usecases.assessing.take_history import take_history
from service.usecases.terms.put_reference import put_reference
from service.usecases.terms.see_reference import see_reference
from service.wire.references import ReferenceAnswer

router = APIRouter(prefix="/v1", tags=["reference"])
Named = Client | Contract | Person | Project
One = TypeVar(
    "One",
    Assignment,
    Region,
    WorkingCalendar,
    Leave,
    OvertimeApproval,
    Trip,
    Preapproval,
    Invoice,
    Payment,
    Dispute,
    WriteOff,
)


@router.put("/clients/{object_id:path}")
def put_client(
    object_id: str,
    client: ClientBody,
    parts: Parts,
    actor: ReferenceEditor,
    if_match: IfMatch = None,
) -> ReferenceAnswer:
    """Take a client into use, or a new version of one."""
    return _put_one("clients", object_id, client, parts, actor, if_match)


@router.put("/contracts/{object_id:path}")
def put_contract(
    object_id: str,
    contract: ContractBody,
    parts: Parts,
    actor: ReferenceEditor,
    if_match: IfMatch = None,
) -> ReferenceAnswer:
    """Take a contract's terms into use, or a new version of them."""
    return _put_one("contracts", object_id, contract, parts, actor, if_match)


@router.put("/people/{object_id:path}")
def put_person(
    object_id: str,
    person: PersonBody,
    parts: Parts,
    actor: ReferenceEditor,
    if_match: IfMatch = None,
) -> ReferenceAnswer:
    """Take a person into use, or a new version of one."""
    return _put_one("people", object_id, person, parts, actor, if_match)


@router.put("/projects/{object_id:path}")
def put_project(
    object_id: str,
    project: ProjectBody,
    parts: Parts,
    actor: ReferenceEditor,
    if_match: IfMatch = None,
) -> ReferenceAnswer:
    """Take a project into use, or a new version of one."""
    return _put_one("projects", object_id, project, parts, actor, if_match)


@router.post("/assignments")
def post_assignments(
    assignments: AssignmentsBody,
    parts: Parts,
    actor: ReferenceEditor,
) -> ReferenceAnswer:
    """Take assignments into use; one with a known id is a new version."""
    return _put_many("assignments", assignments, parts, actor)


@router.post("/regions")
def post_regions(
    regions: RegionsBody,
    parts: Parts,
    actor: ReferenceEditor,
) -> ReferenceAnswer:
    """Take regions into use: what bills carry there, and by which calendar people work."""
    return _put_many("regions", regions, parts, actor)


@router.post("/calendars")
def post_calendars(
    calendars: CalendarsBody,
    parts: Parts,
    actor: ReferenceEditor,
) -> ReferenceAnswer:
    """Take working calendars into use; one with a known id is a new version."""
    return _put_many("calendars", calendars, parts, actor)


@router.post("/leave")
def post_leave(
    leave: LeaveBody,
    parts: Parts,
    actor: ReferenceEditor,
) -> ReferenceAnswer:
    """Tell who is away; one with a known id is a new version."""
    return _put_many("leave", leave, parts, actor)


@router.post("/overtime-approvals")
def post_overtime_approvals(
    approvals: OvertimeBody,
    parts: Parts,
    actor: ReferenceEditor,
) -> ReferenceAnswer:
    """Tell which overtime is approved; one with a known id is a new version."""
    return _put_many("overtime_approvals", approvals, parts, actor)


@router.post("/trips")
def post_trips(
    trips: TripsBody,
    parts: Parts,
    actor: ReferenceEditor,
) -> ReferenceAnswer:
    """Tell who travels where; one with a known id is a new version."""
    return _put_many("trips", trips, parts, actor)


@router.post("/preapprovals")
def post_preapprovals(
    preapprovals: PreapprovalsBody,
    parts: Parts,
    actor: ReferenceEditor,
) -> ReferenceAnswer:
    """Tell which expenses clients allowed; one with a known id is a new version."""
    return _put_many("preapprovals", preapprovals, parts, actor)


@router.post("/invoices")
def post_invoices(
    invoices: InvoicesBody,
    parts: Parts,
    actor: ReferenceEditor,
) -> ReferenceAnswer:
    """Tell what was invoiced; one with a known id is a new version."""
    return _put_many("invoices", invoices, parts, actor)


@router.post("/payments")
def post_payments(
    payments: PaymentsBody,
    parts: Parts,
    actor: ReferenceEditor,
) -> ReferenceAnswer:
    """Tell what was paid; one with a known id is a new version."""
    return _put_many("payments", payments, parts, actor)


@router.post("/disputes")
def post_disputes(
    disputes: DisputesBody,
    parts: Parts,
    actor: ReferenceEditor,
) -> ReferenceAnswer:
    """Tell what clients objected to; one with a known id is a new version."""
    return _put_many("disputes", disputes, parts, actor)


@router.post("/write-offs")
def post_write_offs(
    write_offs: WriteOffsBody,
    parts: Parts,
    actor: ReferenceEditor,
) -> ReferenceAnswer:
    """Tell what was given up at billing; one with a known id is a new version."""
    return _put_many("write_offs", write_offs, parts, actor)


@router.post("/history")
def post_history(past: HistoryBody, parts: Parts, actor: ReferenceEditor) -> ReferenceAnswer:
    """Take items billed before Countersign came; they teach habits and are never assessed."""
    changed = parts.writer.run(
        lambda uow: take_history(
            past, actor_id=actor.id, uow=uow, scorer=parts.scorer, now=parts.clock.now()
        )
    )
    return ReferenceAnswer(received=len(past), changed=changed)


@router.get("/clients/{object_id:path}", response_model=Client)
def get_client(
    object_id: str, parts: Parts, actor: Reader, if_none_match: IfNoneMatch = None
) -> Response:
    """Give a client."""
    return _get("clients", object_id, parts, actor, if_none_match)


@router.get("/contracts/{object_id:path}", response_model=Contract)
def get_contract(
    object_id: str, parts: Parts, actor: Reader, if_none_match: IfNoneMatch = None
) -> Response:
    """Give a contract's terms."""
    return _get("contracts", object_id, parts, actor, if_none_match)


@router.get("/people/{object_id:path}", response_model=Person)
def get_person(
    object_id: str, parts: Parts, actor: Reader, if_none_match: IfNoneMatch = None
) -> Response:
    """Give a person."""
    return _get("people", object_id, parts, actor, if_none_match)


@router.get("/projects/{object_id:path}", response_model=Project)
def get_project(
    object_id: str, parts: Parts, actor: Reader, if_none_match: IfNoneMatch = None
) -> Response:
    """Give a project."""
    return _get("projects", object_id, parts, actor, if_none_match)


def _put_one(
    kind: str, object_id: str, one: Named, parts: ApiParts, actor: Actor, if_match: str | None
) -> ReferenceAnswer:
    if one.id != object_id:
        raise InvalidRequestError("id", one.id, f"differs from {object_id!r} in the path")
    return _store(kind, [(one.id, one)], parts, actor, if_match=if_match)


def _put_many(kind: str, objects: list[One], parts: ApiParts, actor: Actor) -> ReferenceAnswer:
    return _store(kind, [(one.id, one) for one in objects], parts, actor)


def _store(
    kind: str,
    objects: list[tuple[str, Record]],
    parts: ApiParts,
    actor: Actor,
    *,
    if_match: str | None = None,
) -> ReferenceAnswer:
    def work(uow: UnitOfWork) -> int:
        if if_match is not None:
            name = objects[0][0]
            require_match(if_match, _body(kind, name, uow, actor), name=name)
        return put_reference(kind, objects, actor_id=actor.id, uow=uow, now=parts.clock.now())

    return ReferenceAnswer(received=len(objects), changed=parts.writer.run(work))


def _body(kind: str, object_id: str, uow: UnitOfWork, actor: Actor) -> str | None:
    try:
        return see_reference(kind, object_id, wall=actor.wall, references=uow.references)
    except NotFoundError:
        return None


def _get(
    kind: str, object_id: str, parts: ApiParts, actor: Actor, if_none_match: str | None
) -> Response:
    with parts.read() as uow:
        body = see_reference(kind, object_id, wall=actor.wall, references=uow.references)
    return answered_with_etag(body, known=if_none_match)
