"""SQL of reference objects: every version is kept, the newest is in force."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, Text, bindparam, cast, func, insert, select

from data.regions.shipped import shipped_regions
from data.schemas.calendars import Leave, OvertimeApproval, Preapproval, Trip, WorkingCalendar
from data.schemas.contracts import Client, Contract
from data.schemas.people import Assignment, Person, Project
from data.schemas.reference import Reference
from data.schemas.regions import Region
from data.schemas.values import Record
from service.ports.stores import FactKind
from service.store.tables import fact, reference

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

    def bodies(self, kind: str) -> list[str]:
        """Give the newest body of every object of a kind, by id."""
        return self._bodies(kind, through=None)

    def load(self) -> Reference:
        """Give everything items are checked against; shipped regions stand until replaced."""
        return self._load(through=None)

    def load_as_of(self, through: int) -> Reference:
        """Give the same as it was in force when the fact `through` was the last."""
        return self._load(through=through)

    def _load(self, *, through: int | None) -> Reference:
        def every(kind: str, shape: type[R]) -> tuple[R, ...]:
            bodies = self._bodies(kind, through=through)
            return tuple(shape.model_validate_json(body) for body in bodies)

        regions, calendars = shipped_regions()
        return Reference(
            clients={one.id: one for one in every("clients", Client)},
            contracts={one.id: one for one in every("contracts", Contract)},
            people={one.id: one for one in every("people", Person)},
            projects={one.id: one for one in every("projects", Project)},
            assignments=every("assignments", Assignment),
            calendars=calendars | {one.id: one for one in every("calendars", WorkingCalendar)},
            regions=regions | {one.id: one for one in every("regions", Region)},
            leave=every("leave", Leave),
            overtime_approvals=every("overtime_approvals", OvertimeApproval),
            trips={one.id: one for one in every("trips", Trip)},
            preapprovals={one.id: one for one in every("preapprovals", Preapproval)},
        )

    def _newest(self, kind: str, object_id: str) -> tuple[int, str | None]:
        named = {"kind": kind, "object_id": object_id}
        row = self._connection.execute(NEWEST, named).one_or_none()
        return (0, None) if row is None else (row.version, row.body)

    def _bodies(self, kind: str, *, through: int | None) -> list[str]:
        versions = select(reference.c.id, func.max(reference.c.version).label("version")).where(
            reference.c.kind == kind
        )
        if through is not None:
            version = cast(reference.c.version, Text)
            name = reference.c.kind + "/" + reference.c.id + "/" + version
            versions = versions.join(
                fact, (fact.c.kind == FactKind.REFERENCE.value) & (fact.c.subject_id == name)
            ).where(fact.c.seq <= through)
        newest = versions.group_by(reference.c.id).subquery()
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
