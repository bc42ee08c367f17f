"""SQL of reference objects: every version is kept, the newest is in force."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, bindparam, func, insert, select

from data.schemas.calendars import Leave, OvertimeApproval, Preapproval, Trip, WorkingCalendar
from data.schemas.contracts import Client, Contract
from data.schemas.people import Assignment, Person, Project
from data.schemas.reference import Reference
from data.schemas.regions import Region
from data.schemas.values import Record
from service.store.tables import reference

R = TypeVar("R", bound=Record)

IS_NAMED = (reference.c.kind == bindparam("kind")) & (reference.c.id == bindparam("object_id"))
NEWEST = (
    select(reference.c.version, reference.c.body)
    .where(IS_NAMED)
    .order_by(reference.c.version.desc())
    .limit(1)
)
VERSION = select(reference.c.body).where(IS_NAMED, reference.c.version == bindparam("version"))
"""Both are asked for every object of a feed, so they are built once."""


class SqlReferenceStore:
    """Whom we bill, under which terms, who works and when; what was billed and paid."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, kind: str, object_id: str, *, body: str, at: datetime) -> bool:
        """Store an object; say whether anything changed."""
        version, known = self._newest(kind, object_id)
        if known == body:
            return False
        self._connection.execute(
            insert(reference).values(
                kind=kind,
                id=object_id,
                version=version + 1,
                name=json.loads(body).get("name", object_id),
                body=body,
                recorded_at=at,
            )
        )
        return True

    def get(self, kind: str, object_id: str) -> str | None:
        """Give an object's body."""
        return self._newest(kind, object_id)[1]

    def get_version(self, name: str) -> str | None:
        """Give the body of one version by its name."""
        kind, _, rest = name.partition("/")
        object_id, _, version = rest.rpartition("/")
        named = {"kind": kind, "object_id": object_id, "version": int(version)}
        return self._connection.execute(VERSION, named).scalar()

    def version_name(self, kind: str, object_id: str) -> str:
        """Give the name of the newest version of an object, `kind/id/version`."""
        return f"{kind}/{object_id}/{self._newest(kind, object_id)[0]}"

    def load(self) -> Reference:
        """Give everything items are checked against."""
        return Reference(
            clients={one.id: one for one in self._all("clients", Client)},
            contracts={one.id: one for one in self._all("contracts", Contract)},
            people={one.id: one for one in self._all("people", Person)},
            projects={one.id: one for one in self._all("projects", Project)},
            assignments=self._all("assignments", Assignment),
            calendars={one.id: one for one in self._all("calendars", WorkingCalendar)},
            regions={one.id: one for one in self._all("regions", Region)},
            leave=self._all("leave", Leave),
            overtime_approvals=self._all("overtime_approvals", OvertimeApproval),
            trips={one.id: one for one in self._all("trips", Trip)},
            preapprovals={one.id: one for one in self._all("preapprovals", Preapproval)},
        )

    def _all(self, kind: str, shape: type[R]) -> tuple[R, ...]:
        return tuple(shape.model_validate_json(body) for body in self._bodies(kind))

    def _newest(self, kind: str, object_id: str) -> tuple[int, str | None]:
        named = {"kind": kind, "object_id": object_id}
        row = self._connection.execute(NEWEST, named).one_or_none()
        return (0, None) if row is None else (row.version, row.body)

    def _bodies(self, kind: str) -> list[str]:
        newest = (
            select(reference.c.id, func.max(reference.c.version).label("version"))
            .where(reference.c.kind == kind)
            .group_by(reference.c.id)
            .subquery()
        )
        query = (
            select(reference.c.body)
            .join(
                newest,
                (reference.c.id == newest.c.id) & (reference.c.version == newest.c.version),
            )
            .where(reference.c.kind == kind)
            .order_by(reference.c.id)
        )
        return list(self._connection.execute(query).scalars())
