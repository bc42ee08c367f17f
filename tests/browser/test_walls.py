"""Behind a wall nothing of the other client reaches a browser, and a link to it tells nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, WebSocket

from data.schemas.contracts import ContractLine
from data.schemas.reference import Reference
from service.domain.wall import Wall
from service.wire.cases import ClaimRequest, DecisionRequest
from service.wire.preferences import Preferences
from service.wire.talk import ViewRequest
from tests.browser.furnished import APPROVE
from tests.browser.real_desk import RealDesk, Tab, real_desk
from tests.builders.contracts import (
    assignment,
    client,
    contract,
    manager,
    person,
    project,
    reference,
)
from tests.builders.items import timesheet, week
from tests.fakes.scorer import FakeScorer

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
OWN, OTHER, MARK = "acme", "zzbolt", b"zzbolt"
MISSING = "C-009999"


@dataclass(frozen=True, slots=True, kw_only=True)
class Walled:
    """A desk on which Ana sees one of two clients."""

    desk: RealDesk
    own: str
    other: str
    """A case of the other client that Ana was mentioned in before the wall stood."""


@pytest.fixture(scope="module")
def walled(browser: Browser, tmp_path_factory) -> Iterator[Walled]:
    folder = tmp_path_factory.mktemp("walls")
    known, scorer = _two_clients(), FakeScorer()
    scorer.contracts = dict(known.contracts)
    with real_desk(folder, browser, reference=known, scorer=scorer) as desk:
        world = desk.world
        for login in ("ana", "bo"):
            world.client(login).save_preferences(Preferences(has_seen_guide=True))
        cases = {side: world.submit([_sheet(side, name)])[0]
                 for side in (OWN, OTHER) for name in ("TD", "TS")}  # fmt: skip
        _decide(world.client("bo"), world.submit([_sheet(OTHER, "TE")])[0])
        world.client("bo").comment(cases[OTHER], text=f"@ana look at {OTHER}")
        world.client("bo").save_view(
            ViewRequest(name=f"All of {OTHER}", filters={"cases_q": OTHER}, is_shared=True)
        )
        # The wall goes up last: what was said before must not reach her behind it.
        with world.opener() as uow:
            ana = uow.accounts.by_person("person-ana")
            uow.accounts.save(replace(ana, wall=Wall(client_ids=frozenset({OWN}))))
        yield Walled(desk=desk, own=cases[OWN], other=cases[OTHER])


def _two_clients() -> Reference:
    return reference(
        *(
            contract(
                id=f"C-{side}",
                client_id=side,
                name=f"Contract {side}",
                lines=(ContractLine(id="L-1", project_id=f"P-{side}", name=f"Line {side}"),),
            )
            for side in (OWN, OTHER)
        ),
        clients=(client(), client(id=OTHER, name=f"Client {OTHER}")),
        projects=tuple(
            project(id=f"P-{side}", name=f"Project {side}", client_id=side, contract_id=f"C-{side}")
            for side in (OWN, OTHER)
        ),
        people=(
            manager(),
            *(person(id=f"ada-{side}", name=f"Ada {side}") for side in (OWN, OTHER)),
        ),
        assignments=tuple(
            assignment(id=f"A-{side}", person_id=f"ada-{side}", project_id=f"P-{side}")
            for side in (OWN, OTHER)
        ),
    )


def _sheet(side: str, name: str):
    external_id = f"{name}-{side}"
    return timesheet(
        external_id=external_id,
        person_id=f"ada-{side}",
        contract_id=f"C-{side}",
        entries=week(of=external_id, project_id=f"P-{side}", narrative=f"Wrote for {side}"),
    )


def _decide(caller, case_id: str) -> None:
    (claim,) = caller.claim(ClaimRequest(case_id=case_id)).claims
    request = DecisionRequest(
        lease_token=claim.lease_token, version=claim.detail.case.version, **APPROVE
    )
    caller.decide(case_id, request=request, idempotency_key=case_id)


@pytest.fixture
def ana(walled: Walled) -> Iterator[Tab]:
    tab = walled.desk.tab("ana")
    yield tab
    tab.page.context.close()


def heard(tab: Tab) -> list[bytes]:
    """Everything that will have reached the tab: its socket and its downloads of media."""
    received: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on(
            "framereceived",
            lambda said: received.append(said if isinstance(said, bytes) else said.encode()),
        )

    tab.page.on("websocket", listen)
    return received


PAGES = (
    "/queue",
    *(f"/my_work?tab={tab}" for tab in ("Held", "Notifications", "Decisions", "My+day")),
    "/cases",
    "/operations",
    "/quality",
    "/contracts",
    "/account",
)


def test_no_page_tells_a_walled_person_of_the_other_client(walled, ana):
    received = heard(ana)
    for path in (*PAGES, *(f"/case?case={walled.own}&tab={tab}" for tab in ("related", "similar"))):
        ana.open(path)
        ana.page.locator(".cs-page, .cs-card").first.wait_for()
        ana.settles()
        assert OTHER not in ana.page.content(), path
        assert walled.other not in ana.page.content(), path
    everything = b"".join(received)
    assert b"Ada acme" in everything
    assert MARK not in everything


def test_a_search_for_the_other_client_finds_nothing(walled, ana):
    received = heard(ana)
    ana.open("/cases?cases_q=Wrote")
    ana.open(f"/cases?cases_q={walled.other}")
    ana.says("No case passes these filters.")
    assert b"Client zzbolt" not in b"".join(received)
    assert b"Ada zzbolt" not in b"".join(received)


def test_a_link_to_a_hidden_case_says_what_a_link_to_no_case_says(walled, ana):
    told = {}
    for case_id in (walled.other, MISSING):
        ana.open(f"/case?case={case_id}")
        ana.page.get_by_role("alert").first.wait_for()
        ana.settles()
        told[case_id] = ana.page.locator("[data-testid=stMain]").inner_text()
    assert told[walled.other].replace(walled.other, MISSING) == told[MISSING]
    for name in ("C-zzbolt", "C-nowhere"):
        ana.open(f"/contracts?contract={name}")
        ana.page.get_by_role("alert").first.wait_for()
        told[name] = ana.page.locator("[data-testid=stMain]").inner_text()
    assert told["C-zzbolt"].replace("C-zzbolt", "C-nowhere") == told["C-nowhere"]


def test_a_file_of_all_cases_holds_no_row_of_the_other_client(walled, ana):
    ana.open("/cases")
    with ana.page.expect_download() as coming:
        ana.page.get_by_role("button", name="CSV").click()
    told = coming.value.path().read_bytes()
    assert b"acme" in told.lower()
    assert MARK not in told


def test_a_wall_put_up_while_somebody_reads_takes_the_case_off_their_screen(walled):
    bo = walled.desk.tab("bo")
    bo.open(f"/case?case={walled.other}")
    bo.shows(walled.other)
    with walled.desk.world.opener() as uow:
        account = uow.accounts.by_person("person-bo")
        uow.accounts.save(replace(account, wall=Wall(client_ids=frozenset({OWN}))))
    bo.page.get_by_role("tab", name="Timeline").click()
    bo.page.locator(f"[data-case='{walled.other}']").wait_for(state="detached")
    bo.page.context.close()
