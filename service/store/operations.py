"""The operations page: one question after the other, each narrowed to the reader's wall."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, select

from service.domain.wall import Wall
from service.ports.operations import Period
from service.store.display_names import names_of
from service.store.operations_assessed import found_of, straight_through_of
from service.store.operations_days import days_of
from service.store.operations_decided import decided_of
from service.store.operations_open import open_work_of
from service.store.operations_posted import posted_of
from service.store.tables import item
from service.store.walls import within
from service.wire.operations import Named, OperationsView


class SqlOperations:
    """Answers the operations page from a reading engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def view(self, period: Period, *, wall: Wall) -> OperationsView:
        """Add everything up, over one state of the tables."""
        with self._engine.begin() as connection:
            return OperationsView(
                since=period.since,
                until=period.until,
                open=open_work_of(period, wall=wall, connection=connection),
                straight_through=straight_through_of(period, wall=wall, connection=connection),
                decided=decided_of(period, wall=wall, connection=connection),
                found=found_of(period, wall=wall, connection=connection),
                posted=posted_of(period, wall=wall, connection=connection),
                days=days_of(period, wall=wall, connection=connection),
                clients=_clients(wall, connection),
                business_units=_business_units(wall, connection),
            )


def _clients(wall: Wall, connection: Connection) -> tuple[Named, ...]:
    query = within(select(item.c.client_id).distinct(), item, wall)
    ids = list(connection.execute(query).scalars())
    names = names_of("clients", ids, connection)
    found = (Named(id=one, name=names.get(one, one)) for one in ids)
    return tuple(sorted(found, key=lambda one: one.name.casefold()))


def _business_units(wall: Wall, connection: Connection) -> tuple[str, ...]:
    query = within(
        select(item.c.business_unit).distinct().where(item.c.business_unit.is_not(None)), item, wall
    )
    return tuple(sorted(connection.execute(query).scalars()))
