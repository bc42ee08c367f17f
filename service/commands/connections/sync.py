"""Pull what changed in the system of a connection file, and have it assessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict

from service.api.import_door import ServiceDoor
from service.api.intake import Intake
from service.clock import SystemClock
from service.commands.ingest import ingesting
from service.commands.rejected import tell_rejections
from service.connectors.odoo_books import OdooFile, mappings_of
from service.connectors.rest_file import Connection
from service.connectors.rest_source import RestSource
from service.connectors.rest_sync import EntityCounts, Sync, Synced, all_rejections
from service.ports.source import SourcePort
from service.settings import NotConfiguredError, Settings
from service.wiring.connections import connect, kept_rows
from service.wiring.odoo import build_odoo

Say = Callable[[str], None]
TOLD = (
    "changed", "gone", "mapped", "accepted", "ignored", "rejected", "records_changed", "items",
    "handed_on", "assessed", "unchanged", "items_rejected", "cases", "withdrawn",
)  # fmt: skip


def sync_connection(
    settings: Settings, named: str, *, say: Say, may_empty: bool = False
) -> dict[str, object]:
    """Sync by a connection file; what is kept of it moves on only once all is stored.

    Raises FileMistakesError, NotConfiguredError, or what its system answers.
    """
    system = connect(settings, named)
    if not system.connection.entities:
        raise NotConfiguredError(
            f"the connection {system.connection.name} reads nothing; add a section `entities`"
        )
    with closing(system):
        source = RestSource(system, now=SystemClock().now)
        plans = synced_entities(system.connection)
        return sync_source(settings, source, plans=plans, say=say, may_empty=may_empty)


def sync_odoo(settings: Settings, *, say: Say, may_empty: bool = False) -> dict[str, object]:
    """Sync the Odoo of the settings. Raises NotConfiguredError, or what Odoo answers."""
    with closing(build_odoo(settings)) as odoo:
        return sync_source(
            settings, odoo.source, plans=odoo_plans(odoo.file), say=say, may_empty=may_empty
        )


def odoo_plans(file: OdooFile) -> dict[str, Synced]:
    """Give how each entity of an Odoo file is made into what we know."""
    if not file.entities:
        raise NotConfiguredError("the Odoo file maps nothing; add `entities`, as in its sample")
    return {name: Synced(id="id", mapping=one) for name, one in mappings_of(file).items()}


def sync_source(
    settings: Settings,
    source: SourcePort,
    *,
    plans: Mapping[str, Synced],
    say: Say,
    may_empty: bool = False,
) -> dict[str, object]:
    """Sync any source whose rows are mapped as those of a file are."""
    with kept_rows(settings, source.name).held() as kept, ingesting(settings) as runtime:
        parts = runtime.parts
        door = ServiceDoor(parts, intake=Intake(parts), actor_id=f"sync:{source.name}")
        counts = Sync(
            source=source,
            entities=plans,
            kept=kept,
            door=door,
            now=SystemClock().now(),
            say=say,
            may_empty=may_empty,
        ).run()
    tell_rejections(all_rejections(counts), say=say)
    return {"connection": source.name, **_totals(counts)}


def synced_entities(connection: Connection) -> dict[str, Synced]:
    """Give how each entity of a connection file is made into what we know."""
    return {
        name: Synced(
            id=entity.id,
            mapping=entity.mapping.model_copy(update={"source": connection.name}),
            children=entity.children,
        )
        for name, entity in connection.entities.items()
    }


def _totals(counts: Mapping[str, EntityCounts]) -> dict[str, object]:
    every = [asdict(one) for one in counts.values()]
    return {f"rows_{name}" if name in _OF_ROWS else name: sum(one[name] for one in every)
            for name in TOLD}  # fmt: skip


_OF_ROWS = frozenset({"changed", "gone", "mapped", "accepted", "ignored", "rejected"})
