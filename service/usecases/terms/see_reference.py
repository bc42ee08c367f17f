"""Which clients, contracts, projects and people lie on somebody's side of their wall."""

from __future__ import annotations

from collections.abc import Iterator

from data.schemas.contracts import Client, Contract
from data.schemas.people import Assignment, Person, Project
from service.domain.errors import NotFoundError
from service.domain.wall import Wall
from service.ports.stores import ReferenceStore


def see_reference(kind: str, object_id: str, *, wall: Wall, references: ReferenceStore) -> str:
    """Give the body of a client, a contract, a project or a person on this side of a wall.

    A client and a contract belong to every business unit that runs a project for them; a person
    lies where a project lies that they were ever assigned to, or nowhere.
    Raises NotFoundError for what lies behind the wall, in the words for what does not exist.
    """
    body = references.get(kind, object_id)
    if body is None or not (wall.is_open or _is_seen(kind, body, wall, references)):
        raise NotFoundError(kind.rstrip("s"), object_id)
    return body


def see_contract(contract_id: str, *, wall: Wall, references: ReferenceStore) -> Contract:
    """Give a contract on this side of a wall; raises NotFoundError."""
    body = see_reference("contracts", contract_id, wall=wall, references=references)
    return Contract.model_validate_json(body)


def units_of_contract(contract: Contract, *, references: ReferenceStore) -> dict[str, str | None]:
    """Give the business unit that delivers each line of a contract, by the line's id."""
    units = {one.id: one.business_unit for one in _projects(references)}
    return {line.id: units.get(line.project_id) for line in contract.lines}


def _is_seen(kind: str, body: str, wall: Wall, references: ReferenceStore) -> bool:
    match kind:
        case "clients":
            return _sees_client(Client.model_validate_json(body).id, wall, references)
        case "contracts":
            return _sees_contract(Contract.model_validate_json(body), wall, references)
        case "projects":
            return _sees_project(Project.model_validate_json(body), wall)
        case "people":
            return _sees_person(body, wall, references)
        case _:
            return False


def _sees_client(client_id: str, wall: Wall, references: ReferenceStore) -> bool:
    if wall.business_units is None:
        return wall.admits(client_id=client_id, business_unit=None)
    return any(
        one.client_id == client_id and _sees_project(one, wall) for one in _projects(references)
    )


def _sees_contract(contract: Contract, wall: Wall, references: ReferenceStore) -> bool:
    units = units_of_contract(contract, references=references).values()
    return any(wall.admits(client_id=contract.client_id, business_unit=one) for one in units)


def _sees_person(body: str, wall: Wall, references: ReferenceStore) -> bool:
    person_id = Person.model_validate_json(body).id
    places = map(Assignment.model_validate_json, references.bodies("assignments"))
    projects = {one.project_id for one in places if one.person_id == person_id}
    return any(one.id in projects and _sees_project(one, wall) for one in _projects(references))


def _sees_project(project: Project, wall: Wall) -> bool:
    return wall.admits(client_id=project.client_id, business_unit=project.business_unit)


def _projects(references: ReferenceStore) -> Iterator[Project]:
    return map(Project.model_validate_json, references.bodies("projects"))
