"""Contracts and clauses: found, read by day, and confirmed one by one beside their text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from data.schemas.clauses import NotToExceed, WorkingTime
from data.schemas.contracts import ClauseSource
from data.schemas.proposals import ProposalStatus
from data.schemas.vocabulary import ClauseKind
from review_app.screens.contracts.clause_fields import (
    TERMS,
    UnreadableTermsError,
    fields_of,
    read_terms,
)
from review_app.screens.contracts.contract_view import passage_of
from tests.builders.contracts import clauses, contract, reference
from tests.builders.desk_world import DeskWorld, serving_desk
from tests.builders.opened_screen import Open, drawn, labels, opening_screens

pytestmark = pytest.mark.enable_socket
HOSTILE = "<script>alert(1)</script> **bold** $x$"
TEXT = (
    f"MASTER AGREEMENT {HOSTILE}\n\n"
    "1. Working time. No person may bill more than ten (10) hours on any one day.\n\n"
    "2. Fees. The total fees under this Agreement shall not exceed EUR 250,000.\n"
    "\f3. Receipts are required for every expense above EUR 75.\n"
)
OPEN = {"contract": "C-1", "contract_tab": "To confirm"}


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[DeskWorld]:
    kept = clauses(without={ClauseKind.WORKING_TIME, ClauseKind.NOT_TO_EXCEED})
    told = reference(contract(clauses=kept))
    with serving_desk(tmp_path_factory.mktemp("contracts"), reference=told) as running:
        yield running


@pytest.fixture
def screens(world, monkeypatch) -> Iterator[Open]:
    with opening_screens(world, monkeypatch) as open_screen:
        yield open_screen


@pytest.fixture(scope="module")
def read(world) -> None:
    """The text was read once; its clauses wait."""
    world.client("carla").propose_clauses("C-1", text=TEXT)


def waiting(world, kind: ClauseKind):
    found = world.client("carla").proposals("C-1", status=ProposalStatus.PROPOSED).proposals
    return next((one for one in found if one.draft.kind is kind), None)


def test_the_list_finds_a_contract_by_its_client(screens):
    app = screens("contracts", "dora", contracts_q="acm")
    assert list(app.dataframe[0].value["Contract"]) == ["C-1"]
    nothing = screens("contracts", "dora", contracts_q="nobody")
    assert "No contract passes" in drawn(nothing)


def test_the_clauses_of_a_day_stand_with_what_they_say(screens):
    app = screens("contracts", "dora", contract="C-1")

    assert not app.exception
    table = app.dataframe[0].value
    assert "Rate schedule" in set(table["Clause"])
    app.date_input(key="contract_day").set_value(date(2001, 1, 1)).run()
    assert "No clause of this contract holds on that day" in drawn(app)


def test_a_contract_that_may_not_be_seen_is_as_one_that_does_not_exist(screens):
    app = screens("contracts", "dora", contract="C-nowhere")

    assert not app.exception
    assert "no contract" in drawn(app)


def test_a_ceiling_says_how_much_of_it_is_used(screens):
    app = screens("contracts", "dora", contract="C-1", contract_tab="Ceilings")

    assert not app.exception
    assert "Nothing counts against it yet" in drawn(app)


def test_a_text_that_is_pasted_is_read_into_proposals(screens, world):
    app = screens("contracts", "carla", **OPEN)
    app.text_area(key="read_text").set_value(TEXT)
    app.button(key="read_it").click().run()

    assert not app.exception
    assert "clauses were read" in drawn(app)
    assert waiting(world, ClauseKind.WORKING_TIME) is not None


@pytest.mark.usefixtures("read")
def test_a_proposal_stands_beside_its_passage_and_hostile_text_stays_text(screens, world):
    proposal = waiting(world, ClauseKind.NOT_TO_EXCEED)
    app = screens("contracts", "carla", proposal=proposal.id, **OPEN)

    assert not app.exception
    told = drawn(app)
    assert "shall not exceed EUR 250,000" in told
    assert "<mark" in told
    assert "<script>" not in told
    assert "&lt;script&gt;" in told


@pytest.mark.usefixtures("read")
def test_whoever_may_not_confirm_reads(screens):
    app = screens("contracts", "dora", **OPEN)

    assert "you read here" in drawn(app)
    assert "Confirm" not in labels(app)


@pytest.mark.usefixtures("read")
def test_a_corrected_clause_is_confirmed_as_it_was_corrected(screens, world):
    proposal = waiting(world, ClauseKind.WORKING_TIME)
    app = screens("contracts", "carla", proposal=proposal.id, **OPEN)
    app.number_input(key=f"{proposal.id}_max_daily_minutes").set_value(540)
    app.button(key=f"confirmed_{proposal.id}").click().run()

    assert not app.exception
    assert "is in force, confirmed by you" in drawn(app)
    (clause,) = [
        one for one in world.client("dora").contract("C-1").clauses if one.id == proposal.id
    ]
    assert clause.terms == WorkingTime(max_daily_minutes=540)
    assert clause.confirmed_by == "person-carla"


@pytest.mark.usefixtures("read")
def test_a_refusal_stands_under_the_form_in_its_words_and_the_form_stays_as_it_was(screens, world):
    proposal = waiting(world, ClauseKind.NOT_TO_EXCEED)
    app = screens("contracts", "carla", proposal=proposal.id, **OPEN)
    app.date_input(key=f"{proposal.id}_from").set_value(date(2026, 5, 1))
    app.date_input(key=f"{proposal.id}_to").set_value(date(2026, 4, 1))
    app.button(key=f"confirmed_{proposal.id}").click().run()

    assert not app.exception
    refusal = drawn(app).replace("\\", "")
    assert "“Until” = '2026-04-01': lies before “Holds from” 2026-05-01" in refusal
    assert "valid_" not in refusal
    assert waiting(world, ClauseKind.NOT_TO_EXCEED) is not None
    assert app.date_input(key=f"{proposal.id}_to").value == date(2026, 4, 1)


@pytest.mark.usefixtures("read")
def test_a_proposal_is_dismissed_with_a_reason(screens, world):
    proposal = waiting(world, ClauseKind.EXPENSE_SUBSTANTIATION)
    app = screens("contracts", "carla", proposal=proposal.id, **OPEN)
    app.button(key=f"dismiss_{proposal.id}").click().run()
    app.text_area(key=f"dismiss_{proposal.id}_reason").set_value("boilerplate")
    app.button(key=f"dismiss_{proposal.id}_confirmed").click().run()

    assert not app.exception
    assert waiting(world, ClauseKind.EXPENSE_SUBSTANTIATION) is None
    settled = world.client("dora").proposals("C-1", status=ProposalStatus.DISMISSED).proposals
    assert settled[0].reason == "boilerplate"


@pytest.mark.parametrize("kind", ClauseKind)
def test_every_kind_of_clause_has_fields_whose_defaults_read_back(kind):
    fields = list(fields_of(kind, None, currency="EUR"))
    written = {one.name: one.shown for one in fields}
    inputs = {one.name: one.input for one in fields}
    if any(one.is_required for one in fields):
        with pytest.raises(UnreadableTermsError):
            read_terms(kind, written, inputs=inputs, currency="EUR")
    else:
        read = read_terms(kind, written, inputs=inputs, currency="EUR")
        assert read == TERMS[kind]()


def test_money_is_written_in_major_units_and_kept_in_minor_ones():
    told = NotToExceed(limit_minor=250_000_05, soft_limit_minor=200_000_00)
    fields = list(fields_of(ClauseKind.NOT_TO_EXCEED, told, currency="EUR"))
    written = {one.name: one.shown for one in fields}

    assert written["limit_minor"] == 250_000.05
    inputs = {one.name: one.input for one in fields}
    assert read_terms(ClauseKind.NOT_TO_EXCEED, written, inputs=inputs, currency="EUR") == told


def test_what_contradicts_itself_is_told_by_its_field():
    fields = list(fields_of(ClauseKind.NOT_TO_EXCEED, None, currency="EUR"))
    inputs = {one.name: one.input for one in fields}
    with pytest.raises(UnreadableTermsError, match="above limit_minor"):
        read_terms(
            ClauseKind.NOT_TO_EXCEED, {"limit_minor": 10.0, "soft_limit_minor": 20.0},
            inputs=inputs, currency="EUR",
        )  # fmt: skip


def test_a_passage_is_shown_on_its_own_page():
    source = ClauseSource(
        document_sha256="a" * 64, page=2, char_start=TEXT.index("3."), char_end=len(TEXT)
    )
    shown = passage_of(TEXT, source)

    assert (shown.before, shown.marked, shown.after) == ("", TEXT[TEXT.index("3.") :], "")


def test_a_place_beyond_the_text_shows_nothing_and_breaks_nothing():
    source = ClauseSource(document_sha256="a" * 64, page=9, char_start=9_999, char_end=10_000)
    assert passage_of(TEXT, source).marked == ""
