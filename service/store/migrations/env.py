"""Runs migrations over the connection that `service.store.migrate` hands in."""

from __future__ import annotations

from alembic import context

from service.store import (  # noqa: F401 - tables of the metadata
    event_tables,
    failure_tables,
    flow_tables,
    model_tables,
    sync_tables,
)
from service.store.desk_tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
