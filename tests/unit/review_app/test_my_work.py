"""My work and the talk panel in Streamlit's simulator, against the real API over loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count

import pytest
from streamlit.testing.v1 import AppTest

from data.schemas.vocabulary import CaseStatus, ReasonCode, Verdict
from review_app import clock
from review_app.components import page
from review_app.settings import settings
from service.wire.cases import Claim, ClaimRequest, DecisionRequest
from service.wire.my_work import AbsenceRequest
from tests.builders.contracts import reference
from tests.builders.desk_world import DeskWorld, serving_desk
from tests.builders.items import timesheet
from tests.fakes.scorer import FakeScorer

pytestmark = pytest.mark.enable_socket
HOSTILE = "<img src=x onerror=alert(1)> **bold** [link](//evil.example) $x$"
NUMBERS = count(1)


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[DeskWorld]:
    home = tmp_path_factory.mktemp("my-work")
    with serving_desk(home, reference=reference(), scorer=FakeScorer()) as running:
        yield running


def _my_work_screen() -> None:
    import streamlit as st  # noqa: PLC0415

    from review_app import navigation, session  # noqa: PLC0415
    from review_app.screens.my_work.page import my_work  # noqa: PLC0415

    desk = session.open_desk(st.user.tokens["access"])
    navigation.offer(desk.me, screens=dict.fromkeys(("queue", "cases", "case", "my_work"), my_work))
    my_work()


def _talk_screen() -> None:
    import streamlit as st  # noqa: PLC0415

    from review_app import session  # noqa: PLC0415
    from review_app.screens.case.talk import talk_panel  # noqa: PLC0415

    desk = session.open_desk(st.user.tokens["access"])
    is_open = st.query_params.get("open") == "yes"
    talk_panel(desk.client.case(st.query_params["case"]), is_open=is_open)


@pytest.fixture
def open_as(world: DeskWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Opens a screen as somebody, on a tab."""
    monkeypatch.setenv("COUNTERSIGN_API_URL", world.url)
    settings.cache_clear()
    opened: list[AppTest] = []

    def open_screen(
        who: str, *, tab: str | None = None, script: Callable[[], None] = _my_work_screen
    ) -> AppTest:
        app = AppTest.from_function(script, default_timeout=20)
        app.user = {"is_logged_in": True, "tokens": {"access": f"token-{who}"}}
        if tab is not None:
            app.query_params["tab"] = tab
        opened.append(app)
        return app

    yield open_screen
    for app in opened:
        if "desk" in app.session_state:
            app.session_state["desk"].close()
    settings.cache_clear()


def claimed(world: DeskWorld, who: str = "ana") -> Claim:
    case_id = world.submit([timesheet(external_id=f"TS-mine-{next(NUMBERS)}")])[0]
    return world.client(who).claim(ClaimRequest(case_id=case_id)).claims[0]


def decide(world: DeskWorld, claim: Claim, who: str = "ana", verdict=Verdict.APPROVE, *reasons):
    request = DecisionRequest(
        lease_token=claim.lease_token,
        version=claim.detail.case.version,
        verdict=verdict,
        reason_codes=reasons or (ReasonCode.CLAUSE_SATISFIED,),
    )
    case_id = claim.detail.case.id
    return world.client(who).decide(case_id, request=request, idempotency_key=f"key-{case_id}")


def html(app: AppTest) -> str:
    return " ".join(block.proto.body for block in app.get("html"))


def told(app: AppTest) -> str:
    return " ".join(one.value for one in (*app.info, *app.caption, *app.error, *app.warning))


def test_a_case_i_hold_shows_the_time_left_and_can_be_held_longer(world, open_as):
    claim = claimed(world)
    case_id = claim.detail.case.id
    app = open_as("ana").run()
    assert not app.exception
    assert case_id in html(app)
    assert "left" in html(app)
    app.button(key=f"extend_{case_id}").click().run()
    after = next(
        one for one in world.client("ana").my_work().held if one.case.id == case_id
    ).case.lease_expires_at
    assert after is not None
    assert after > claim.lease_expires_at


def test_the_time_left_rests_on_a_page_nobody_touches_so_that_its_session_ends(
    world, open_as, monkeypatch
):
    case_id = claimed(world).detail.case.id
    monkeypatch.setattr(page, "REST_AFTER_SECONDS", -1)
    app = open_as("ana").run()
    assert not app.exception
    assert case_id not in html(app)
    monkeypatch.undo()
    app.button(key="my_work_held_look_again").click().run()
    assert case_id in html(app)


def test_a_case_i_give_back_is_free_for_others(world, open_as):
    case_id = claimed(world).detail.case.id
    app = open_as("ana").run()
    app.button(key=f"release_{case_id}").click().run()
    assert not app.exception
    assert world.client("bo").case(case_id).case.status is CaseStatus.OPEN


def test_what_i_asked_for_waits_on_a_tab_of_its_own(world, open_as):
    claim = claimed(world)
    asked = Verdict.REQUEST_INFORMATION
    decide(world, claim, "ana", asked, ReasonCode.EVIDENCE_MISSING)
    app = open_as("ana", tab="Waiting").run()
    assert claim.detail.case.id in html(app)
    assert app.button(key=f"continue_{claim.detail.case.id}").label == "Decide now"


def test_nothing_of_a_colleagues_work_is_on_my_page(world, open_as):
    case_id = claimed(world, "bo").detail.case.id
    assert case_id not in html(open_as("ana").run())


def test_an_empty_tab_says_the_next_step(world, open_as):
    app = open_as("chen", tab="Snoozed").run()
    assert "You put no case away" in told(app)
    assert "queue" in told(app)


def test_a_mention_is_new_until_it_is_read(world, open_as):
    case_id = claimed(world, "bo").detail.case.id
    world.client("bo").comment(case_id, text=f"@ana {HOSTILE}")
    app = open_as("ana", tab="Notifications").run()
    assert f"Bo Lindqvist mentioned you on case {case_id}" in html(app)
    assert "onerror" not in html(app)
    unread = world.client("ana").notifications(unread=True)
    app.button(key=f"read_{unread.notifications[0].id}").click().run()
    assert not app.exception
    assert world.client("ana").notifications().unread == unread.unread - 1


def test_a_decision_can_be_undone_from_the_list(world, open_as):
    decided = decide(world, claimed(world)).decision
    app = open_as("ana", tab="Decisions").run()
    app.button(key=f"undo_{decided.id}").click().run()
    assert not app.exception
    assert world.client("ana").case(decided.case_id).case.status is CaseStatus.CLAIMED


def test_my_day_is_for_my_eyes(world, open_as):
    decide(world, claimed(world, "chen"), "chen")
    app = open_as("chen", tab="My day").run()
    assert "Decided today" in html(app)
    assert "Usual time on a case" in html(app)
    assert "Only you see this" in told(app)


def test_an_absence_is_saved_in_whole_days_of_my_zone_and_ended(world, open_as):
    app = open_as("bo", tab="Absence").run()
    app.selectbox(key="absence_deputy").set_value("person-ana")
    app.button(key="absence_save").click().run()
    stands = world.client("bo").absence()
    assert stands.deputy_name == "Ana Diaz"
    assert stands.absent_until - stands.absent_from == timedelta(days=1)
    assert "Ana Diaz stands in" in told(app)
    app.button(key="absence_end").click().run()
    assert world.client("bo").absence().absent_until is None


def test_whoever_decides_nothing_has_no_empty_tabs(world, open_as):
    app = open_as("dora").run()
    assert not app.exception
    assert [tab.label for tab in app.tabs] == ["Notifications", "Absence"]


def test_a_closed_panel_asks_the_api_for_nothing(world, open_as):
    case_id = claimed(world).detail.case.id
    world.client("ana").comment(case_id, text="Already said.")
    app = open_as("ana", script=_talk_screen)
    app.query_params["case"] = case_id
    assert "Already said." not in html(app.run())


def test_a_comment_is_said_and_a_colleague_told(world, open_as):
    case_id = claimed(world).detail.case.id
    now = clock.now()
    away = AbsenceRequest(absent_from=now, absent_until=now + timedelta(days=1))
    world.client("carla").set_absence(away)
    app = talking(open_as, "ana", case_id)
    app.text_area(key=f"comment_{case_id}").set_value(HOSTILE)
    app.multiselect(key=f"tell_{case_id}").set_value(["carla"])
    app.button(key=f"say_now_{case_id}").click().run()
    world.client("carla").set_absence(AbsenceRequest())
    assert not app.exception
    assert "&lt;img src=x" in html(app)
    assert "<img" not in html(app)
    assert "Carla Moreau is away until" in told(app)
    assert world.client("carla").notifications().unread >= 1
    assert app.text_area(key=f"comment_{case_id}").value == ""


def test_a_refused_comment_is_told_and_what_was_typed_stays(world, open_as):
    case_id = claimed(world).detail.case.id
    app = talking(open_as, "ana", case_id)
    app.text_area(key=f"comment_{case_id}").set_value("@nobody look")
    app.button(key=f"say_now_{case_id}").click().run()
    assert "Choose from the colleagues listed" in told(app)
    assert app.text_area(key=f"comment_{case_id}").value == "@nobody look"


def test_a_files_name_is_shown_as_text(world, open_as):
    case_id = claimed(world).detail.case.id
    world.client("ana").attach(case_id, name="**b** [x](evil.example).txt", content=b"proof")
    app = talking(open_as, "ana", case_id)
    assert not app.exception
    labels = [one.proto.label for one in app.get("download_button")]
    assert labels == [r"\*\*b\*\* \[x\]\(evil.example\).txt"]


def test_an_auditor_reads_and_is_offered_no_pen(world, open_as):
    case_id = claimed(world).detail.case.id
    world.client("ana").comment(case_id, text="Agreed by phone.")
    app = talking(open_as, "dora", case_id)
    assert "Agreed by phone." in html(app)
    assert not app.text_area


def talking(open_as, who: str, case_id: str) -> AppTest:
    app = open_as(who, script=_talk_screen)
    app.query_params["case"], app.query_params["open"] = case_id, "yes"
    return app.run()


def test_a_case_that_a_colleague_took_meanwhile_is_told_and_not_opened(world, open_as):
    claim = claimed(world)
    case_id = claim.detail.case.id
    app = open_as("ana").run()
    world.client("ana").release_lease(case_id, lease_token=claim.lease_token)
    world.client("bo").claim(ClaimRequest(case_id=case_id))
    app.button(key=f"continue_{case_id}").click().run()
    assert not app.exception
    assert "held by a colleague" in told(app)
    assert case_id not in html(app)
