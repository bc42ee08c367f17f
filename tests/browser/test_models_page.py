"""Models are promoted and rolled back from the page: asked first, watched, and told when done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from data.schemas.vocabulary import ModelOrder
from service.clock import SystemClock
from service.domain.model_job import ModelJob
from service.scoring.champion import RECORD
from service.usecases.learning.carry_out_order import Workshop, carry_out_order
from tests.browser.real_desk import RealDesk, Tab, real_desk
from tests.builders.contracts import reference
from tests.builders.released import release
from tests.fakes.training import NoRows

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
ORDERS = "/models?tab=Orders"
LOOKS, LOOK_MS = 120, 500


class Releases:
    """Training whose registry holds small bundles: a promotion or a rollback releases one."""

    def __init__(self, bundles: Path) -> None:
        self._bundles = bundles

    def carry_out(self, job: ModelJob, *, rows, options=()):
        """Release the version that was ordered, as training does."""
        assert job.ordered in {ModelOrder.PROMOTE, ModelOrder.ROLLBACK}
        bundle = release(self._bundles, record=RECORD, version=job.version, seed=job.version)
        return {"bundle": bundle, "version": job.version, "promoted": True}


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory) -> Iterator[RealDesk]:
    folder = tmp_path_factory.mktemp("models")
    release(folder / "home" / "bundles", record=RECORD, version=1, seed=1)
    with real_desk(folder, browser, reference=reference()) as running:
        yield running


@pytest.fixture
def emil(desk: RealDesk) -> Iterator[Tab]:
    tab = desk.tab("emil")
    yield tab
    tab.page.context.close()


def _work_off(desk: RealDesk) -> None:
    """Do what the worker does with an order that waits."""
    world = desk.world
    with world.opener() as uow:
        (waiting,) = uow.jobs.unfinished()
    workshop = Workshop(
        open_work=world.opener,
        rows=NoRows(),
        training=Releases(world.settings.home / "bundles"),
        now=SystemClock().now,
    )
    carry_out_order(waiting.id, workshop=workshop)


def _order(tab: Tab, label: str, version: int) -> None:
    tab.open(ORDERS)
    field = tab.page.get_by_label("Version")
    field.fill(str(version))
    field.press("Enter")
    tab.page.get_by_role("button", name=f"{label} {version}").click()


def _confirm(desk: RealDesk, tab: Tab, label: str, version: int) -> None:
    tab.page.get_by_role("button", name=f"{label} {version}").last.click()
    tab.says("the worker carries it out")
    tab.says("waits for the worker")
    expect(tab.page.get_by_role("button", name="Retrain")).to_have_count(0)
    _work_off(desk)
    # Nobody reloads: the page looks by itself.
    expect(tab.page.get_by_role("button", name="Retrain")).to_be_visible()
    _until_in_force(desk, tab, version)


def _until_in_force(desk: RealDesk, tab: Tab, version: int) -> None:
    """Wait until the service has tried the new bundle in a child process, and taken it."""
    for _ in range(LOOKS):
        champion = desk.world.client("emil").models().champion
        if champion is not None and champion.version == version:
            return
        tab.page.wait_for_timeout(LOOK_MS)
    raise AssertionError(f"version {version} never came into force")


def test_a_version_is_promoted_and_rolled_back_with_a_question_before_each(desk, emil):
    _order(emil, "Promote", 2)
    emil.says("Version 2 becomes champion in place of")
    emil.page.get_by_role("button", name="Cancel").click()
    emil.settles()
    with desk.world.opener() as uow:
        assert uow.jobs.unfinished() == []

    _order(emil, "Promote", 2)
    emil.says("Version 2 becomes champion in place of")
    _confirm(desk, emil, "Promote", 2)
    emil.open("/models?tab=In+force")
    emil.says("Version 2")

    _order(emil, "Roll back to", 1)
    emil.says("What was decided stays.")
    _confirm(desk, emil, "Roll back to", 1)
    emil.open("/models?tab=In+force")
    emil.says("Version 1")


def test_an_auditor_reads_and_orders_nothing(desk):
    dora = desk.tab("dora")
    dora.open("/models?tab=Orders")
    expect(dora.page.get_by_text("you read here")).to_be_visible()
    expect(dora.page.get_by_role("button", name="Retrain")).to_have_count(0)
    dora.page.context.close()
