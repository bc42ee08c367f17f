"""Reads of contracts: a list with what waits for a person's word."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, Subquery, exists, func, or_, select

from data.schemas.vocabulary import ContractType
from service.domain.wall import Wall
from service.store.display_names import names_of
from service.store.json_text import AsJson, elements_of, length_of
from service.store.tables import proposal, proposal_outcome, reference
from service.wire.contracts import ContractPage, ContractQuery, ContractSummary


def contract_page_of(connection: Connection, wanted: ContractQuery, *, wall: Wall) -> ContractPage:
    """Give one page of the contracts within a wall, by id."""
    newest = _newest("contracts")
    said = AsJson(newest.c.body)
    client_id = said["client_id"].as_string()
    query: Select[*tuple[Any, ...]] = select(
        newest.c.id,
        newest.c.name,
        client_id.label("client_id"),
        said["type"].as_string().label("type"),
        said["currency"].as_string().label("currency"),
        said["signed_on"].as_string().label("signed_on"),
        length_of(newest.c.body, "lines").label("lines"),
        length_of(newest.c.body, "clauses").label("clauses"),
        length_of(newest.c.body, "change_orders").label("change_orders"),
    ).order_by(newest.c.id)
    query = _within(query, newest, client_id, wall=wall)
    if wanted.q:
        query = query.where(_matches(wanted.q, newest, client_id))
    if wanted.has_proposals:
        query = query.where(newest.c.id.in_(_OPEN.with_only_columns(proposal.c.contract_id)))
    if wanted.cursor is not None:
        query = query.where(newest.c.id > wanted.cursor)
    rows = connection.execute(query.limit(wanted.limit + 1)).all()
    shown = rows[: wanted.limit]
    clients = names_of("clients", {row.client_id for row in shown}, connection)
    waiting = _waiting({row.id for row in shown}, connection)
    contracts = tuple(
        ContractSummary(
            id=row.id,
            name=row.name,
            client_id=row.client_id,
            client_name=clients.get(row.client_id, row.client_id),
            type=ContractType(row.type),
            currency=row.currency,
            signed_on=date.fromisoformat(row.signed_on),
            lines=row.lines,
            clauses=row.clauses,
            change_orders=row.change_orders,
            open_proposals=waiting.get(row.id, 0),
        )
        for row in shown
    )
    more = len(rows) > wanted.limit
    return ContractPage(contracts=contracts, next_cursor=shown[-1].id if more else None)


_OPEN = (
    select(proposal.c.contract_id, func.count().label("number"))
    .outerjoin(proposal_outcome, proposal_outcome.c.proposal_id == proposal.c.id)
    .where(proposal_outcome.c.proposal_id.is_(None))
)


def _newest(kind: str) -> Subquery:
    later = reference.alias("later")
    is_outdated = exists().where(
        later.c.kind == reference.c.kind,
        later.c.id == reference.c.id,
        later.c.version > reference.c.version,
    )
    return (
        select(reference.c.id, reference.c.name, reference.c.body)
        .where(reference.c.kind == kind, ~is_outdated)
        .subquery(f"newest_{kind}")
    )


def _within(
    query: Select[*tuple[Any, ...]],
    newest: Subquery,
    client_id: Any,  # noqa: ANN401 - a SQL expression
    *,
    wall: Wall,
) -> Select[*tuple[Any, ...]]:
    """A contract lies where its client does, and where a unit delivers one of its lines."""
    if wall.client_ids is not None:
        query = query.where(client_id.in_(sorted(wall.client_ids)))
    if wall.business_units is not None:
        projects = _newest("projects")
        unit = AsJson(projects.c.body)["business_unit"].as_string()
        own = select(projects.c.id).where(unit.in_(sorted(wall.business_units)))
        line = elements_of(newest.c.body, "lines")
        project_id = AsJson(line.c.value)["project_id"].as_string()
        query = query.where(exists(select(line.c.value).where(project_id.in_(own))))
    return query


def _matches(text: str, newest: Subquery, client_id: Any) -> Any:  # noqa: ANN401 - SQL expressions
    named = select(reference.c.id).where(
        reference.c.kind == "clients", reference.c.name.icontains(text, autoescape=True)
    )
    return or_(
        newest.c.id.icontains(text, autoescape=True),
        newest.c.name.icontains(text, autoescape=True),
        client_id.in_(named),
    )


def _waiting(contract_ids: Iterable[str], connection: Connection) -> dict[str, int]:
    query = _OPEN.where(proposal.c.contract_id.in_(contract_ids)).group_by(proposal.c.contract_id)
    return {row.contract_id: row.number for row in connection.execute(query)}
