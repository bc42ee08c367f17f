"""Pull what changed in a system where work is booked, and have it assessed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from data.schemas.vocabulary import ItemKind
from service.api.import_door import ServiceDoor
from service.api.intake import Intake
from service.commands.ingest import Say, ingesting, take_items, take_reference
from service.commands.rejected import tell_rejections
from service.connectors.booked_time import Changes, RawItem
from service.ports.stores import UnitOfWork
from service.settings import Settings
from service.usecases.billing.milestones_ahead import note_milestones_ahead
from service.wiring.api import ApiRuntime

CURSORS = "cursors"


def sync_changes(
    settings: Settings,
    pull: Callable[[str | None], Changes],
    *,
    source: str,
    say: Say,
) -> dict[str, object]:
    """Store what `pull` reads since the last cursor; the new one is kept only once all is stored.

    A sync that breaks off is done again from the last cursor, and what was stored is unchanged.
    """
    actor_id = f"sync:{source}"
    with ingesting(settings) as runtime:
        changes = pull(_cursor(runtime, source))
        due = _due(changes.items, runtime=runtime)
        say(f"{changes.received} rows read, {len(due)} items made of them")
        take_reference(runtime, changes.reference, actor_id=actor_id)
        _note_ahead(changes.items, runtime=runtime)
        totals = take_items(runtime, due, actor_id=actor_id, say=say)
        door = ServiceDoor(runtime.parts, intake=Intake(runtime.parts), actor_id=actor_id)
        for external_id in changes.emptied:
            door.withdraw(f"{source}:{external_id}", reason=f"all its time was deleted in {source}")
        if changes.cursor is not None:
            _keep_cursor(runtime, source, changes.cursor)
    tell_rejections((*changes.rejections, *totals.rejections), say=say)
    return {
        "rows_received": changes.received,
        "rows_accepted": changes.accepted,
        "rows_ignored": changes.ignored,
        "rows_rejected": len(changes.rejections),
        "milestones_not_reached": len(changes.items) - len(due),
        "items": totals.received,
        "assessed": totals.assessed,
        "unchanged": totals.unchanged,
        "items_rejected": totals.rejected,
        "items_emptied": len(changes.emptied),
        "auto_cleared": totals.auto_cleared,
        "cases": totals.cases,
    }


def _note_ahead(items: Sequence[RawItem], *, runtime: ApiRuntime) -> None:
    """Keep which milestones are still to be reached, so that nobody's time is set free early."""
    ahead: dict[tuple[str, str], list[str]] = {}
    for item in items:
        if item["kind"] == ItemKind.MILESTONE:
            those = ahead.setdefault((item["contract_id"], item["line_id"]), [])
            if not item["is_ready_to_bill"]:
                those.append(_item_id(item))
    now = runtime.parts.clock.now()

    def note(uow: UnitOfWork) -> None:
        for (contract_id, line_id), item_ids in ahead.items():
            note_milestones_ahead(
                item_ids, contract_id=contract_id, line_id=line_id, uow=uow, now=now
            )

    runtime.writer.run(note)


def _due(items: Sequence[RawItem], *, runtime: ApiRuntime) -> list[RawItem]:
    """Leave out milestones that are not reached: nobody submits them for billing yet.

    One that was set back at its source goes through, so that its open case shows it as it is now.
    """
    early = {
        _item_id(item)
        for item in items
        if item["kind"] == ItemKind.MILESTONE and not item["is_ready_to_bill"]
    }
    with runtime.parts.read() as uow:
        early -= {case.item_id for case in uow.cases.unfinished_of_items(sorted(early))}
    return [item for item in items if _item_id(item) not in early]


def _item_id(item: RawItem) -> str:
    return f"{item['source']}:{item['external_id']}"


def _cursor(runtime: ApiRuntime, source: str) -> str | None:
    with runtime.parts.read() as uow:
        body = uow.references.get(CURSORS, source)
    return None if body is None else str(json.loads(body)["cursor"])


def _keep_cursor(runtime: ApiRuntime, source: str, cursor: str) -> None:
    now = runtime.parts.clock.now()
    runtime.writer.run(
        lambda uow: uow.references.put(CURSORS, source, body=json.dumps({"cursor": cursor}), at=now)
    )
