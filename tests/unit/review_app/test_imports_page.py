"""Import: a mapping is checked before it is used, and what was not taken comes back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from review_app.screens.imports.import_progress import done_share
from review_app.screens.imports.mapping_samples import TITLES, mapping_sample
from service.wire.imports import ImportPhase, ImportReport
from tests.builders.contracts import reference
from tests.builders.desk_world import DeskWorld, serving_desk
from tests.builders.opened_screen import Open, drawn, opening_screens

pytestmark = pytest.mark.enable_socket
SAMPLES = Path(__file__).resolve().parents[3] / "data" / "samples"
DEADLINE_SECONDS = 60


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[DeskWorld]:
    with serving_desk(tmp_path_factory.mktemp("imports"), reference=reference()) as running:
        yield running


@pytest.fixture
def screens(world, monkeypatch) -> Iterator[Open]:
    with opening_screens(world, monkeypatch) as open_screen:
        yield open_screen


@pytest.fixture(scope="module")
def imported(world) -> str:
    """The sample of time, imported to its end; gives the import's id."""
    client, file = world.client("ivo"), SAMPLES / "timesheets.csv"
    with file.open("rb") as content:
        begun = client.start_import(content, name=file.name, mapping=mapping_sample("timesheets"))
    deadline = time.monotonic() + DEADLINE_SECONDS
    while client.import_report(begun.id).phase not in {ImportPhase.DONE, ImportPhase.FAILED}:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return begun.id


def test_without_any_import_the_page_says_how_to_begin(screens):
    app = screens("imports", "ivo")

    assert not app.exception
    assert "Nothing was imported yet" in drawn(app)
    assert app.button(key="import_go").disabled


def test_a_sample_fills_the_mapping_and_has_no_mistake(screens):
    app = screens("imports", "ivo")
    app.selectbox(key="import_sample").set_value("timesheets").run()
    assert app.text_area(key="import_mapping").value == mapping_sample("timesheets")

    app.button(key="import_check").click().run()
    assert not app.exception
    assert "No mistake" in drawn(app)


@pytest.mark.parametrize("name", TITLES)
def test_every_sample_is_a_mapping_without_mistakes(world, name):
    assert world.client("ivo").check_mapping(mapping_sample(name)).columns


def test_mistakes_of_a_mapping_are_told_by_their_field(screens):
    app = screens("imports", "ivo")
    wrong = mapping_sample("timesheets").replace("period: week", "period: fortnight")
    app.text_area(key="import_mapping").set_value(wrong).run()
    app.button(key="import_check").click().run()

    assert not app.exception
    assert "The mapping has mistakes" in drawn(app)
    assert any("period" in where for where in app.dataframe[0].value["Where"])


def test_an_import_shows_what_it_took_and_gives_the_rest_back(screens, imported):
    app = screens("imports", "ivo", **{"import": imported})

    assert not app.exception
    figures = {one.label: one.value for one in app.metric}
    assert (figures["Rows read"], figures["Rows given back"]) == ("8", "2")
    assert "2 rows or items were not taken" in drawn(app)
    assert list(app.dataframe[-1].value["State"]) == ["✓ done"]


def test_a_reader_sees_imports_and_brings_nothing_in(screens, imported):
    app = screens("imports", "dora", **{"import": imported})

    assert "you read here" in drawn(app)
    assert not app.get("file_uploader")


def test_an_unknown_import_says_so(screens):
    app = screens("imports", "ivo", **{"import": "imp-0000000000000000"})

    assert not app.exception
    assert "no import" in drawn(app)


@pytest.mark.parametrize(("done", "of", "share"), [(0, 4, 0.0), (1, 4, 0.25), (0, 0, 1.0)])
def test_the_bar_shows_batches_taken_for_good(done, of, share):
    report = ImportReport(id="imp-1", file="a.csv", kind="work", batches=of, batches_done=done)
    assert done_share(report) == share
