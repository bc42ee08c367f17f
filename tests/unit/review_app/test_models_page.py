"""Models: what is in force and promised, in words and figures, and orders that ask first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from data.schemas.vocabulary import JobStatus, ModelOrder
from review_app.screens.models import models_view
from service.clock import SystemClock
from service.scoring.champion import CHALLENGER_RECORD, RECORD
from service.wire.models import JobView
from tests.builders.contracts import reference
from tests.builders.desk_world import DeskWorld, serving_desk
from tests.builders.opened_screen import Open, drawn, labels, opening_screens
from tests.builders.released import release

pytestmark = pytest.mark.enable_socket
NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[DeskWorld]:
    home = tmp_path_factory.mktemp("models")
    release(home / "bundles", record=RECORD)
    release(home / "bundles", record=CHALLENGER_RECORD, version=2)
    with serving_desk(home, reference=reference()) as running:
        yield running


@pytest.fixture
def screens(world, monkeypatch) -> Iterator[Open]:
    with opening_screens(world, monkeypatch) as open_screen:
        yield open_screen


@pytest.fixture
def nothing_ordered(world) -> None:
    """End whatever a test before ordered: no worker runs here."""
    with world.opener() as uow:
        for job in uow.jobs.unfinished():
            uow.jobs.save(job.done({"version": 4}, at=SystemClock().now()))


def ordered(world) -> list[tuple[ModelOrder, int | None]]:
    with world.opener() as uow:
        return [(one.ordered, one.version) for one in uow.jobs.unfinished()]


def test_what_is_in_force_says_what_it_promises(screens):
    app = screens("models", "emil")

    assert not app.exception
    assert "Version 1" in drawn(app)
    (promise,) = app.dataframe[0].value["Promise"]
    assert promise.startswith("at most")


@pytest.mark.parametrize("who", ["carla", "dora"])
def test_approvers_and_auditors_read_and_order_nothing(screens, who):
    app = screens("models", who, tab="Orders")

    assert not app.exception
    assert "you read here" in drawn(app)
    assert "Retrain" not in labels(app)


def test_a_reviewer_is_told_what_this_needs(screens):
    app = screens("models", "ana")

    assert not app.exception
    assert "needs the role" in drawn(app)


@pytest.mark.usefixtures("nothing_ordered")
def test_a_promotion_asks_first_and_then_shows_that_it_waits(screens, world):
    app = screens("models", "emil", tab="Orders")
    app.number_input(key="model_version").set_value(3).run()
    app.button(key="order_promote_3").click().run()
    assert ordered(world) == []
    assert "becomes champion in place of" in drawn(app)

    app.button(key="order_promote_3_confirmed").click().run()
    assert not app.exception
    assert ordered(world) == [(ModelOrder.PROMOTE, 3)]
    assert "was ordered as" in drawn(app)
    # One order at a time: nothing else can be ordered while it waits.
    assert "Retrain" not in labels(app)


@pytest.mark.usefixtures("nothing_ordered")
def test_an_order_that_is_cancelled_is_not_given(screens, world):
    app = screens("models", "emil", tab="Orders")
    app.button(key="order_retrain_Retrain").click().run()
    app.button(key="order_retrain_Retrain_cancelled").click().run()

    assert ordered(world) == []
    assert "order_retrain_Retrain_confirmed" not in {one.key for one in app.button}


@pytest.mark.usefixtures("nothing_ordered")
def test_an_order_somebody_else_gave_meanwhile_is_told(screens, world):
    app = screens("models", "emil", tab="Orders")
    app.button(key="order_look_drift").click().run()
    world.client("rosa").retrain()
    app.button(key="order_look_drift_confirmed").click().run()

    assert not app.exception
    assert ordered(world) == [(ModelOrder.RETRAIN, None)]


def test_the_challenger_stands_beside_the_champion(screens):
    app = screens("models", "emil", tab="Challenger")

    assert not app.exception
    assert "Version 2" in drawn(app)


def test_nothing_checked_yet_says_when_checks_begin(screens):
    assert "Checks begin with the first item" in drawn(screens("models", "emil", tab="Checks"))


def test_where_there_is_no_tracking_server_the_command_is_told(screens):
    told = drawn(screens("models", "emil", tab="Drift and training"))

    assert "countersign mlflow" in told
    assert "Drift was never ordered here" in told


def test_versions_are_offered_newest_first_and_without_the_champion():
    jobs = [job(version=3), job(version=1), job(version=None, result={"version": 5})]

    assert models_view.earlier_versions(jobs, champion=3) == [5, 1]


def job(**overrides) -> JobView:
    given = {
        "id": "job-1",
        "ordered": ModelOrder.PROMOTE,
        "version": 1,
        "actor_id": "person-emil",
        "status": JobStatus.DONE,
        "ordered_at": NOW,
        "started_at": NOW,
        "ended_at": NOW,
        "result": {},
        "why": None,
    }
    return JobView(**(given | overrides))
