"""Naming the right answer of a decided case, in Streamlit's simulator, against the real API."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from data.schemas.vocabulary import ReasonCode, Verdict
from review_app.settings import settings
from service.wire.cases import ClaimRequest, DecisionRequest
from tests.builders.contracts import reference
from tests.builders.desk_world import DeskWorld, serving_desk
from tests.builders.items import entry, timesheet
from tests.builders.opened_screen import drawn
from tests.fakes.scorer import FakeScorer

pytestmark = pytest.mark.enable_socket
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[DeskWorld]:
    home = tmp_path_factory.mktemp("practice")
    with serving_desk(home, reference=reference(), scorer=FakeScorer(), undo_seconds=0) as running:
        yield running


def _screen() -> None:
    import streamlit as st  # noqa: PLC0415

    from review_app import navigation, session  # noqa: PLC0415
    from review_app.screens.case.page import case  # noqa: PLC0415

    desk = session.open_desk(st.user.tokens["access"])
    navigation.offer(desk.me, screens={"case": case, "cases": case})
    case()


@pytest.fixture
def open_as(world: DeskWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Opens the practice of a case as somebody."""
    monkeypatch.setenv("COUNTERSIGN_API_URL", world.url)
    settings.cache_clear()
    opened: list[AppTest] = []

    def open_screen(who: str, case_id: str) -> AppTest:
        app = AppTest.from_function(_screen, default_timeout=20)
        app.user = {"is_logged_in": True, "tokens": {"access": f"token-{who}"}}
        app.query_params["case"], app.query_params["tab"] = case_id, "practice"
        opened.append(app)
        return app.run()

    yield open_screen
    for app in opened:
        app.session_state["desk"].close()
    settings.cache_clear()


@pytest.fixture
def decided(world: DeskWorld) -> str:
    """A case that a reviewer rejected."""
    name = f"TS-practice-{next(NUMBERS)}"
    (case_id,) = world.submit([timesheet(external_id=name, entries=(entry(id=f"{name}-1"),))])
    client = world.client("ana")
    (claim,) = client.claim(ClaimRequest(case_id=case_id)).claims
    request = DecisionRequest(
        lease_token=claim.lease_token,
        version=claim.detail.case.version,
        verdict=Verdict.REJECT,
        reason_codes=(ReasonCode.DUPLICATE,),
    )
    client.decide(case_id, request=request, idempotency_key=f"key-{case_id}")
    return case_id


def tabs(app: AppTest) -> list[str]:
    return [one.label for one in app.tabs]


def named(app: AppTest, *, is_faulty: bool, why: str) -> AppTest:
    app.radio(key="practice_answer").set_value(is_faulty)
    app.text_area(key="practice_why").set_value(why)
    (send,) = [one for one in app.button if one.label == "Use it for practice"]
    return send.click().run()


def test_an_approver_names_the_answer_of_a_decided_case_and_sees_how_it_is_met(
    world, open_as, decided
):
    app = named(open_as("carla", decided), is_faulty=True, why="The client paid it *twice*.")

    assert not app.exception
    assert "Wrong to bill as it stood" in drawn(app)
    assert "nobody has met it yet" in drawn(app)
    (known,) = [one for one in world.client("carla").known_cases().known_cases if one.is_faulty]
    assert known.why == "The client paid it *twice*."


def test_an_answer_without_a_reason_is_not_taken(world, open_as, decided):
    before = len(world.client("carla").known_cases().known_cases)
    app = named(open_as("carla", decided), is_faulty=False, why="  ")

    assert "say why in a few words" in drawn(app)
    assert len(world.client("carla").known_cases().known_cases) == before


def test_practice_ends_after_a_question(world, open_as, decided):
    app = named(open_as("carla", decided), is_faulty=False, why="The client paid it.")
    (end,) = [one for one in app.button if one.label == "End the practice"]
    app = end.click().run()
    (sure,) = [one for one in app.button if (one.key or "").endswith("_confirmed")]
    app = sure.click().run()

    assert not app.exception
    assert not [one for one in world.client("carla").known_cases().known_cases if not one.is_faulty]


def test_reviewers_are_offered_no_practice_and_an_open_case_has_none(world, open_as, decided):
    (waiting,) = world.submit([timesheet(external_id=f"TS-practice-{next(NUMBERS)}")])

    assert "Practice" not in tabs(open_as("ana", decided))
    assert "Practice" not in tabs(open_as("carla", waiting))
