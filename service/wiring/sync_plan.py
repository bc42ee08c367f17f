"""Reads the plan of syncs out of the settings, and refuses at start what could never be read."""

from __future__ import annotations

from contextlib import closing

from service.domain.sync_plan import SHORTEST_PERIOD, SyncPlan
from service.settings import NotConfiguredError, Settings
from service.wiring.connections import FILE_ENDINGS, connect
from service.wiring.odoo import build_odoo
from service.wiring.outside import build_tryton
from service.wiring.redmine import build_redmine


def sync_plan_of(settings: Settings) -> SyncPlan:
    """Give when which sources are read by themselves. Raises NotConfiguredError."""
    every, sources = settings.sync_every, settings.sync_sources
    if every is not None and every < SHORTEST_PERIOD:
        raise NotConfiguredError(
            f"COUNTERSIGN_SYNC_EVERY is {every.total_seconds():g} seconds; the shortest period is "
            "one minute: write PT1M, or 60"
        )
    if every is not None and not sources:
        raise NotConfiguredError(
            "COUNTERSIGN_SYNC_EVERY needs COUNTERSIGN_SYNC_SOURCES, a JSON list of what is read, "
            'for example ["tryton"]'
        )
    if len(set(sources)) < len(sources):
        raise NotConfiguredError("COUNTERSIGN_SYNC_SOURCES names a source twice; name it once")
    if settings.sync_limit < SHORTEST_PERIOD:
        raise NotConfiguredError("COUNTERSIGN_SYNC_LIMIT is under one minute; write PT4H, say")
    return SyncPlan(
        sources=sources,
        every=every,
        owner_id=settings.owner_of_failures,
    )


def refuse_unready_syncs(settings: Settings) -> None:
    """Tell at start what could never be read, where a person is there to read it.

    Raises NotConfiguredError, FileMistakesError or MissingSecretError. Nothing is sent.
    """
    for source in sync_plan_of(settings).sources:
        if any(source.endswith(ending) for ending in FILE_ENDINGS) or "/" in source:
            raise NotConfiguredError(
                f"COUNTERSIGN_SYNC_SOURCES names the file {source!r}; put it into "
                f"{settings.connections_folder} and name it without folder and ending"
            )
        try:
            name = require_source(settings, source)
        except NotConfiguredError as error:
            raise NotConfiguredError(
                f"COUNTERSIGN_SYNC_SOURCES names {source!r}, which is not set up: {error}"
            ) from error
        if name != source:
            raise NotConfiguredError(
                f"the connection file {source}.yaml calls its connection {name!r}; call the file "
                f"{name}.yaml, and write {name} into COUNTERSIGN_SYNC_SOURCES"
            )


def require_source(settings: Settings, named: str) -> str:
    """Give the name of a source that is set up, as its syncs are known by.

    Raises NotConfiguredError, FileMistakesError or MissingSecretError. Nothing is sent.
    """
    match named:
        case "tryton":
            build_tryton(settings).close()
        case "redmine":
            build_redmine(settings).close()
        case "odoo":
            build_odoo(settings).close()
        case _:
            with closing(connect(settings, named)) as system:
                if not system.connection.entities:
                    raise NotConfiguredError(
                        f"the connection {system.connection.name} reads nothing; add a section "
                        "`entities`"
                    )
                return system.connection.name
    return named
