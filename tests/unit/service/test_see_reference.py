"""Terms, people and ceilings stay on their side of a wall, also where several units share one."""

from __future__ import annotations

from datetime import date

import pytest

from data.schemas.contracts import ContractLine
from data.schemas.missing_time import AbsentTime
from service.domain.errors import NotAllowedError, NotFoundError
from service.domain.wall import OPEN_WALL, Wall
from service.usecases.assessing.find_missing_time import find_missing_time
from service.usecases.terms.explain_allocation import explain_allocation
from service.usecases.terms.put_reference import put_reference
from service.usecases.terms.see_reference import see_reference
from tests.builders.contracts import assignment, client, contract, person, project
from tests.fakes.scorer import FakeScorer

LINES = (
    ContractLine(id="L-1", project_id="P-1", name="Build"),
    ContractLine(id="L-2", project_id="P-2", name="Run"),
)
NORTH = Wall(business_units=frozenset({"North"}))
SOUTH = Wall(business_units=frozenset({"South"}))
ACME = Wall(client_ids=frozenset({"acme"}))
BOLT = Wall(client_ids=frozenset({"bolt"}))
NOTHING = Wall(client_ids=frozenset(), business_units=frozenset())


class SharedFirm(FakeScorer):
    """Two units deliver one contract; both have somebody who recorded nothing."""

    def __init__(self):
        super().__init__()
        self.contracts = {"C-1": contract(lines=LINES)}
        self.units = {("C-1", "L-1"): "North"}

    def allocation_of(self, contract, *, line_id, client_id, on):
        return (contract.id, line_id, client_id, on)

    def absent(self, *, start, end):
        return [
            AbsentTime(
                person_id=f"ada-{line}", contract_id="C-1", line_id=line, start=start, end=end,
                missing_minutes=480, exposure_minor=-100, currency="EUR", clause_id="CL-1",
            )
            for line in ("L-1", "L-2")
        ]  # fmt: skip


@pytest.fixture
def office(workplace):
    """One client whose contract the unit North shares with a part that belongs to none."""
    stored = {
        "clients": [client(), client(id="bolt")],
        "contracts": [contract(lines=LINES)],
        "projects": [project(business_unit="North"), project(id="P-2")],
        "people": [person(), person(id="ben"), person(id="idle")],
        "assignments": [
            assignment(),
            assignment(id="A-2", person_id="ben", project_id="P-2"),
        ],
    }
    for kind, objects in stored.items():
        named = [(one.id, one) for one in objects]
        workplace.run(
            lambda uow, kind=kind, named=named: put_reference(
                kind, named, actor_id="key", uow=uow, now=workplace.clock.now()
            )
        )
    return workplace


def _refusal(office, kind, name, wall):
    """Why a reference is not given, or None where it is."""
    try:
        office.run(lambda uow: see_reference(kind, name, wall=wall, references=uow.references))
    except NotFoundError as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    ("kind", "name", "seen_behind"),
    [
        ("clients", "acme", {"open", "acme", "north"}),
        ("clients", "bolt", {"open", "bolt"}),
        ("contracts", "C-1", {"open", "acme", "north"}),
        ("projects", "P-1", {"open", "acme", "north"}),
        # No unit delivers it, so whoever is held to units does not see it.
        ("projects", "P-2", {"open", "acme"}),
        ("people", "ada", {"open", "acme", "north"}),
        ("people", "ben", {"open", "acme"}),
        # Somebody who was never assigned lies on nobody's side.
        ("people", "idle", {"open"}),
    ],
)
def test_each_reference_is_seen_from_its_own_side(office, kind, name, seen_behind):
    walls = {
        "open": OPEN_WALL, "acme": ACME, "bolt": BOLT, "north": NORTH, "south": SOUTH,
        "nothing": NOTHING,
    }  # fmt: skip
    refused = {label: _refusal(office, kind, name, wall) for label, wall in walls.items()}
    assert {label for label, why in refused.items() if why is None} == seen_behind
    # A hidden thing is refused in the words for one that does not exist.
    missing = _refusal(office, kind, "none", OPEN_WALL)
    hidden = {why.replace(name, "none") for why in refused.values() if why is not None}
    assert hidden <= {missing}


def _allocation(office, wall, *, line_id=None):
    return office.run(
        lambda uow: explain_allocation(
            "C-1", line_id=line_id, client_id=None, on=date(2026, 3, 2), wall=wall, uow=uow,
            scorer=SharedFirm(),
        )
    )  # fmt: skip


def test_a_ceiling_that_another_unit_draws_on_is_not_explained_behind_a_wall(office):
    assert _allocation(office, NORTH, line_id="L-1")[1] == "L-1"
    for line_id in (None, "L-2"):
        with pytest.raises(NotAllowedError, match="every business unit"):
            _allocation(office, NORTH, line_id=line_id)
    assert _allocation(office, ACME)[0] == "C-1"
    with pytest.raises(NotFoundError):
        _allocation(office, SOUTH)


@pytest.mark.parametrize(
    ("wall", "names"),
    [
        (OPEN_WALL, ["ada-L-1", "ada-L-2"]),
        (ACME, ["ada-L-1", "ada-L-2"]),
        (NORTH, ["ada-L-1"]),
        (BOLT, []),
    ],
)
def test_missing_time_names_people_of_this_side_only(office, wall, names):
    found = office.run(
        lambda uow: find_missing_time(
            date(2026, 3, 2), end=date(2026, 3, 8), today=date(2026, 3, 9), wall=wall, uow=uow,
            scorer=SharedFirm(),
        )
    )  # fmt: skip
    assert [one.person_id for one in found.people] == names
