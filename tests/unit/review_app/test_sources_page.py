"""The sources under Systems: which fail and why, read now, and given to somebody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from data.schemas.vocabulary import FailureKind, SyncState
from review_app.screens.exceptions.sources import STATES, counts_in_words
from service.clock import SystemClock
from service.domain.sync import SyncTrouble
from service.usecases.syncing.note_sync import note_sync_begun, note_sync_done, note_sync_failed
from service.wiring.sync_plan import sync_plan_of
from tests.builders.contracts import reference
from tests.builders.desk_world import DeskWorld, serving_desk
from tests.builders.opened_screen import Open, drawn, labels, opening_screens

pytestmark = pytest.mark.enable_socket
REFUSED = SyncTrouble(
    kind=FailureKind.PERMANENT, told="HTTP 401: <b>who</b> are you", remedy="Renew the key."
)


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[DeskWorld]:
    with serving_desk(
        tmp_path_factory.mktemp("sources"),
        reference=reference(),
        sync_sources=("psa", "erp"),
        sync_every=timedelta(hours=1),
        owner_of_failures="person-ivo",
    ) as running:
        yield running


@pytest.fixture
def screens(world, monkeypatch) -> Iterator[Open]:
    with opening_screens(world, monkeypatch) as open_screen:
        yield open_screen


@pytest.fixture
def failing(world) -> str:
    """A source that was read well once and fails now."""
    plan = sync_plan_of(world.settings)
    with world.opener() as uow:
        note_sync_begun("psa", uow=uow, now=SystemClock().now())
        note_sync_done("psa", {"items": 4, "gone": 0}, plan=plan, uow=uow, now=SystemClock().now())
        note_sync_begun("psa", uow=uow, now=SystemClock().now())
        note_sync_failed(
            "psa", REFUSED, plan=plan, draw=0.5, uow=uow, now=SystemClock().now()
        )  # fmt: skip
    return "psa"


def sources_of(app):
    return app.dataframe[1].value.set_index("Source")


def test_a_source_that_fails_stands_there_with_its_reason_owner_and_remedy(screens, failing):
    app = screens("exceptions", "ivo", tab="Systems", source=failing)

    assert not app.exception
    listed = sources_of(app)
    assert listed.loc["psa", "State"] == "⚠ fails"
    assert listed.loc["psa", "With"] == "Ivo Horvat"
    assert listed.loc["erp", "State"] == "○ never read"
    told = drawn(app)
    assert "Renew the key" in told
    assert "items 4" in told
    assert "<b>who" not in told


def test_an_integration_owner_has_it_read_now(screens, world, failing):
    app = screens("exceptions", "ivo", tab="Systems", source=failing)
    app.button(key="source_run").click().run()

    assert not app.exception
    assert "psa is read in a moment" in drawn(app)
    one = world.client("ivo").sync("psa").sync
    assert one.next_due_at <= SystemClock().now()


def test_a_source_is_given_to_a_colleague(screens, world, failing):
    app = screens("exceptions", "ivo", tab="Systems", source=failing)
    app.selectbox(key="source_assignee").set_value("person-rosa").run()
    app.button(key="source_assign").click().run()

    assert not app.exception
    assert world.client("ivo").sync("psa").sync.owner_name == "Rosa Ott"
    told = world.client("rosa").notifications().notifications
    assert any("the sync of psa" in one.text for one in told)


def test_who_only_watches_reads_it_and_acts_on_nothing(screens, failing):
    app = screens("exceptions", "dora", tab="Systems", source=failing)

    assert not app.exception
    assert "Renew the key" in drawn(app)
    assert not {"Sync now", "Give"} & set(labels(app))


def test_every_state_has_words_and_counts_of_nothing_are_left_out():
    assert set(STATES) == set(SyncState)
    assert counts_in_words({"items": 3, "rows_gone": 0, "cases": 1}) == "items 3, cases 1"
    assert counts_in_words({"items": 0}) == "nothing new"
