"""Operations: every figure names itself, follows its filters, and says what is not measured."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from data.schemas.catalogue import CATALOGUE, ExceptionCode
from review_app.screens.operations import operations_view
from tests.builders.contracts import reference
from tests.builders.desk_world import DeskWorld, serving_desk
from tests.builders.items import timesheet, week
from tests.builders.opened_screen import Open, drawn, opening_screens
from tests.fakes.scorer import CLEAR, FakeScorer, finding

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[DeskWorld]:
    scorer = FakeScorer()
    scorer.says("test:TS-1", **CLEAR)
    scorer.says("test:TS-2", findings=(finding(),), risk_minor=100_00)
    with serving_desk(
        tmp_path_factory.mktemp("operations"), reference=reference(), scorer=scorer
    ) as running:
        yield running


@pytest.fixture
def screens(world, monkeypatch) -> Iterator[Open]:
    with opening_screens(world, monkeypatch) as open_screen:
        yield open_screen


@pytest.fixture(scope="module")
def filled(world) -> None:
    """Two timesheets of 4,800.00: one cleared, one open with 100.00 at risk."""
    sheets = [timesheet(external_id=name, entries=week(of=name)) for name in ("TS-1", "TS-2")]
    world.submit(sheets)


def test_a_desk_without_anything_says_what_to_do(screens):
    app = screens("operations", "olga")

    assert not app.exception
    assert "Nothing was assessed or decided" in drawn(app)


@pytest.mark.usefixtures("filled")
def test_the_tiles_show_the_figures_and_what_they_mean(screens):
    app = screens("operations", "olga")

    assert not app.exception
    told = drawn(app)
    assert "50.0 %" in told
    assert "1 of 2" in told
    assert "Cases that still need somebody" in told
    assert "Not measured yet" in told


@pytest.mark.usefixtures("filled")
def test_what_waits_and_what_was_found_stand_in_tables_with_their_money(screens):
    app = screens("operations", "olga")
    cells = {str(cell) for table in app.dataframe for cell in table.value.to_numpy().ravel()}

    assert {
        "under a day",
        "EUR 4,800.00",
        "EUR 100.00",
        CATALOGUE[ExceptionCode.RATE_MISMATCH].title,
    } <= cells


@pytest.mark.usefixtures("filled")
def test_the_address_carries_the_period_and_the_client(screens):
    app = screens("operations", "olga", operations_days="7 days", operations_client="Acme")

    assert app.selectbox(key="operations_days").value == 7
    assert app.selectbox(key="operations_client").value == "acme"
    assert "50.0 %" in drawn(app)


@pytest.mark.usefixtures("filled")
def test_a_client_that_does_not_exist_is_no_filter(screens):
    app = screens("operations", "olga", operations_client="nobody' OR 1=1")

    assert not app.exception
    assert app.selectbox(key="operations_client").value is None


@pytest.mark.usefixtures("filled")
def test_the_trend_has_words_for_whoever_does_not_see_it(world):
    view = world.client("olga").operations(days=7)

    assert "assessed 2, cleared 1, cases opened 1" in operations_view.trend_in_words(view)
    assert len(operations_view.day_rows(view)) == 8
    assert [one.code for one in view.found] == [ExceptionCode.RATE_MISMATCH]


@pytest.mark.usefixtures("filled")
def test_the_number_of_late_cases_leads_to_them(world):
    tiles = {one.name: one for one in operations_view.work_tiles(world.client("olga").operations())}

    assert (tiles["late_cases"].page, tiles["late_cases"].query) == (
        "cases", {"cases_due": "overdue"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("hours", "words"), [(None, "–"), (0.25, "15 min"), (30.0, "30.0 h"), (60.0, "2.5 days")]
)
def test_a_span_is_told_in_the_unit_people_use(hours, words):
    assert operations_view.span(hours) == words
