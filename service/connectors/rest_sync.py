"""One sync of a connection: changed rows kept, mapped as a file is, and handed on.

The plan, for each entity in the order of the file: 1. pull what changed into the kept rows, 2. map
all kept rows, 3. put reference records, 4. have changed items assessed, 5. withdraw items whose
rows are gone. What is kept is committed at the end: a sync that broke off is done once more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from data.schemas.batch import Rejection
from service.connectors.file_layout import OF_ITEMS
from service.connectors.file_mapping import AnyMapping
from service.connectors.files import Imported, Told, take_rows
from service.connectors.import_job import BATCH, objects_of
from service.connectors.rest_paths import at, text_of
from service.connectors.rest_rows import (
    named_columns,
    read_rows,
    refuse_unknown_columns,
    rows_of,
    split_by_where,
)
from service.connectors.rest_store import KeptRows
from service.ports.imports import ImportDoor
from service.ports.outside_errors import OutsideRefusedError
from service.ports.source import SourcePort

MOST_EMPTIED = 10
"""With more rows than this known, an answer without any row is doubted."""


class SyncDoor(ImportDoor, Protocol):
    """The way into the service, and out of it again."""

    def withdraw(self, item_id: str, *, reason: str) -> None:
        """Let an item count no longer; one that was never received is passed over."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """How an entity is made into what we know: its id, its children, its mapping."""

    id: str
    mapping: AnyMapping
    children: str | None = None


@dataclass(slots=True, kw_only=True)
class EntityCounts:
    """What became of an entity's rows: mapped = accepted + ignored + rejected."""

    changed: int = 0
    gone: int = 0
    mapped: int = 0
    accepted: int = 0
    ignored: int = 0
    rejected: int = 0
    records_changed: int = 0
    items: int = 0
    handed_on: int = 0
    assessed: int = 0
    unchanged: int = 0
    items_rejected: int = 0
    cases: int = 0
    withdrawn: int = 0
    rejections: list[Rejection] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """One sync of one source."""

    source: SourcePort
    entities: Mapping[str, Synced]
    kept: KeptRows
    door: SyncDoor
    now: datetime
    say: Callable[[str], None]
    may_empty: bool = False
    """Whether an answer without any row is believed, although many rows were known."""

    def run(self) -> dict[str, EntityCounts]:
        """Sync every entity; give the counts of each."""
        return {name: self._entity(name, plan=plan) for name, plan in self.entities.items()}

    def _entity(self, name: str, *, plan: Synced) -> EntityCounts:
        counts = EntityCounts()
        self._pull(name, plan=plan, counts=counts)
        found = self._mapped(name, plan=plan, counts=counts)
        self._put(plan.mapping, found=found, counts=counts)
        if plan.mapping.kind in OF_ITEMS:
            self._hand_on(name, items=found.items, counts=counts)
        self.say(
            f"{name}: {counts.changed} rows changed, {counts.gone} gone; of {counts.mapped} rows "
            f"{counts.accepted} taken, {counts.ignored} left out, {counts.rejected} not taken"
        )
        return counts

    def _pull(self, name: str, *, plan: Synced, counts: EntityCounts) -> None:
        before = sum(1 for _ in self.kept.rows(name))
        for page in self.source.pull(name, cursor=self.kept.cursor(name)):
            self.kept.take(page, ids=[text_of(at(row, plan.id)) for row in page.rows])
            counts.changed += len(page.rows)
            counts.gone += len(page.gone)
        is_emptied = counts.gone >= before > MOST_EMPTIED and counts.changed == 0
        if is_emptied and not self.may_empty:
            raise OutsideRefusedError(
                f"{self.source.name}: {name} had {before} rows, and now none of them is there; "
                "nothing was withdrawn. If they were really deleted, say --may-empty"
            )

    def _mapped(self, name: str, *, plan: Synced, counts: EntityCounts) -> Imported:
        cells, counts.ignored = split_by_where(
            rows_of(self.kept.rows(name), children=plan.children), mapping=plan.mapping
        )
        whose = f"{self.source.name}: {name}"
        refuse_unknown_columns(cells, mapping=plan.mapping, whose=whose)
        found = take_rows(
            read_rows(cells, columns=named_columns(plan.mapping)),
            path=Path(name),
            mapping=plan.mapping,
            now=self.now,
            told=Told(given_back=lambda one: counts.rejections.append(one.rejection)),
        )
        counts.mapped = found.received + counts.ignored
        counts.accepted, counts.rejected = found.accepted, found.rejected
        return found

    def _put(self, mapping: AnyMapping, *, found: Imported, counts: EntityCounts) -> None:
        known = self.door.known()
        for kind, objects in objects_of(mapping, read=found, known=known):
            for start in range(0, len(objects), BATCH):
                counts.records_changed += self.door.put(kind, objects[start : start + BATCH])

    def _hand_on(self, name: str, *, items: Sequence[dict[str, Any]], counts: EntityCounts) -> None:
        before = self.kept.handed_on(name)
        now = {_item_id(item): _sha256(item) for item in items}
        due = [item for item in items if before.get(_item_id(item)) != now[_item_id(item)]]
        counts.items, counts.handed_on = len(items), len(due)
        for start in range(0, len(due), BATCH):
            batch = due[start : start + BATCH]
            answer = self.door.assess(batch)
            refused = {one.row for one in answer.results if one.rejection is not None}
            counts.rejections += [one.rejection for one in answer.results if one.rejection]
            counts.assessed += answer.assessed
            counts.unchanged += answer.unchanged
            counts.items_rejected += answer.rejected
            counts.cases += sum(one.is_new_case for one in answer.results)
            taken = [_item_id(item) for row, item in enumerate(batch) if row not in refused]
            self.kept.note_handed_on(name, {one: now[one] for one in taken})
        self._withdraw(name, vanished=sorted(before.keys() - now.keys()), counts=counts)

    def _withdraw(self, name: str, *, vanished: Sequence[str], counts: EntityCounts) -> None:
        if vanished and counts.rejected:
            # A row that is not taken may be the only row of an item that is still there.
            self.say(
                f"  {len(vanished)} items no longer come; they stay until the rejected rows of "
                f"{name} are corrected"
            )
            return
        for item_id in vanished:
            self.door.withdraw(item_id, reason=f"its rows are gone in {self.source.name}")
        self.kept.forget(name, vanished)
        counts.withdrawn = len(vanished)


def all_rejections(counts: Mapping[str, EntityCounts]) -> Iterator[Rejection]:
    """Give every row and item that was not taken."""
    for one in counts.values():
        yield from one.rejections


def _item_id(item: Mapping[str, Any]) -> str:
    return f"{item['source']}:{item['external_id']}"


def _sha256(item: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(item, sort_keys=True).encode()).hexdigest()
