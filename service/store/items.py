"""SQL of items and assessments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, func, insert, select, tuple_, update

from data.schemas.assessment import Assessment
from data.schemas.items import ITEM
from data.schemas.vocabulary import ItemKind, PostingStatus, Route
from service.ports.stores import Said, StoredItem
from service.store.chunks import chunks
from service.store.tables import assessment, item, posting
from service.wire.items import ItemVersion, ItemVersions

# Asked with every request, so built once: building a query costs four times as much as asking it.
IS_NAMED = tuple_(item.c.item_id, item.c.sha256).in_(bindparam("keys", expanding=True))
VERSIONS = (
    select(item.c.item_id, item.c.sha256, assessment.c.id)
    .join(assessment, assessment.c.item_seq == item.c.seq)
    .where(IS_NAMED)
)
VERSION = select(item).where(item.c.seq == bindparam("seq"))
VERSIONS_OF_ITEM = (
    select(item, assessment.c.id.label("assessment_id"))
    .outerjoin(assessment, assessment.c.item_seq == item.c.seq)
    .where(item.c.item_id == bindparam("item_id"))
    .order_by(item.c.seq)
)
UNASSESSED = (
    select(item.c.item_id)
    .outerjoin(assessment, assessment.c.item_seq == item.c.seq)
    .where(IS_NAMED, assessment.c.id.is_(None))
)
CLEARED = select(func.count()).where(
    assessment.c.bundle == bindparam("bundle"), assessment.c.route == Route.AUTO_CLEAR.value
)
CLEARED_BEFORE = CLEARED.where(assessment.c.item_seq < bindparam("seq"))
NEWEST = select(item.c.seq, item.c.item_id).where(
    item.c.item_id.in_(bindparam("item_ids", expanding=True)), item.c.superseded_by.is_(None)
)

ROWS_PER_READ = 500
"""Rows held at a time where everything is read."""


class SqlItemStore:
    """Items and what was said of them; nothing is ever overwritten."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find_versions(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """Give the assessment id of each known (item id, sha256)."""
        found: dict[tuple[str, str], str] = {}
        for part in chunks(keys):
            rows = self._connection.execute(VERSIONS, {"keys": part})
            found.update({(row[0], row[1]): row[2] for row in rows})
        return found

    def find_unassessed(self, keys: Sequence[tuple[str, str]]) -> set[str]:
        """Give the ids of those (item id, sha256) that were taken as history, unassessed."""
        found: set[str] = set()
        for part in chunks(keys):
            found.update(self._connection.execute(UNASSESSED, {"keys": part}).scalars())
        return found

    def add(self, items: Sequence[StoredItem]) -> list[StoredItem]:
        """Store new versions, marking older ones superseded; give them back with their seq."""
        rows = [_row_of(stored) for stored in items]
        result = self._connection.execute(
            insert(item).returning(item.c.seq, sort_by_parameter_order=True), rows
        )
        numbered = [(stored, row[0]) for stored, row in zip(items, result, strict=True)]
        corrected = self._supersede({stored.item.item_id: seq for stored, seq in numbered})
        return [
            replace(stored, seq=seq, is_correction=stored.item.item_id in corrected)
            for stored, seq in numbered
        ]

    def add_assessments(self, assessments: Sequence[tuple[int, Assessment]]) -> None:
        """Store assessments with the seq of their item."""
        self._connection.execute(
            insert(assessment),
            [
                {
                    "id": one.id,
                    "item_seq": seq,
                    "route": one.route.value,
                    "lane": one.lane.value if one.lane else None,
                    "bundle": one.versions.bundle,
                    "assessed_at": one.assessed_at,
                    "body": one.model_dump_json(),
                }
                for seq, one in assessments
            ],
        )

    def assessment(self, assessment_id: str) -> Assessment | None:
        """Give a stored assessment."""
        body = self._connection.execute(
            select(assessment.c.body).where(assessment.c.id == assessment_id)
        ).scalar()
        return None if body is None else Assessment.model_validate_json(body)

    def version(self, seq: int) -> StoredItem:
        """Give one stored version of an item."""
        return stored_item(self._connection.execute(VERSION, {"seq": seq}).one())

    def newest(self, item_id: str) -> StoredItem | None:
        """Give the newest version of an item."""
        query = select(item).where(item.c.item_id == item_id, item.c.superseded_by.is_(None))
        row = self._connection.execute(query).one_or_none()
        return None if row is None else stored_item(row)

    def newest_at(self, item_id: str, *, at: datetime) -> StoredItem | None:
        """Give the version of an item that was the newest at a moment."""
        query = (
            select(item)
            .where(item.c.item_id == item_id, item.c.received_at <= at)
            .order_by(item.c.seq.desc())
            .limit(1)
        )
        row = self._connection.execute(query).one_or_none()
        return None if row is None else stored_item(row)

    def withdraw(self, seq: int, *, at: datetime) -> None:
        """Mark a version as deleted at its source."""
        self._connection.execute(update(item).where(item.c.seq == seq).values(withdrawn_at=at))

    def versions(self, item_id: str) -> ItemVersions | None:
        """Give every version of an item, oldest first."""
        rows = self._connection.execute(VERSIONS_OF_ITEM, {"item_id": item_id}).all()
        if not rows:
            return None
        return ItemVersions(
            item_id=item_id,
            versions=tuple(
                ItemVersion(
                    version=number,
                    item_sha256=row.sha256,
                    received_at=row.received_at,
                    is_superseded=row.superseded_by is not None,
                    withdrawn_at=row.withdrawn_at,
                    assessment_id=row.assessment_id,
                    item=ITEM.validate_json(row.body),
                )
                for number, row in enumerate(rows, start=1)
            ),
        )

    def everything_said(self) -> Iterator[Said]:
        """Give every assessment there is, oldest first."""
        query = (
            select(item, assessment.c.id.label("assessment_id"), assessment.c.body.label("said"))
            .join(assessment, assessment.c.item_seq == item.c.seq)
            .order_by(item.c.seq)
        )
        for row in self._connection.execution_options(yield_per=ROWS_PER_READ).execute(query):
            yield Said(
                assessment_id=row.assessment_id,
                text=row.said,
                stored=stored_item(row),
                is_superseded=row.superseded_by is not None,
            )

    def assessed(self, assessment_id: str) -> tuple[int, Assessment] | None:
        """Give a stored assessment with the seq of the item version it speaks of."""
        query = select(assessment.c.item_seq, assessment.c.body).where(
            assessment.c.id == assessment_id
        )
        row = self._connection.execute(query).one_or_none()
        return None if row is None else (row[0], Assessment.model_validate_json(row[1]))

    def assessment_of(self, seq: int) -> Assessment | None:
        """Give what was said of one version of an item."""
        query = select(assessment.c.body).where(assessment.c.item_seq == seq)
        body = self._connection.execute(query).scalar()
        return None if body is None else Assessment.model_validate_json(body)

    def count_cleared_before(self, bundle: str, *, seq: int) -> int:
        """Count those among the items stored before one."""
        return int(
            self._connection.execute(CLEARED_BEFORE, {"bundle": bundle, "seq": seq}).scalar_one()
        )

    def count_cleared(self, bundle: str) -> int:
        """Count the items that policy cleared on the word of a bundle."""
        return int(self._connection.execute(CLEARED, {"bundle": bundle}).scalar_one())

    def unbilled_milestones(self, *, contract_id: str, line_id: str) -> int:
        """Count the assessed milestones of a line not billed yet; history was billed before us."""
        assessed = exists().where(assessment.c.item_seq == item.c.seq)
        billed = exists().where(
            posting.c.item_id == item.c.item_id, posting.c.status == PostingStatus.DONE.value
        )
        query = (
            select(func.count())
            .select_from(item)
            .where(
                item.c.kind == ItemKind.MILESTONE.value,
                item.c.contract_id == contract_id,
                item.c.line_id == line_id,
                item.c.superseded_by.is_(None),
                item.c.withdrawn_at.is_(None),
                assessed,
                ~billed,
            )
        )
        return int(self._connection.execute(query).scalar_one())

    def _supersede(self, newest: Mapping[str, int]) -> set[str]:
        """Mark versions older than these; give the items that had one."""
        corrected: set[str] = set()
        for part in chunks(list(newest)):
            for seq, item_id in self._connection.execute(NEWEST, {"item_ids": part}).all():
                if seq < newest[item_id]:
                    corrected.add(item_id)
                    self._connection.execute(
                        update(item).where(item.c.seq == seq).values(superseded_by=newest[item_id])
                    )
        return corrected


def stored_item(row: Row[Any]) -> StoredItem:
    """Read a row of the item table."""
    return StoredItem(
        seq=row.seq,
        item=ITEM.validate_json(row.body),
        sha256=row.sha256,
        client_id=row.client_id,
        received_at=row.received_at,
        withdrawn_at=row.withdrawn_at,
        business_unit=row.business_unit,
    )


def _row_of(stored: StoredItem) -> dict[str, object]:
    one = stored.item
    return {
        "item_id": one.item_id,
        "kind": one.kind.value,
        "sha256": stored.sha256,
        "client_id": stored.client_id,
        "contract_id": one.contract_id,
        "line_id": one.line_id,
        "body": one.model_dump_json(),
        "received_at": stored.received_at,
        "business_unit": stored.business_unit,
    }
