"""Whatever the wall and whatever there is, nobody is shown anything from behind their wall."""

from __future__ import annotations

import csv
import io
import itertools
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.schemas.contracts import ContractLine
from data.schemas.vocabulary import Role
from service.domain.wall import Wall
from tests.builders.api import RunningApi, running_api, tell
from tests.builders.contracts import assignment, client, contract, person, project, reference
from tests.builders.items import timesheet, week
from tests.builders.walled_world import OPEN_PERSON, WALLED_PERSON, people_and_keys
from tests.fakes.scorer import CLEAR

CLIENTS = ("acme", "bolt", "crux")
UNITS = ("North", "South", None)
PLACES = tuple(itertools.product(CLIENTS, UNITS))


def _contract_id(place):
    return f"C-{place[0]}-{place[1]}"


def _reference():
    return reference(
        *(
            contract(
                id=_contract_id(place),
                client_id=place[0],
                lines=(ContractLine(id="L-1", project_id=f"P-{place}", name="Line"),),
            )
            for place in PLACES
        ),
        clients=[client(id=name) for name in CLIENTS],
        projects=[
            project(
                id=f"P-{place}",
                client_id=place[0],
                contract_id=_contract_id(place),
                business_unit=place[1],
            )
            for place in PLACES
        ],
        people=[person(id=f"ada-{place}") for place in PLACES],
        assignments=[
            assignment(id=f"A-{place}", person_id=f"ada-{place}", project_id=f"P-{place}")
            for place in PLACES
        ],
    )


@dataclass
class Firm:
    """A running API in which every item is known by its place: its client and business unit."""

    api: RunningApi
    places: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    """By item id and by case id."""

    def submit(self, place, *, fate):
        """Bring an item to a place: it waits, is decided, or is cleared and billed."""
        name = f"TS-{len(self.places)}"
        item = timesheet(
            external_id=name,
            person_id=f"ada-{place}",
            contract_id=_contract_id(place),
            entries=week(of=name, project_id=f"P-{place}"),
        )
        if fate == "cleared":
            self.api.scorer.says(item.item_id, **CLEAR)
        self.places[item.item_id] = place
        (result,) = self.api.assess(item).json()["results"]
        if result["case_id"] is None:
            return
        self.places[result["case_id"]] = place
        if fate == "decided":
            claim = self.api.claim("carl", case_id=result["case_id"]).json()["claims"][0]
            assert self.api.decide(claim, who="carl").status_code == 200
        else:
            path = f"/v1/cases/{result['case_id']}/comments"
            said = {"text": f"Look, @{WALLED_PERSON} and @{OPEN_PERSON}"}
            self.api.call("anna", "POST", path, json=said)

    def put_up(self, wall):
        """Put a wall before the walled person."""
        with self.api.opener() as uow:
            account = uow.accounts.by_login(WALLED_PERSON)
            uow.accounts.save(replace(account, wall=wall))

    def read(self, who, path, **query):
        """Read something as it is shown."""
        answer = self.api.call(who, "GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer

    def pages(self, who, path, name, **query):
        """Read every page of a list, by seven."""
        rows, cursor = [], None
        while True:
            given = query | {"limit": 7} | ({"cursor": cursor} if cursor else {})
            page = self.read(who, path, **given).json()
            rows += page[name]
            cursor = page["next_cursor"]
            if cursor is None:
                return rows


@pytest.fixture(scope="module")
def firm(tmp_path_factory):
    """A firm with a few items, and two people with every role: one will get walls."""
    with running_api(tmp_path_factory.mktemp("walls"), reference=_reference()) as api:
        api.scorer = tell(api)
        api.scorer.contracts = {
            _contract_id(place): contract(
                id=_contract_id(place),
                client_id=place[0],
                lines=(ContractLine(id="L-1", project_id=f"P-{place}", name="Line"),),
            )
            for place in PLACES
        }
        api.scorer.units = {
            (_contract_id(place), "L-1"): place[1] for place in PLACES if place[1] is not None
        }
        people_and_keys(api)
        made = Firm(api)
        for place, fate in itertools.product(PLACES, ("waiting", "decided")):
            made.submit(place, fate=fate)
        yield made


some_clients = st.one_of(st.none(), st.frozensets(st.sampled_from([*CLIENTS, "nobody"])))
some_units = st.one_of(st.none(), st.frozensets(st.sampled_from(["North", "South", "nowhere"])))
walls = st.builds(Wall, client_ids=some_clients, business_units=some_units)
arrivals = st.lists(
    st.tuples(st.sampled_from(PLACES), st.sampled_from(["waiting", "decided", "cleared"])),
    max_size=2,
)
LISTS = (
    ("/v1/cases", "cases", "id", {}),
    ("/v1/cases", "cases", "id", {"status": "open"}),
    ("/v1/cases", "cases", "id", {"q": "TS-1"}),
    ("/v1/cases", "cases", "id", {"client_id": "acme"}),
    ("/v1/decisions", "decisions", "case_id", {"mine": "false"}),
    ("/v1/postings", "postings", "item_id", {}),
    ("/v1/notifications", "notifications", "case_id", {}),
)
EXPORTS = (
    ("/v1/exports/cases.csv", "Case", {}),
    ("/v1/exports/decisions.csv", "Case", {"mine": "false"}),
    ("/v1/exports/postings.csv", "Item", {}),
)
looking = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@looking
@given(wall=walls, arrived=arrivals)
def test_lists_searches_and_exports_are_the_open_ones_without_what_is_behind(firm, wall, arrived):
    _arrange(firm, wall, arrived)
    for path, name, key, query in LISTS:
        everything = [row[key] for row in firm.pages(OPEN_PERSON, path, name, **query)]
        shown = [row[key] for row in firm.pages(WALLED_PERSON, path, name, **query)]
        assert shown == [one for one in everything if _is_seen(firm, one, wall)], path
    for path, column, query in EXPORTS:
        everything = _column(firm.read(OPEN_PERSON, path, **query), column)
        shown = _column(firm.read(WALLED_PERSON, path, **query), column)
        assert shown == [one for one in everything if _is_seen(firm, one, wall)], path


@looking
@given(wall=walls, arrived=arrivals)
def test_numbers_add_up_what_is_seen_and_nothing_else(firm, wall, arrived):
    _arrange(firm, wall, arrived)
    cases = firm.pages(OPEN_PERSON, "/v1/cases", "cases")
    waiting = [one for one in cases if one["status"] == "open"]
    seen = [one for one in waiting if _is_seen(firm, one["id"], wall)]
    summary = firm.read(WALLED_PERSON, "/v1/queue").json()
    assert summary["waiting"] == len(seen)
    decided = [
        one
        for one in firm.pages(OPEN_PERSON, "/v1/decisions", "decisions", mine="false")
        if _is_seen(firm, one["case_id"], wall)
    ]
    assert summary["decided_today"] == len(decided)
    if not seen:
        assert summary["money_at_stake_minor"].get("EUR", 0) == 0
        assert summary["waiting_minutes"] == 0
    unread = firm.read(WALLED_PERSON, "/v1/me").json()["unread"]
    assert unread == firm.read(WALLED_PERSON, "/v1/notifications").json()["unread"]


@looking
@given(wall=walls)
def test_what_is_alike_is_sought_on_this_side_only(firm, wall):
    firm.put_up(wall)
    for case in firm.pages(WALLED_PERSON, "/v1/cases", "cases")[:4]:
        path = f"/v1/cases/{case['id']}"
        relatives = firm.read(WALLED_PERSON, f"{path}/relatives").json()["relatives"]
        similar = firm.read(WALLED_PERSON, f"{path}/similar").json()["similar"]
        named = [one["case"]["id"] for one in relatives] + [one["case_id"] for one in similar]
        assert all(_is_seen(firm, one, wall) for one in named)


@looking
@given(wall=walls)
def test_the_queue_hands_out_what_is_seen_only(firm, wall):
    firm.put_up(wall)
    claims = firm.api.claim(WALLED_PERSON, count=3).json()["claims"]
    for claim in claims:
        case = claim["detail"]["case"]
        assert _is_seen(firm, case["id"], wall)
        path = f"/v1/cases/{case['id']}/lease/release"
        firm.api.call(WALLED_PERSON, "POST", path, json={"lease_token": claim["lease_token"]})


@looking
@given(wall=walls, name=st.sampled_from(range(18)))
def test_a_case_is_there_exactly_for_those_on_its_side(firm, wall, name):
    firm.put_up(wall)
    case_id = f"C-{name + 1:06d}"
    answer = firm.api.call(WALLED_PERSON, "GET", f"/v1/cases/{case_id}")
    assert answer.status_code == (200 if _is_seen(firm, case_id, wall) else 404)


def _arrange(firm, wall, arrived):
    for place, fate in arrived:
        firm.submit(place, fate=fate)
    firm.put_up(wall)


def _is_seen(firm, name, wall):
    client_id, unit = firm.places[name]
    return wall.admits(client_id=client_id, business_unit=unit)


def _column(answer, name):
    return [row[name] for row in csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))]


def test_both_people_may_do_everything_but_for_the_wall(firm):
    """Without this, an answer could be short for another reason."""
    for who in (OPEN_PERSON, WALLED_PERSON):
        assert set(firm.read(who, "/v1/me").json()["roles"]) == set(Role)
