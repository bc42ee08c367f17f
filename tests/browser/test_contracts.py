"""A contract's text is pasted, its clauses are settled one by one, and the trail says by whom."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from data.schemas.clauses import NotToExceed, WorkingTime
from data.schemas.proposals import ProposalStatus
from data.schemas.vocabulary import AuditEvent, ClauseKind
from review_app import formats
from tests.browser.real_desk import RealDesk, Tab, real_desk
from tests.builders.contracts import clauses, contract, reference
from tests.fakes.scorer import FakeScorer

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
TEXT = (
    "MASTER AGREEMENT <b>between</b> the parties\n\n"
    "1. Working time. No person may bill more than ten (10) hours on any one day.\n\n"
    "2. Fees. The total fees under this Agreement shall not exceed EUR 250,000.\n"
)
TO_CONFIRM = "/contracts?contract=C-1&contract_tab=To+confirm"


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory) -> Iterator[RealDesk]:
    kept = clauses(without={ClauseKind.WORKING_TIME, ClauseKind.NOT_TO_EXCEED})
    told = reference(contract(clauses=kept))
    folder = tmp_path_factory.mktemp("contracts")
    with real_desk(folder, browser, reference=told, scorer=FakeScorer()) as running:
        yield running


@pytest.fixture
def carla(desk: RealDesk) -> Iterator[Tab]:
    tab = desk.tab("carla")
    yield tab
    tab.page.context.close()


def _read(tab: Tab) -> None:
    tab.open(TO_CONFIRM)
    tab.page.get_by_label("Or paste it").fill(TEXT)
    tab.page.get_by_role("button", name="Read it").click()
    tab.says("clauses were read")


def _waiting(desk: RealDesk, kind: ClauseKind):
    found = desk.world.client("carla").proposals("C-1", status=ProposalStatus.PROPOSED).proposals
    return next((one for one in found if one.draft.kind is kind), None)


def _stands_in_the_trail(desk: RealDesk, event: AuditEvent, *, subject: str) -> None:
    """Look it up as an auditor does, and read who it was."""
    dora = desk.tab("dora")
    dora.open(f"/audit?event={formats.words(event).replace(' ', '+')}&q={subject}")
    told = dora.page.locator("[data-testid=stDataFrame] table").first
    expect(told).to_contain_text("Carla Moreau")
    dora.page.context.close()


def test_pasted_clauses_are_corrected_or_dismissed_beside_their_source(desk, carla):
    _read(carla)
    hours = _waiting(desk, ClauseKind.WORKING_TIME)
    carla.open(f"{TO_CONFIRM}&proposal={hours.id}")
    marked = carla.page.locator("mark")
    expect(marked).to_contain_text("ten (10) hours")
    carla.says("MASTER AGREEMENT <b>between</b> the parties")
    form = carla.page.locator(f".st-key-confirm_{hours.id}, [data-testid=stForm]").last
    field = form.get_by_role("spinbutton").first
    expect(field).to_have_value("600")
    field.fill("540")
    carla.page.get_by_role("button", name="Confirm").click()
    carla.says("is in force, confirmed by you")

    fees = _waiting(desk, ClauseKind.NOT_TO_EXCEED)
    carla.open(f"{TO_CONFIRM}&proposal={fees.id}")
    expect(carla.page.locator("mark")).to_contain_text("shall not exceed EUR 250,000")
    carla.page.get_by_role("button", name="Dismiss").click()
    carla.page.get_by_label("Reason").fill("The ceiling is in the change order.")
    carla.page.get_by_role("button", name="Dismiss").last.click()
    carla.says("was dismissed")

    _stands_in_the_trail(desk, AuditEvent.CLAUSE_CONFIRMED, subject=hours.id)
    _stands_in_the_trail(desk, AuditEvent.CLAUSE_DISMISSED, subject=fees.id)
    held = desk.world.client("carla").contract("C-1").clauses
    (clause,) = [one for one in held if one.id == hours.id]
    assert clause.terms == WorkingTime(max_daily_minutes=540)
    assert clause.confirmed_by == "person-carla"
    assert not any(isinstance(one.terms, NotToExceed) for one in held)
