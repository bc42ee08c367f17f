"""The screens in Streamlit's own simulator, against the API in memory over loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.schemas.vocabulary import ReasonCode, Verdict
from review_app import clock
from review_app.settings import Settings, settings
from service.supervisor import free_port
from tests.builders import worktop
from tests.builders.expenses import expense, expense_report
from tests.builders.review import NOW, busy_tuesday, detail
from tests.builders.worktop import read
from tests.fakes.api import build_app, served
from tests.fakes.case_desk import FakeApi

pytestmark = pytest.mark.enable_socket
DESK = Path(__file__).resolve().parents[3] / "review_app" / "desk.py"


@pytest.fixture(scope="module")
def api_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def shared(api_port: int) -> Iterator[FakeApi]:
    fake = FakeApi.of(())
    app = build_app(fake, base_url=f"http://127.0.0.1:{api_port}", redirect_uris=frozenset())
    with served(app, port=api_port):
        yield fake


@pytest.fixture
def api(shared: FakeApi, api_port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeApi]:
    shared.reset(busy_tuesday(now=clock.now()))
    monkeypatch.setenv("COUNTERSIGN_API_URL", f"http://127.0.0.1:{api_port}")
    settings.cache_clear()
    yield shared
    settings.cache_clear()


@pytest.fixture
def desk(api: FakeApi) -> Iterator[Callable[..., AppTest]]:
    """Opens the app as somebody with a live session."""
    opened: list[AppTest] = []

    def open_as(person: str = "ana") -> AppTest:
        app = AppTest.from_file(str(DESK), default_timeout=20)
        app.user = {
            "is_logged_in": True,
            "tokens": {"access": api.open_session(person).token},
        }
        opened.append(app)
        return app

    yield open_as
    for app in opened:
        if "desk" in app.session_state:
            app.session_state["desk"].workbench.try_again()
            app.session_state["desk"].close()


def html(app: AppTest) -> str:
    return " ".join([*(block.proto.body for block in app.get("html")), worktop.cards(app)])


def test_a_stranger_is_asked_to_log_in(api):
    app = AppTest.from_file(str(DESK), default_timeout=20)
    app.user = {"is_logged_in": False}
    app.run()

    assert not app.exception
    assert app.button(key="log_in").label == "Log in"


def test_the_queue_opens_on_the_best_case(desk, api):
    app = desk().run()

    assert not app.exception
    assert 'data-case="C-000001"' in html(app)
    assert worktop.on_top(app)["bar"]["buttons"][0]["label"] == "Approve"


def test_a_verdict_asks_its_reason_and_the_reason_decides(desk, api):
    app = desk().run()
    worktop.press(read(app), "reject")
    app.button(key="reject_evidence_missing_C-000001_2").click().run()

    assert not app.exception
    assert 'data-case="C-000002"' in html(app)
    app.session_state["desk"].workbench.try_again()
    assert [(one.case_id, one.verdict) for one in api.decisions] == [("C-000001", Verdict.REJECT)]


def test_a_press_before_anybody_could_have_read_is_ignored(desk, api):
    app = desk().run()
    app.session_state["desk_presented"] = replace(
        app.session_state["desk_presented"], since_seconds=clock.steady_seconds() + 60
    )
    worktop.press(app, "reject")

    assert 'data-case="C-000001"' in html(app)
    assert app.session_state["desk_draft"].verdict is None


def test_a_press_meant_for_the_case_before_is_ignored(desk, api):
    app = desk().run()
    shown = app.session_state["desk_presented"]
    app.session_state["desk_presented"] = replace(
        shown, case_id="C-000009", since_seconds=shown.since_seconds - 5
    )
    worktop.press(app, "reject")

    assert app.session_state["desk_draft"].verdict is None
    assert api.requests == []


def test_an_adjustment_travels_with_the_changed_rows_only(desk, api):
    app = desk().run()
    worktop.press(read(app), "adjust")
    app.number_input(key="adjust_C-000001_2_entry-1").set_value(600).run()
    app.button(key="adjust_over_limit_C-000001_2").click().run()
    app.session_state["desk"].workbench.try_again()

    sent = api.requests[0][1]
    assert [(one.row_id, one.minutes_billable) for one in sent.adjustments] == [("entry-1", 600)]
    assert sent.reason_codes == (ReasonCode.OVER_LIMIT,)


def test_an_expense_is_adjusted_by_its_amount(desk, api):
    report = expense_report(
        expense(), expense(id="X-2", merchant="*Sacher*", cost_minor=120_00, receipt_sha256=None)
    )
    api.reset((detail(item=report, title="Ana Diaz, 2026-03-02 to 2026-03-08"),))
    app = desk().run()
    assert 'aria-label="Expenses"' in html(app)
    worktop.press(read(app), "adjust")
    field = app.number_input(key="adjust_C-000001_2_X-2")
    assert (field.value, field.max) == (120.0, 120.0)
    assert field.label.startswith("Mon 2 Mar, \\*Sacher\\*: EUR to bill")
    field.set_value(40.0).run()
    app.button(key="adjust_not_billable_C-000001_2").click().run()
    app.session_state["desk"].workbench.try_again()

    sent = api.requests[0][1]
    assert [(one.row_id, one.billable_minor) for one in sent.adjustments] == [("X-2", 40_00)]
    assert sent.approved_minor is None


def test_an_adjustment_that_changes_nothing_is_not_sent(desk, api):
    app = desk().run()
    worktop.press(read(app), "adjust")
    app.button(key="adjust_over_limit_C-000001_2").click().run()

    assert "Nothing is adjusted yet" in app.warning[0].value
    assert api.requests == []


def test_a_note_with_hidden_characters_is_refused_in_words(desk, api):
    app = desk().run()
    worktop.press(read(app), "reject")
    app.text_input(key="remark_C-000001_2").set_value("pay\u202eme").run()
    app.button(key="reject_duplicate_C-000001_2").click().run()

    assert "hidden character U+202E" in app.warning[0].value
    assert api.requests == []


def test_a_session_that_is_over_offers_the_log_in(desk, api):
    app = desk()
    api.revoke_sessions()
    app.run()

    assert app.title[0].value == "Your session has ended"
    assert app.button(key="log_in")


def test_a_service_that_is_down_is_told_with_a_way_to_try_again(desk, api):
    api.fail_next(1)
    app = desk().run()
    assert "cannot answer now" in app.error[0].value

    app.button(key="try_again_load").click().run()
    assert 'data-case="C-000001"' in html(app)


def test_the_settings_name_the_api_once(api, api_port):
    assert settings() == Settings(api_url=f"http://127.0.0.1:{api_port}")
    assert NOW.tzinfo is not None
