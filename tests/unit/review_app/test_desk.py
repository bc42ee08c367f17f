"""The queue page in Streamlit's simulator, against the real API over loopback."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from data.schemas.review_policy import ReviewPolicy
from data.schemas.vocabulary import CaseStatus, OverrideCause, ReasonCode, Verdict
from review_app.settings import settings
from service.wire.preferences import Preferences
from tests.builders import worktop
from tests.builders.api import use_coin
from tests.builders.contracts import contract, reference
from tests.builders.desk_world import DeskWorld, serving_desk
from tests.builders.items import entry, timesheet
from tests.builders.worktop import read
from tests.fakes.scorer import TWO_LINES, FakeScorer, finding

pytestmark = pytest.mark.enable_socket
NUMBERS = itertools.count(1)
CALM = ReviewPolicy(own_call_major=1_000_000_000, own_call_share=0.0, hidden_score_share=0.0)


@pytest.fixture(scope="module")
def scorer() -> FakeScorer:
    return FakeScorer()


@pytest.fixture(scope="module")
def world(tmp_path_factory, scorer: FakeScorer) -> Iterator[DeskWorld]:
    home = tmp_path_factory.mktemp("desk")
    two_lines = reference(contract(lines=TWO_LINES))
    with serving_desk(home, reference=two_lines, scorer=scorer) as running:
        put_in_force(running, CALM)
        yield running


def put_in_force(world: DeskWorld, policy: ReviewPolicy) -> None:
    """Have one person draft a policy and another publish it."""
    draft = world.client("carla").draft_policy(policy, note="for a test")
    world.client("rosa").publish_policy(draft.id)


def _queue_screen() -> None:
    import streamlit as st  # noqa: PLC0415

    from review_app import navigation, session  # noqa: PLC0415
    from review_app.screens.queue.page import queue  # noqa: PLC0415

    desk = session.open_desk(st.user.tokens["access"])
    names = ("queue", "cases", "case", "account")
    navigation.offer(desk.me, screens=dict.fromkeys(names, queue))
    queue()


@pytest.fixture
def open_as(world: DeskWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Opens the queue of somebody on one case, and puts everything back afterwards."""
    monkeypatch.setenv("COUNTERSIGN_API_URL", world.url)
    settings.cache_clear()
    opened: list[AppTest] = []

    def open_queue(who: str, case_id: str) -> AppTest:
        app = AppTest.from_function(_queue_screen, default_timeout=20)
        app.user = {"is_logged_in": True, "tokens": {"access": f"token-{who}"}}
        opened.append(app)
        app.run()
        app.session_state["desk"].workbench.take(case_id)
        return app.run()

    world.client("ana").save_preferences(Preferences(has_seen_guide=True))
    yield open_queue
    for app in opened:
        app.session_state["desk"].workbench.close()
        app.session_state["desk"].close()
    settings.cache_clear()


@pytest.fixture
def submit(world: DeskWorld, scorer: FakeScorer) -> Callable[..., str]:
    """Submits a timesheet of eight hours of which the scorer says something; gives its case."""

    def open_case(**said) -> str:
        name = f"TS-desk-{next(NUMBERS)}"
        sheet = timesheet(external_id=name, entries=(entry(id=f"{name}-1"),))
        if said:
            scorer.says(sheet.item_id, **said)
        (case_id,) = world.submit([sheet])
        return case_id

    return open_case


def press(app: AppTest, name: str) -> AppTest:
    """Press a button after the time it takes to read: of the page, or else of the worktop."""
    read(app)
    found = [one for one in app.button if one.key and one.key.startswith(name)]
    return found[0].click().run() if found else worktop.press(app, name.rstrip("_"))


def choose(app: AppTest, step: str) -> AppTest:
    """Choose a step after the time it takes to read."""
    return worktop.press(read(app), step)


def text(app: AppTest) -> str:
    """Everything that stands on the screen as text."""
    assert not app.exception
    blocks = [block.proto.body for block in app.get("html")]
    shown = [*app.markdown, *app.caption, *app.info, *app.warning, *app.success, *app.error]
    return " ".join([*blocks, worktop.cards(app), *(one.value for one in shown)])


def settled(app: AppTest) -> AppTest:
    """Wait until everything the person did has reached the service."""
    app.session_state["desk"].workbench.try_again()
    return app


def stored(world: DeskWorld, case_id: str):
    """The last decision of a case, as an administrator reads it."""
    return world.client("rosa").case(case_id).decisions[-1]


def test_the_opinion_comes_after_the_own_call_and_one_key_confirms_it(
    world, open_as, submit, request
):
    put_in_force(world, CALM.model_copy(update={"own_call_major": 0}))
    request.addfinalizer(lambda: put_in_force(world, CALM))
    app = open_as("ana", submit(violation_probability=0.2))
    case_id = app.session_state["desk_presented"].case_id
    assert "Your call first" in text(app)
    assert "20 %" not in text(app)

    press(app, "approve_")
    assert "20 %" in text(app)
    assert "You said Approve" in text(app)
    assert world.client("rosa").case(case_id).case.status is CaseStatus.CLAIMED

    settled(press(app, "approve_"))
    assert stored(world, case_id).verdict is Verdict.APPROVE


def test_a_hidden_opinion_leaves_no_hint(world, open_as, submit, request):
    put_in_force(world, CALM.model_copy(update={"hidden_score_share": 0.5}))
    request.addfinalizer(lambda: put_in_force(world, CALM))
    use_coin(world.app, lambda _: 0.0)
    request.addfinalizer(lambda: use_coin(world.app, lambda _: 0.999))
    shown = text(open_as("ana", submit(violation_probability=0.2))).lower()
    assert "20 %" not in shown
    assert "models" not in shown
    assert "hidden" not in shown
    assert "your call first" not in shown


def test_a_row_is_divided_and_the_totals_on_screen_are_those_stored(world, open_as, submit):
    case_id = submit()
    app = open_as("ana", case_id)
    press(app, "adjust_")
    row = world.client("ana").case(case_id).item.entries[0].id
    key = next(one.key for one in app.number_input if one.key.endswith(row))
    app.number_input(key=key).set_value(360)
    app.number_input(key=f"{key}_off").set_value(60)
    app.number_input(key=f"{key}_move").set_value(30).run()
    line = next(one for one in app.selectbox if "Line of" in one.label)
    line.set_value(line.options[0].split("(")[-1].rstrip(")")).run()
    shown = text(app)
    press(app, "adjust_wrong_rate_")
    settled(press(app, "cause_data_late_"))

    kept = stored(world, case_id)
    assert kept.verdict is Verdict.ADJUST
    for minor in (kept.approved_minor, kept.written_off_minor, kept.moved_minor):
        assert minor > 0
        assert f"EUR {minor / 100:,.2f}" in shown
    assert kept.not_billed_minor > 0
    assert f"does not bill **EUR {kept.not_billed_minor / 100:,.2f}**" in shown


def test_parts_that_are_more_than_there_is_are_told_and_not_sent(world, open_as, submit):
    case_id = submit()
    app = open_as("ana", case_id)
    press(app, "adjust_")
    row = world.client("ana").case(case_id).item.entries[0].id
    key = next(one.key for one in app.number_input if one.key.endswith(row))
    app.number_input(key=f"{key}_off").set_value(60).run()
    press(app, "adjust_wrong_rate_")

    assert "Take some away" in text(app)
    assert world.client("rosa").case(case_id).decisions == ()


def test_a_verdict_against_the_machine_says_what_would_make_it_right(world, open_as, submit):
    case_id = submit(findings=(finding(),), risk_minor=100_00)
    app = open_as("ana", case_id)
    press(app, "approve_")
    press(app, "approve_client_agreed_")
    assert "What would make it right next time?" in text(app)
    settled(press(app, "cause_rule_wrong_"))

    kept = stored(world, case_id)
    assert kept.reason_codes == (ReasonCode.CLIENT_AGREED,)
    assert kept.override_cause is OverrideCause.RULE_WRONG


def test_a_verdict_with_the_machine_is_not_asked_for_a_cause(world, open_as, submit):
    case_id = submit(findings=(finding(),), risk_minor=100_00)
    app = open_as("ana", case_id)
    press(app, "reject_")
    settled(press(app, "reject_duplicate_"))

    assert stored(world, case_id).override_cause is None


def test_a_case_sleeps_until_its_day_with_a_reason(world, open_as, submit):
    case_id = submit()
    app = choose(open_as("ana", case_id), "snooze")
    press(app, "snooze_")
    assert "Say why" in text(app)

    field = next(one for one in app.text_input if one.key.startswith("snooze_"))
    field.set_value("The client answers on Monday").run()
    press(app, "snooze_")
    case = world.client("rosa").case(case_id).case
    assert case.status is CaseStatus.SNOOZED
    assert case.snoozed_until is not None
    assert app.session_state["desk_presented"].case_id != case_id or "Queue clear" in text(app)


def test_relatives_are_decided_together_and_taken_back_together(world, open_as, submit):
    first, second = submit(), submit()
    app = choose(open_as("ana", first), "related")
    table = app.dataframe[0]
    rows = [one["Case"] for one in table.value.to_dict("records")]
    assert second in rows
    app.session_state[table.key] = {"selection": {"rows": [rows.index(second)], "columns": []}}
    app.run()
    assert "2 of 2 cases" in text(app)
    press(app, f"bulk_{first}_apply")
    assert "2 cases were decided together" in text(app)
    assert {stored(world, one).verdict for one in (first, second)} == {Verdict.APPROVE}

    app.button(key="bulk_revert").click().run()
    assert all(stored(world, one).is_undone for one in (first, second))


def test_the_last_decisions_can_be_undone_from_their_panel(world, open_as, submit):
    first, second = submit(), submit()
    app = open_as("ana", first)
    settled(press(app, "approve_"))
    app.session_state["desk"].workbench.take(second)
    choose(app.run(), "recent")
    decision = stored(world, first)
    app.button(key=f"recent_undo_{decision.id}").click().run()

    assert stored(world, first).is_undone
    assert app.session_state["desk_presented"].case_id == first


def test_the_tour_walks_with_the_person_and_is_remembered(world, open_as, submit):
    world.client("ana").save_preferences(Preferences())
    app = open_as("ana", submit())
    assert "1 of 5" in text(app)
    app.button(key="guide_next_0").click().run()
    app.button(key="guide_next_1").click().run()
    assert "Your verdict" in text(app)
    press(app, "reject_")
    assert "4 of 5" in text(app)
    press(app, "cancel_")
    app.button(key="guide_skip").click().run()

    assert "of 5" not in text(app)
    assert world.client("ana").me().preferences.has_seen_guide


def test_letters_follow_the_person_and_can_be_switched_off(world, open_as, submit):
    world.client("ana").save_preferences(
        Preferences(has_seen_guide=True, keys={"approve": "Q"}, locale="de-AT")
    )
    app = open_as("ana", submit())
    approve = worktop.on_top(app)["bar"]["buttons"][0]
    assert (approve["action"], approve["key"]) == ("approve", "Q")
    assert worktop.on_top(app)["keys"]["q"] == "approve"
    assert "EUR 960,00" in text(app)

    world.client("ana").save_preferences(Preferences(has_seen_guide=True, are_keys_on=False))
    app = open_as("ana", submit())
    assert worktop.on_top(app)["bar"]["buttons"][0]["key"] is None
    assert worktop.on_top(app)["keys"] == {}
