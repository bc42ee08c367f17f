"""Take reference objects into use: whom we bill, under which terms, who works and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from data.schemas.billing import Dispute, Invoice, Payment, WriteOff
from data.schemas.calendars import Leave, OvertimeApproval, Preapproval, Trip, WorkingCalendar
from data.schemas.contracts import Client, Contract
from data.schemas.people import Assignment, Person, Project
from data.schemas.regions import Region
from data.schemas.values import Record
from data.schemas.vocabulary import AuditEvent
from service.domain.audit_entry import AuditEntry
from service.ports.stores import Fact, FactKind, UnitOfWork

KINDS: Mapping[str, type[Record]] = MappingProxyType(
    {
        "clients": Client,
        "contracts": Contract,
        "people": Person,
        "projects": Project,
        "assignments": Assignment,
        "regions": Region,
        "calendars": WorkingCalendar,
        "leave": Leave,
        "overtime_approvals": OvertimeApproval,
        "trips": Trip,
        "preapprovals": Preapproval,
        "invoices": Invoice,
        "payments": Payment,
        "disputes": Dispute,
        "write_offs": WriteOff,
    }
)
"""Every kind of reference object by the name of its collection."""

_FACTS = {
    "invoices": FactKind.INVOICE,
    "payments": FactKind.PAYMENT,
    "disputes": FactKind.DISPUTE,
    "write_offs": FactKind.WRITE_OFF,
}


def put_reference(
    kind: str,
    objects: Sequence[tuple[str, Record]],
    *,
    actor_id: str,
    uow: UnitOfWork,
    now: datetime,
) -> int:
    """Store objects of one kind by id; give how many changed. Equal content changes nothing."""
    # An object that stands twice leaves two versions: each is named while it is the newest.
    changed = [
        (object_id, uow.references.version_name(kind, object_id))
        for object_id, one in objects
        if uow.references.put(kind, object_id, body=one.model_dump_json(), at=now)
    ]
    if not changed:
        return 0
    fact = _FACTS.get(kind, FactKind.REFERENCE)
    uow.facts.add([Fact(kind=fact, subject_id=version, at=now) for _, version in changed])
    uow.audit.record(
        *(
            AuditEntry(
                event=AuditEvent.REFERENCE_CHANGED,
                at=now,
                actor_id=actor_id,
                subject=f"{kind}/{object_id}",
                facts={"version": version},
            )
            for object_id, version in changed
        )
    )
    return len(changed)
