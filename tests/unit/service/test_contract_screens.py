"""The list of contracts: found by words, cut by walls, with what waits for a person."""

from __future__ import annotations

import pytest

from data.schemas.contracts import ContractLine
from data.schemas.people import Project, Task
from service.domain.wall import OPEN_WALL, Wall
from service.ports.clauses import ClauseReading
from service.usecases.terms.propose_clauses import propose_clauses
from service.usecases.terms.put_reference import put_reference
from service.wire.contracts import ContractQuery
from tests.builders.contracts import client, contract
from tests.builders.proposals import draft
from tests.builders.service import WORKFLOW, Workplace


@pytest.fixture
def office(workplace: Workplace) -> Workplace:
    """Two clients, two contracts; another unit delivers each."""
    projects = [
        Project(
            id=f"P-{number}",
            name=f"Project {number}",
            client_id=name,
            business_unit=unit,
            contract_id=f"C-{number}",
            tasks=(Task(id="T-1", name="Work"),),
        )
        for number, name, unit in ((1, "acme", "North"), (2, "zeta", "South"))
    ]
    put(workplace, "clients", client(), client(id="zeta", name="Zeta Holding"))
    put(workplace, "projects", *projects)
    put(workplace, "contracts", *(
        contract(
            id=f"C-{number}", name=f"Frame {number}", client_id=name, clauses=(), rate_card=(),
            lines=(ContractLine(id="L-1", project_id=f"P-{number}", name="Work"),),
        )
        for number, name in ((1, "acme"), (2, "zeta"))
    ))  # fmt: skip
    return workplace


def put(place: Workplace, kind: str, *objects) -> None:
    named = [(one.id, one) for one in objects]
    place.run(
        lambda uow: put_reference(kind, named, actor_id="key", uow=uow, now=place.clock.now())
    )


def listed(place: Workplace, *, wall: Wall = OPEN_WALL, **wanted) -> list[str]:
    page = place.screens.contract_page(ContractQuery(**wanted), wall=wall)
    return [one.id for one in page.contracts]


@pytest.mark.parametrize(
    ("text", "found"),
    [("Frame", ["C-1", "C-2"]), ("c-2", ["C-2"]), ("holding", ["C-2"]), ("100%", [])],
    ids=["its name", "its id", "its client", "a sign that SQL would read"],
)
def test_a_contract_is_found_by(office, text, found):
    assert listed(office, q=text) == found


@pytest.mark.parametrize(
    "wall",
    [
        Wall(client_ids=frozenset({"zeta"})),
        Wall(business_units=frozenset({"South"})),
        Wall(client_ids=frozenset({"zeta", "acme"}), business_units=frozenset({"South"})),
    ],
    ids=["of clients", "of business units", "of both"],
)
def test_a_wall_leaves_what_lies_on_its_side(office, wall):
    assert listed(office, wall=wall) == ["C-2"]
    assert listed(office, wall=wall, q="acme") == []


def test_pages_follow_each_other_without_gap_or_repeat(office):
    first = office.screens.contract_page(ContractQuery(limit=1), wall=OPEN_WALL)
    second = office.screens.contract_page(
        ContractQuery(limit=1, cursor=first.next_cursor), wall=OPEN_WALL
    )
    assert [one.id for one in (*first.contracts, *second.contracts)] == ["C-1", "C-2"]
    assert second.next_cursor is None


def test_a_new_version_takes_the_place_of_the_old_one(office):
    put(office, "contracts", contract(id="C-1", name="Frame one, renewed", client_id="acme"))
    (found,) = office.screens.contract_page(ContractQuery(q="renewed"), wall=OPEN_WALL).contracts

    assert (found.id, found.client_name) == ("C-1", client().name)
    assert listed(office) == ["C-1", "C-2"]


def test_what_waits_for_a_person_is_counted_and_can_be_asked_for(office):
    reading = ClauseReading(document="text", document_sha256="b" * 64, drafts=(draft(),))
    office.run(
        lambda uow: propose_clauses(
            "C-2", reading, line_id=None, actor=WORKFLOW, uow=uow, now=office.clock.now(),
            ids=office.ids,
        )
    )  # fmt: skip
    (found,) = office.screens.contract_page(
        ContractQuery(has_proposals=True), wall=OPEN_WALL
    ).contracts

    assert (found.id, found.open_proposals) == ("C-2", 1)
