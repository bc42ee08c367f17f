"""The pages Policy and Quality in Streamlit's simulator, against the real API over loopback."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from data.schemas.review_policy import STANDARD_REVIEW_POLICY
from data.schemas.vocabulary import Lane, ReasonCode, Verdict
from review_app import clock
from review_app.settings import settings
from tests.builders.contracts import reference
from tests.builders.desk_world import DeskWorld, serving_desk
from tests.builders.judged_desk import HIDDEN, SHOWN, judging
from tests.fakes.scorer import FakeScorer

pytestmark = pytest.mark.enable_socket
HOSTILE = "<img src=x onerror=alert(1)> **bold** [link](//evil.example) $x$"
YES, NO = Verdict.APPROVE, Verdict.REJECT


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[DeskWorld]:
    home = tmp_path_factory.mktemp("policy")
    with serving_desk(home, reference=reference(), scorer=FakeScorer()) as running:
        yield running


def _policy_screen() -> None:
    import streamlit as st  # noqa: PLC0415

    from review_app import navigation, session  # noqa: PLC0415
    from review_app.screens.policy.page import policy  # noqa: PLC0415

    desk = session.open_desk(st.user.tokens["access"])
    navigation.offer(desk.me, screens=dict.fromkeys(("cases", "models", "policy"), policy))
    policy()


def _quality_screen() -> None:
    import streamlit as st  # noqa: PLC0415

    from review_app import navigation, session  # noqa: PLC0415
    from review_app.screens.quality.page import quality  # noqa: PLC0415

    desk = session.open_desk(st.user.tokens["access"])
    navigation.offer(desk.me, screens=dict.fromkeys(("cases", "models", "quality"), quality))
    quality()


@pytest.fixture
def open_as(world: DeskWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Opens a screen as somebody."""
    monkeypatch.setenv("COUNTERSIGN_API_URL", world.url)
    settings.cache_clear()
    opened: list[AppTest] = []

    def open_screen(who: str, script: Callable[[], None] = _policy_screen) -> AppTest:
        app = AppTest.from_function(script, default_timeout=20)
        app.user = {"is_logged_in": True, "tokens": {"access": f"token-{who}"}}
        opened.append(app)
        return app

    yield open_screen
    for app in opened:
        if "desk" in app.session_state:
            app.session_state["desk"].close()
    settings.cache_clear()


def read(app: AppTest) -> str:
    """Everything that stands on the screen as text."""
    assert not app.exception
    blocks = [block.proto.body for block in app.get("html")]
    shown = [*app.markdown, *app.caption, *app.info, *app.warning, *app.success, *app.error]
    words = re.sub("<[^>]*>", " ", " ".join(blocks))
    return " ".join([unescape(words), *(one.value for one in shown)])


def limit(app: AppTest, path: str):
    """The field of a limit in the form that stands on the version in force."""
    (found,) = [
        one
        for one in (*app.number_input, *app.checkbox)
        if (one.key or "").startswith("policy_") and (one.key or "").endswith(f"_{path}")
    ]
    return found


def drafted(world: DeskWorld, *, who: str = "carla", note: str = "Two went wrong", **changed):
    with world.opener() as uow:
        in_force = uow.policies.in_force()
    return world.client(who).draft_policy(in_force.model_copy(update=changed), note=note)


def test_everybody_reads_the_limits_and_what_each_means(open_as):
    app = open_as("olga").run()

    told = read(app)
    assert "Standard policy" in told
    assert "50,000" in told
    assert "takes effect only after a second person" in told
    assert "Approvers and administrators draft changes" in told
    assert not [one for one in app.button if one.key == "policy_propose"]


def test_a_draft_is_made_from_the_form_and_says_what_it_changes(open_as, world):
    app = open_as("carla").run()
    limit(app, "four_eyes_major").set_value(40_000)
    limit(app, "lanes.gold").set_value(6.0)
    app.run()
    told = read(app)
    assert "2 of 18 limits change" in told
    assert "40,000" in told
    assert app.button(key="policy_propose").disabled

    (note,) = [one for one in app.text_area if one.key == "policy_0_note"]
    note.set_value("Large bills went out wrong").run()
    app.button(key="policy_propose").click().run()

    assert "waits for a second person" in read(app)
    (made, *_) = world.client("carla").policy_drafts().drafts
    assert made.policy.four_eyes_major == 40_000
    assert made.policy.lanes.gold == 0.06
    assert made.policy.timeouts == STANDARD_REVIEW_POLICY.timeouts
    world.client("carla").withdraw_policy(made.id)


def test_a_policy_that_makes_no_sense_is_told_and_not_proposed(open_as):
    app = open_as("carla").run()
    for path in ("lanes.audit", "lanes.double"):
        limit(app, path).set_value(40.0)
    app.run()

    assert "more than half of the minutes" in read(app)
    assert not [one for one in app.button if one.key == "policy_propose"]


def test_the_effect_on_the_open_cases_is_told_before_anything_is_proposed(open_as):
    app = open_as("carla").run()
    limit(app, "own_call_major").set_value(1_000).run()
    app.button(key="effect_new").click().run()
    assert "Ask for the person's own call first" in read(app)


def test_the_author_cannot_publish_and_is_told_why(open_as, world):
    draft = drafted(world, bulk_most_cases=50)
    app = open_as("carla").run()

    assert app.button(key=f"publish_{draft.id}").disabled
    assert "You drafted it; a second person publishes it" in read(app)
    world.client("carla").withdraw_policy(draft.id)


def test_a_colleague_publishes_after_a_question_and_it_is_in_force(open_as, world):
    draft = drafted(world, bulk_most_cases=40, note=HOSTILE)
    app = open_as("rosa").run()
    told = read(app)
    written = " ".join(
        [*(one.value for one in app.markdown), *(one.proto.body for one in app.get("html"))]
    )
    assert "<img" not in written.replace("\\<", ""), "what others wrote is text"
    assert "**bold**" not in written

    app.button(key=f"publish_{draft.id}").click().run()
    assert "from the next claim and decision on" in read(app)
    app.button(key=f"publish_{draft.id}_confirmed").click().run()

    told = read(app)
    assert "of the policy is in force" in told
    assert "drafted by Carla Moreau, published by Rosa Ott" in told
    with world.opener() as uow:
        assert uow.policies.in_force().bulk_most_cases == 40


def test_a_draft_withdrawn_by_a_colleague_stays_in_the_history(open_as, world):
    draft = drafted(world, bulk_most_cases=30, note="Perhaps")
    app = open_as("rosa").run()
    app.button(key=f"withdraw_{draft.id}").click().run()
    app.button(key=f"withdraw_{draft.id}_confirmed").click().run()
    told = read(app)
    assert "The draft was withdrawn" in told
    assert draft.id in told


def test_quality_says_plainly_that_there_is_not_enough_yet(open_as, world):
    with judging(world.opener.engine, at=clock.now() - timedelta(days=100)) as desk:
        desk.verdict("ana")
        desk.verdict("bo")
    app = open_as("dora", _quality_screen)
    app.run()
    assert "told once two people other than you have decided" in read(app).replace("\\", "")

    app.segmented_control(key="quality_days").set_value("365").run()
    told = read(app).replace("\\", "")
    assert "not enough yet (n = 0; told from 20 on)" in told
    assert "Not measured yet: how long it takes from an override" in told
    assert "Nothing was drawn for a check yet" in told


def test_a_link_opens_the_period_it_names(open_as):
    app = open_as("dora", _quality_screen)
    app.query_params["quality_days"] = "365"
    app.run()
    assert app.segmented_control(key="quality_days").value == "365"
    assert "would be one person" not in read(app)


def test_quality_tells_figures_with_their_counts_and_intervals(open_as, world):
    with judging(world.opener.engine, at=clock.now() - timedelta(hours=1)) as desk:
        for number in range(20):
            who = ("ana", "bo")[number % 2]
            desk.verdict(who, YES if number < 3 else NO, lane=Lane.GOLD, is_faulty=True)
        for number in range(60):
            who = ("ana", "bo")[number % 2]
            desk.verdict(who, NO, doubt=0.8, told=(SHOWN, 0.81), reason=ReasonCode.OTHER)
            desk.verdict(who, NO if number < 20 else YES, doubt=0.8, told=(HIDDEN, 0.1))
        for number in range(40):
            desk.blind_pair(YES, NO if number < 4 else YES)
    app = open_as("dora", _quality_screen).run()
    told = read(app).replace("\\", "")

    assert "Reviewers caught 17 of 20 seeded faults: between 64 % and 95 %." in told
    assert "agreed on 36 of 40 items" in told
    assert "side with it oftener, by +67 points" in told
    assert "a coin decided who was told" in told
    assert "The list lacks a reason, most of all for 'reject'" in told
    assert re.search(r"Faults caught\s+85 %", told)
    assert "Your own figures" not in told, "an auditor decides nothing"


def test_a_reviewer_sees_their_own_figures_and_no_one_elses(open_as):
    app = open_as("ana", _quality_screen).run()
    told = read(app)
    assert [one.label for one in app.expander] == ["Your own figures, told to you alone"]
    assert "are for approvers, auditors, data scientists" in told
    assert "Reviewers caught" not in told
