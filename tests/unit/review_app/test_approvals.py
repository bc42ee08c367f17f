"""The page Approvals in Streamlit's simulator, against the real API over loopback."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from data.schemas.review_policy import STANDARD_REVIEW_POLICY
from data.schemas.vocabulary import CaseStatus, ReasonCode, Role, Verdict
from review_app.settings import settings
from service.wire.cases import ClaimRequest, DecisionRequest
from service.wire.deciding import SecondVerdictRequest
from tests.builders.contracts import reference
from tests.builders.desk_world import DeskWorld, serving_desk
from tests.builders.items import milestone
from tests.fakes.scorer import FakeScorer

pytestmark = pytest.mark.enable_socket
HOSTILE = "<img src=x onerror=alert(1)> **bold** [link](//evil.example) $x$"
NUMBERS = itertools.count(1)
APPROVE = {"verdict": Verdict.APPROVE, "reason_codes": (ReasonCode.CLAUSE_SATISFIED,)}
REJECT = {"verdict": Verdict.REJECT, "reason_codes": (ReasonCode.NOT_ACCEPTED,)}


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[DeskWorld]:
    home = tmp_path_factory.mktemp("approvals")
    with serving_desk(home, reference=reference(), scorer=FakeScorer()) as running:
        with running.opener() as uow:
            third = uow.accounts.by_person("person-bo")
            uow.accounts.save(replace(third, roles=frozenset({Role.APPROVER})))
        yield running


def _screen() -> None:
    import streamlit as st  # noqa: PLC0415

    from review_app import navigation, session  # noqa: PLC0415
    from review_app.screens.approvals.page import approvals  # noqa: PLC0415

    desk = session.open_desk(st.user.tokens["access"])
    pages = ("cases", "policy", "contracts", "approvals")
    navigation.offer(desk.me, screens=dict.fromkeys(pages, approvals))
    approvals()


@pytest.fixture
def open_as(world: DeskWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Opens the page as somebody, on a case if one is named."""
    monkeypatch.setenv("COUNTERSIGN_API_URL", world.url)
    settings.cache_clear()
    opened: list[AppTest] = []

    def open_screen(who: str, case_id: str | None = None) -> AppTest:
        app = AppTest.from_function(_screen, default_timeout=20)
        app.user = {"is_logged_in": True, "tokens": {"access": f"token-{who}"}}
        if case_id is not None:
            app.query_params["case"] = case_id
        opened.append(app)
        return app.run()

    yield open_screen
    for app in opened:
        if "desk" in app.session_state:
            app.session_state["desk"].close()
    settings.cache_clear()


@pytest.fixture
def waiting(world: DeskWorld) -> Callable[..., str]:
    """Has somebody decide a large milestone, and gives its case."""

    def decide(who: str = "chen", note: str = "a telling note", **said) -> str:
        name = f"MS-{next(NUMBERS)}"
        (case_id,) = world.submit([milestone(external_id=name, amount_minor=60_000_00)])
        client = world.client(who)
        (claim,) = client.claim(ClaimRequest(case_id=case_id)).claims
        request = DecisionRequest(
            lease_token=claim.lease_token,
            version=claim.detail.case.version,
            note=note,
            **(said or APPROVE),
        )
        client.decide(case_id, request=request, idempotency_key=name)
        return case_id

    return decide


@pytest.fixture
def disputed(world: DeskWorld, waiting: Callable[..., str]) -> str:
    """A case that Chen would bill and Carla would not."""
    case_id = waiting()
    client = world.client("carla")
    version = client.case(case_id).case.version
    client.second_verdict(
        case_id, request=SecondVerdictRequest(version=version, note=HOSTILE, **REJECT)
    )
    return case_id


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


def status(world: DeskWorld, case_id: str) -> CaseStatus:
    return world.client("dora").case(case_id).case.status


def test_the_list_says_what_waits_and_for_whom(open_as, waiting):
    case_id = waiting()
    app = open_as("carla")
    row = next(one for one in app.dataframe[0].value.to_dict("records") if one["Case"] == case_id)
    assert (row["Asked"], row["You"]) == ("Second verdict", "asked")
    assert row["Amount"] == "EUR 60,000.00"
    assert "wait for your word" in text(app)
    own = open_as("chen").dataframe[0].value.to_dict("records")
    assert "You decided this case" in next(one for one in own if one["Case"] == case_id)["You"]


def test_nothing_of_the_first_verdict_is_on_the_page_of_the_second(open_as, waiting):
    case_id = waiting()
    shown = text(open_as("carla", case_id))
    assert "telling" not in shown
    assert "Approved" not in shown
    assert "You are told what after your own verdict" in shown


def test_agreeing_ends_the_case_and_says_so(world, open_as, waiting):
    case_id = waiting()
    app = press(open_as("carla", case_id), "approve")
    assert "came to the same" in text(app)
    assert status(world, case_id) is CaseStatus.DECIDED
    assert case_id not in app.query_params.get("case", [])


def test_a_verdict_that_differs_goes_to_a_third_person(world, open_as, waiting):
    case_id = waiting()
    app = press(press(open_as("carla", case_id), "reject_C"), "reject_not_accepted")
    assert "A third person rules" in text(app)
    assert status(world, case_id) is CaseStatus.AWAITING_ADJUDICATION


def test_a_second_verdict_can_be_taken_back_and_the_case_is_judged_anew(world, open_as, waiting):
    case_id = waiting()
    app = press(open_as("carla", case_id), "approve")
    press(app, "take_back")
    assert status(world, case_id) is CaseStatus.OPEN


def test_only_verdicts_that_end_a_case_are_offered(open_as, waiting):
    app = open_as("carla", waiting())
    keys = {one.key.partition("_C-")[0] for one in app.button if one.key and "_C-" in one.key}
    assert {"approve", "adjust", "reject", "write_off"} <= keys
    assert not {"escalate", "request_information"} & keys


def test_whoever_decided_reads_why_they_are_not_asked(open_as, waiting):
    app = open_as("chen", waiting())
    assert "a second person has to" in text(app)
    assert not [one for one in app.button if one.key and one.key.startswith("approve")]


def test_a_refusal_is_shown_with_its_remedy_and_nothing_is_said_to_be_done(world, open_as, waiting):
    case_id = waiting()
    app = open_as("carla", case_id)
    mine = world.client("chen").decisions(mine=True).decisions[0]
    world.client("chen").undo(mine.id)
    shown = text(press(app, "approve"))
    assert "is open; it cannot be decided by a second person" in shown
    assert "came to the same" not in shown


def test_two_decisions_stand_side_by_side_and_what_people_wrote_stays_text(open_as, disputed):
    shown = text(open_as("carla", disputed))
    assert "You are one of the two who disagreed" in shown
    assert "<img" not in shown.replace("\\<img", "")
    assert "telling note" in shown


def test_a_third_person_rules_and_what_they_chose_stands(world, open_as, disputed):
    app = open_as("bo", disputed)
    app.radio[0].set_value("Carla Moreau: Rejected")
    app.text_area[0].set_value("The client has not accepted it.")
    next(one for one in app.button if one.label == "Rule").click().run()
    assert status(world, disputed) is CaseStatus.DECIDED
    assert "Carla Moreau: Rejected stands" in text(app).replace("\\", "")


def test_a_ruling_needs_a_choice_and_a_reason(world, open_as, disputed):
    app = open_as("bo", disputed)
    next(one for one in app.button if one.label == "Rule").click().run()
    assert "Choose what stands" in text(app)
    assert status(world, disputed) is CaseStatus.AWAITING_ADJUDICATION


def test_a_draft_of_the_policy_that_waits_is_one_click_away(world, open_as):
    world.client("rosa").draft_policy(
        STANDARD_REVIEW_POLICY.model_copy(update={"four_eyes_major": 40_000}), note=HOSTILE
    )
    app = open_as("carla")
    labels = [one.proto.label for one in app.get("page_link")]
    assert any(label.startswith("Policy draft by Rosa Ott") for label in labels)


def test_a_case_that_waits_no_more_is_said_so(open_as):
    assert "waits for nobody" in text(open_as("carla", "C-999999")).replace("\\", "")
