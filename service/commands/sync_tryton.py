"""Pull what changed in Tryton, and have it assessed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from data.schemas.vocabulary import ItemKind
from service.commands.ingest import ingesting, take_items, take_reference
from service.commands.rejected import tell_rejections
from service.connectors.terms_file import read_terms
from service.connectors.tryton_items import RawItem
from service.connectors.tryton_sync import pull_changes
from service.settings import Settings
from service.wiring import ApiRuntime, build_tryton

ACTOR = "sync:tryton"
CURSORS, NAME = "cursors", "tryton"


def sync_tryton(settings: Settings, *, say: Callable[[str], None]) -> dict[str, object]:
    """Read rows changed since the last sync; the cursor is kept only once all is stored.

    Raises NotConfiguredError without address, key or terms file.
    """
    tryton = build_tryton(settings)
    try:
        terms = read_terms(settings.terms_path)
        with ingesting(settings) as runtime:
            changes = pull_changes(tryton.source, terms=terms, cursor=_cursor(runtime))
            due = _due(changes.items, runtime=runtime)
            say(f"{changes.received} rows read, {len(due)} items made of them")
            take_reference(runtime, changes.reference, actor_id=ACTOR)
            totals = take_items(runtime, due, actor_id=ACTOR, say=say)
            if changes.cursor is not None:
                _keep_cursor(runtime, changes.cursor)
    finally:
        tryton.close()
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
        "auto_cleared": totals.auto_cleared,
        "cases": totals.cases,
    }


def _due(items: Sequence[RawItem], *, runtime: ApiRuntime) -> list[RawItem]:
    """Leave out milestones that are not reached: nobody submits them for billing yet.

    One that was set back in Tryton goes through, so that its open case shows it as it stands now.
    """
    early = {
        f"{item['source']}:{item['external_id']}"
        for item in items
        if item["kind"] == ItemKind.MILESTONE and not item["is_ready_to_bill"]
    }
    with runtime.parts.read() as uow:
        early -= {case.item_id for case in uow.cases.unfinished_of_items(sorted(early))}
    return [item for item in items if f"{item['source']}:{item['external_id']}" not in early]


def _cursor(runtime: ApiRuntime) -> str | None:
    with runtime.parts.read() as uow:
        body = uow.references.get(CURSORS, NAME)
    return None if body is None else str(json.loads(body)["cursor"])


def _keep_cursor(runtime: ApiRuntime, cursor: str) -> None:
    now = runtime.parts.clock.now()
    runtime.writer.run(
        lambda uow: uow.references.put(CURSORS, NAME, body=json.dumps({"cursor": cursor}), at=now)
    )
