"""The pages of one case and of all cases in Streamlit's simulator, against the real API."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from data.schemas.catalogue import CATALOGUE, ExceptionCode
from data.schemas.vocabulary import CaseStatus, ReasonCode, Verdict
from review_app.settings import settings
from service.wire.cases import ClaimRequest, DecisionRequest
from service.wire.talk import ViewRequest
from tests.builders.contracts import reference
from tests.builders.desk_world import DeskWorld, serving_desk
from tests.builders.items import entry, timesheet
from tests.fakes.scorer import FakeScorer, finding

pytestmark = pytest.mark.enable_socket
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def scorer() -> FakeScorer:
    return FakeScorer()


@pytest.fixture(scope="module")
def world(tmp_path_factory, scorer: FakeScorer) -> Iterator[DeskWorld]:
    home = tmp_path_factory.mktemp("cases")
    with serving_desk(home, reference=reference(), scorer=scorer, undo_seconds=0) as running:
        yield running


def _screen() -> None:
    import streamlit as st  # noqa: PLC0415

    from review_app import navigation, session  # noqa: PLC0415
    from review_app.screens.case.page import case  # noqa: PLC0415
    from review_app.screens.cases.page import cases  # noqa: PLC0415

    desk = session.open_desk(st.user.tokens["access"])
    navigation.offer(desk.me, screens=dict.fromkeys(("queue", "cases", "case"), cases))
    if "case" in st.query_params:
        case()
    else:
        cases()


@pytest.fixture
def open_as(world: DeskWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Opens the list, or one case, as somebody."""
    monkeypatch.setenv("COUNTERSIGN_API_URL", world.url)
    settings.cache_clear()
    opened: list[AppTest] = []

    def open_screen(who: str, **query: str) -> AppTest:
        app = AppTest.from_function(_screen, default_timeout=20)
        app.user = {"is_logged_in": True, "tokens": {"access": f"token-{who}"}}
        for name, value in query.items():
            app.query_params[name] = value
        opened.append(app)
        return app.run()

    yield open_screen
    for app in opened:
        if "desk" in app.session_state:
            app.session_state["desk"].close()
    settings.cache_clear()


@pytest.fixture
def submit(world: DeskWorld, scorer: FakeScorer) -> Callable[..., str]:
    """Submits a timesheet of which the scorer says something; gives its case."""

    def open_case(**said) -> str:
        name = f"TS-page-{next(NUMBERS)}"
        sheet = timesheet(external_id=name, entries=(entry(id=f"{name}-1"),))
        if said:
            scorer.says(sheet.item_id, **said)
        (case_id,) = world.submit([sheet])
        return case_id

    return open_case


def decide(world: DeskWorld, case_id: str, who: str = "ana", verdict=Verdict.REJECT) -> None:
    client = world.client(who)
    (claim,) = client.claim(ClaimRequest(case_id=case_id)).claims
    reason = ReasonCode.DUPLICATE if verdict is Verdict.REJECT else ReasonCode.CLAUSE_SATISFIED
    request = DecisionRequest(
        lease_token=claim.lease_token,
        version=claim.detail.case.version,
        verdict=verdict,
        reason_codes=(reason,),
    )
    client.decide(case_id, request=request, idempotency_key=f"key-{case_id}")


def text(app: AppTest) -> str:
    """Everything that stands on the screen as text."""
    assert not app.exception
    blocks = [block.proto.body for block in app.get("html")]
    shown = [*app.markdown, *app.caption, *app.info, *app.warning, *app.success, *app.error]
    return " ".join([*blocks, *(one.value for one in shown)])


def press(app: AppTest, name: str) -> AppTest:
    """Press a button after the time it takes to read."""
    shown = app.session_state["desk_presented"]
    app.session_state["desk_presented"] = replace(shown, since_seconds=shown.since_seconds - 5)
    (button,) = [one for one in app.button if one.key and one.key.startswith(name)]
    return button.click().run()


def listed(app: AppTest) -> list[str]:
    return [one["Case"] for one in app.dataframe[0].value.to_dict("records")]


def test_a_link_opens_a_case_and_its_finding(open_as, submit):
    case_id = submit(findings=(finding(), finding(summary="A second fault")), risk_minor=200_00)
    shown = text(open_as("dora", case=case_id, finding="F2"))

    assert f"Case {case_id}" in shown
    assert shown.count("cs-named") == 1
    assert '<section class="cs-finding cs-named" id="finding-F2"' in shown


def test_what_is_not_there_and_what_may_not_be_seen_read_alike(open_as):
    assert "C-999999" in text(open_as("ana", case="C-999999"))


def test_a_colleague_at_work_is_told_and_the_case_can_be_read(world, open_as, submit):
    case_id = submit()
    world.client("bo").claim(ClaimRequest(case_id=case_id))
    shown = text(open_as("ana", case=case_id))

    assert "Bo Lindqvist works on this case until" in shown
    assert f'data-case="{case_id}"' in shown


def test_whoever_reads_only_is_offered_no_work(open_as, submit):
    app = open_as("dora", case=submit())

    assert "work_on_it" not in {one.key for one in app.button}


def test_the_timeline_tells_decisions_in_their_order(world, open_as, submit):
    case_id = submit()
    decide(world, case_id)
    shown = text(open_as("rosa", case=case_id, tab="timeline"))

    assert shown.index("Case opened") < shown.index("Rejected: Duplicate")


def test_similar_cases_say_what_became_of_them(world, open_as, submit):
    first = submit(findings=(finding(),), risk_minor=100_00)
    decide(world, first)
    app = open_as("ana", case=submit(findings=(finding(),), risk_minor=100_00), tab="similar")
    assert not app.exception
    row = next(one for one in app.dataframe[0].value.to_dict("records") if one["Case"] == first)

    assert (row["Verdict"], row["Reason"]) == ("Reject", "Duplicate")
    assert row["What became of it"]


def test_a_printed_case_has_nothing_to_press(open_as, submit):
    app = open_as("ana", case=submit(), print="1")

    assert "data-case" in text(app)
    assert list(app.button) == []


def test_an_own_decision_is_corrected_with_a_note(world, open_as, submit):
    case_id = submit()
    decide(world, case_id)
    app = open_as("ana", case=case_id, tab="correct")
    assert "You decided: **Rejected**" in text(app)
    press(app, "write_off_")
    press(app, "write_off_late_")
    if "make it right" in text(app):
        press(app, "cause_one_off_")
    assert "needs a note" in text(app)

    app.text_input(
        key=next(k.key for k in app.text_input if k.key.startswith("remark_"))
    ).set_value("Billed by another line").run()
    press(app, "write_off_late_")
    if "make it right" in text(app):
        press(app, "cause_one_off_")
    first, second = sorted(
        world.client("rosa").case(case_id).decisions, key=lambda one: one.decided_at
    )
    assert second.verdict is Verdict.WRITE_OFF
    assert second.supersedes_id == first.id


def test_a_colleagues_decision_is_not_for_me_to_correct(world, open_as, submit):
    case_id = submit()
    decide(world, case_id, "bo")

    assert "You decided" not in text(open_as("ana", case=case_id, tab="correct"))


def test_the_list_is_filtered_by_its_address(world, open_as, submit):
    case_id, other = submit(), submit()
    decide(world, case_id)
    shown = listed(open_as("ana", cases_status="Decided"))

    assert case_id in shown
    assert other not in shown


def test_a_link_may_name_a_filter_by_its_code(world, open_as, submit):
    case_id = submit()
    decide(world, case_id)

    assert set(open_as("ana", cases_status="decided").dataframe[0].value["Status"]) == {"Decided"}


def test_links_from_figures_narrow_the_list_to_a_client_and_to_what_is_overdue(
    world, open_as, submit
):
    late, due = submit(), submit()
    with world.opener.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE review_case SET due_at = '2020-01-01T00:00:00.000000Z'"
            f" WHERE number = {int(late[2:])}"
        )
    app = open_as("olga", cases_client="acme", cases_due="overdue")

    assert app.selectbox(key="cases_client").value == "acme"
    assert late in listed(app)
    assert due not in listed(app)
    assert due in listed(open_as("olga", cases_client="acme"))


def test_only_whoever_is_told_the_models_opinion_can_filter_by_it(open_as, submit):
    submit()
    opinion = CATALOGUE[ExceptionCode.LIKELY_VIOLATION].title
    for who, is_offered in (("ana", False), ("dora", True)):
        app = open_as(who, cases_finding="likely_violation")
        assert not app.exception
        assert (opinion in app.selectbox(key="cases_finding").options) is is_offered


def test_a_filter_that_nothing_passes_says_what_to_do(open_as, submit):
    assert "Take one away" in text(open_as("ana", cases_q="nobody is called so"))


def test_a_saved_view_opens_by_its_link(world, open_as, submit):
    case_id = submit()
    decide(world, case_id)
    view = world.client("ana").save_view(
        ViewRequest(page="cases", name="Decided", filters={"cases_status": "decided"})
    )
    app = open_as("ana", view=view.id)

    assert set(app.dataframe[0].value["Status"]) == {"Decided"}
    assert case_id in listed(app)


def test_a_shared_view_sets_filters_of_the_list_and_nothing_else(world, open_as, submit):
    case_id = submit()
    names = ("desk", "label", "icon", "view", "name", "cases_status")
    view = world.client("bo").save_view(
        ViewRequest(name="**Mine**", filters=dict.fromkeys(names, "broken"), is_shared=True)
    )
    app = open_as("ana", view=view.id)

    assert not app.exception
    assert case_id in listed(app)
    assert app.session_state["desk"] != "broken"


def test_several_cases_are_decided_together_from_the_list(world, open_as, submit):
    chosen = [submit(), submit()]
    for case_id in chosen:
        world.client("ana").case(case_id)  # nothing is decided unseen
    app = open_as("ana", cases_status="Open")
    rows = [listed(app).index(one) for one in chosen]
    app.session_state[app.dataframe[0].key] = {"selection": {"rows": rows, "columns": []}}
    app.run()
    assert "2 of 2 cases" in text(app)
    app.button(key="bulk_list_apply").click().run()

    assert "2 cases were decided together" in text(app)
    statuses = {world.client("rosa").case(one).case.status for one in chosen}
    assert CaseStatus.OPEN not in statuses


def test_an_auditor_selects_but_decides_nothing(open_as, submit):
    chosen = [submit(), submit()]
    app = open_as("dora", cases_status="Open")
    rows = [listed(app).index(one) for one in chosen]
    app.session_state[app.dataframe[0].key] = {"selection": {"rows": rows, "columns": []}}
    app.run()

    assert "bulk_list_apply" not in {one.key for one in app.button}
