"""The page Audit in Streamlit's simulator, against the real API over loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from review_app.screens.audit.audit_chain import sentence
from review_app.settings import settings
from service.domain.wall import Wall
from service.wire.audit import AuditVerification
from tests.builders.contracts import reference
from tests.builders.desk_world import DeskWorld, serving_desk
from tests.builders.items import timesheet
from tests.fakes.scorer import FakeScorer

pytestmark = pytest.mark.enable_socket
HOSTILE = "<img src=x onerror=alert(1)> **bold** [link](//evil.example)"


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[DeskWorld]:
    home = tmp_path_factory.mktemp("audit")
    with serving_desk(home, reference=reference(), scorer=FakeScorer()) as running:
        running.submit([timesheet()])
        running.submit([timesheet(external_id=HOSTILE)])
        _wait_until_signed(running)
        yield running


def _wait_until_signed(world):
    """The service signs each second; whoever asks before has to ask again."""
    for _ in range(10_000):
        if world.client("dora").audit_verification().entries_waiting == 0:
            return
    pytest.fail("nothing was signed in ten thousand looks")


def _screen() -> None:
    import streamlit as st  # noqa: PLC0415

    from review_app import navigation, session  # noqa: PLC0415
    from review_app.screens.audit.page import audit  # noqa: PLC0415

    desk = session.open_desk(st.user.tokens["access"])
    navigation.offer(desk.me, screens=dict.fromkeys(("cases", "case", "audit"), audit))
    audit()


@pytest.fixture
def open_as(world: DeskWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Opens the page as somebody, at an address."""
    monkeypatch.setenv("COUNTERSIGN_API_URL", world.url)
    settings.cache_clear()
    opened: list[AppTest] = []

    def open_page(who: str = "dora", **query: str) -> AppTest:
        app = AppTest.from_function(_screen, default_timeout=20)
        app.user = {"is_logged_in": True, "tokens": {"access": f"token-{who}"}}
        for name, one in query.items():
            app.query_params[name] = one
        opened.append(app)
        return app.run()

    yield open_page
    for app in opened:
        if "desk" in app.session_state:
            app.session_state["desk"].close()
    settings.cache_clear()


def _said(app: AppTest) -> str:
    assert not app.exception
    blocks = [block.proto.body for block in app.get("html")]
    shown = [*app.markdown, *app.caption, *app.info, *app.error]
    return " ".join([*blocks, *(one.value.replace("\\", "") for one in shown)])


def _rows(app: AppTest):
    return app.dataframe[0].value.to_dict("records") if app.dataframe else []


def test_the_page_says_in_words_that_the_trail_is_whole(open_as):
    said = _said(open_as())
    assert "signed entries are as they were written" in said


def test_entries_are_listed_newest_first_with_the_names_of_people(open_as):
    rows = _rows(open_as())
    places = [int(row["Place"].replace(",", "")) for row in rows if row["Place"] != "waits"]
    assert places == sorted(places, reverse=True)
    assert {"Ana Diaz", "policy"} <= {row["Who"] for row in rows}


def test_an_address_with_filters_opens_what_it_names(open_as):
    rows = _rows(open_as(subject="C-000001"))
    assert {row["About"] for row in rows} == {"C-000001"}
    assert "Case opened" in {row["What"] for row in rows}
    assert {row["What"] for row in _rows(open_as(event="Item assessed"))} == {"Item assessed"}
    assert {row["Who"] for row in _rows(open_as(actor="person-ana"))} == {"Ana Diaz"}


def test_a_search_that_finds_nothing_says_what_to_do(open_as):
    app = open_as(q="no such words anywhere")
    assert "Take one away" in _said(app)
    app = open_as(**{"from": "2001-01-01", "to": "2001-01-02"})
    assert not _rows(app)


def test_what_others_wrote_stays_text(open_as):
    app = open_as(q="onerror")
    assert any(HOSTILE in row["About"] for row in _rows(app))
    assert "<img src=x" not in " ".join(block.proto.body for block in app.get("html"))


def test_a_person_behind_a_wall_is_told_why_there_is_nothing(open_as, world):
    with world.opener() as uow:
        account = uow.accounts.by_login("rosa")
        uow.accounts.save(replace(account, wall=Wall(client_ids=frozenset({"acme"}))))
    app = open_as("rosa")
    assert "no wall can cut it" in _said(app)
    assert not app.dataframe
    with world.opener() as uow:
        uow.accounts.save(account)


def test_a_person_without_the_right_is_refused_with_a_remedy(open_as):
    assert "Ask an administrator" in _said(open_as("ana"))


def _verification(**fields) -> AuditVerification:
    given = {
        "is_whole": True,
        "is_complete": True,
        "entries_signed": 1_200_000,
        "entries_checked": 1_200_000,
        "entries_waiting": 0,
        "signed_at": None,
        "root": "",
        "last_complete_at": None,
        "seconds": 1.234,
        "problems": (),
    }
    return AuditVerification(**(given | fields))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "All 1,200,000 signed entries are as they were written."),
        ({"entries_waiting": 3}, "3 newer entries wait"),
        ({"is_complete": False, "entries_checked": 100_000}, "100,000 of 1,200,000"),
        ({"is_whole": False}, "not all is as it was signed"),
    ],
)
def test_each_outcome_of_a_check_has_its_sentence(fields, words):
    assert words in sentence(_verification(**fields))
