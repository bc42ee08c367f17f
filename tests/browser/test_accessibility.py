"""Every page under the accessibility checker: light, dark, zoomed, narrow, with a question open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from review_app.pages import PAGES
from tests.browser.furnished import Furnished, furnished_desk
from tests.browser.real_desk import Tab

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
AXE = Axe()
WIDE, ZOOMED, NARROW = 1280, 640, 320
"""Pixels; a page at 200 % on 1280 pixels has 640 of them."""

BORN_IN_STREAMLIT: Mapping[str, str] = {
    # Rule: what of a page it is excused in, and nowhere else.
    "list": "[data-testid=stSidebarNav]",  # a menu with headings nests its lists wrongly
    "listitem": "[data-testid=stSidebarNav]",
    "color-contrast": "kbd",  # the shortcut that Streamlit draws into a primary button
    "empty-table-header": "[data-testid=stDataFrame]",  # a grid's column of marks has no name
    "presentation-role-conflict": "[data-testid=stFileUploader]",  # its drop zone
    "region": "[data-testid=stSelectboxVirtualDropdown]",  # an open list hangs outside all regions
}
"""What Streamlit draws and we cannot mend."""
PROBE = """() => {
  const bad = document.createElement("img");
  bad.src = "data:,"; bad.id = "planted";
  document.querySelector("main, [data-testid=stMain]").append(bad);
}"""
INK_OF_SHEET = "getComputedStyle(document.querySelector('[role=dialog] .cs-keys td')).color"
INK_OF_DIALOG = "getComputedStyle(document.querySelector('[role=dialog]')).color"


@pytest.fixture(scope="module")
def furnished(browser: Browser, tmp_path_factory) -> Iterator[Furnished]:
    with furnished_desk(tmp_path_factory.mktemp("axe"), browser) as running:
        yield running


class People:
    """One tab a person, kept while a test walks from page to page."""

    def __init__(self, furnished: Furnished, **how) -> None:
        self._furnished, self._how = furnished, how
        self._tabs: dict[str, Tab] = {}

    def at(self, login: str, path: str) -> Tab:
        """Give the tab of a person, standing at a page."""
        if login not in self._tabs:
            self._tabs[login] = self._furnished.desk.tab(login, **self._how)
        tab = self._tabs[login]
        tab.open(path)
        tab.page.locator(".cs-page, .cs-card").first.wait_for()
        tab.settles()
        return tab

    def leave(self) -> None:
        """Close them all."""
        for tab in self._tabs.values():
            tab.page.context.close()


@pytest.fixture
def people(furnished: Furnished) -> Iterator:
    """Opens the tabs of a test, all alike."""
    opened: list[People] = []

    def alike(**how) -> People:
        opened.append(People(furnished, **how))
        return opened[-1]

    yield alike
    for one in opened:
        one.leave()


@pytest.fixture(scope="module")
def walkers(furnished: Furnished) -> Iterator[People]:
    """Those who walk through all pages, one after the other."""
    one = People(furnished)
    yield one
    one.leave()


def found(tab: Tab) -> list[str]:
    """What the checker holds against the page, without what Streamlit is to blame for."""
    violations = AXE.run(tab.page).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:160]} at {node['target']}"
        for one in violations
        for node in one["nodes"]
        if not _is_excused(tab, one["id"], node)
    ]


def _is_excused(tab: Tab, rule: str, node: dict) -> bool:
    if rule not in BORN_IN_STREAMLIT:
        return False
    return tab.page.locator(node["target"][-1]).first.evaluate(
        "(one, place) => one.closest(place) !== null", BORN_IN_STREAMLIT[rule]
    )


def scrolls_sideways(tab: Tab) -> bool:
    """Say whether somebody has to move the page sideways to read it."""
    return tab.page.evaluate(
        """() => [document.documentElement, document.querySelector("[data-testid=stMain]")]
            .some(one => one && one.scrollWidth > one.clientWidth + 1)"""
    )


def test_every_page_has_an_address_here(furnished):
    reached = {path.split("?")[0].strip("/") for _, path in furnished.addresses()}
    assert reached | {"log_out"} == {page.name for page in PAGES}


Way = tuple[str, int]
ALWAYS: tuple[Way, ...] = (("light", WIDE), ("dark", NARROW))
AT_LENGTH: tuple[Way, ...] = (("dark", WIDE), ("light", ZOOMED))
"""How each page is looked at: its colours and its width."""


def faults_of(tab: Tab, ways: tuple[Way, ...]) -> list[str]:
    """What is wrong with a page, whichever way somebody reads it."""
    told = []
    for scheme, width in ways:
        tab.page.emulate_media(color_scheme=scheme)
        tab.page.set_viewport_size({"width": width, "height": 800})
        tab.settles()
        told += [f"{scheme} {width}: {one}" for one in found(tab)]
        # On a phone a table of many columns may be moved sideways inside the page.
        if width > NARROW and scrolls_sideways(tab):
            told.append(f"{scheme} {width}: scrolls sideways")
    return told


@pytest.mark.parametrize("name", sorted(page.name for page in PAGES if page.name != "log_out"))
@pytest.mark.parametrize(
    "ways",
    [
        pytest.param(ALWAYS, id="light-and-dark-on-a-phone"),
        pytest.param(AT_LENGTH, id="dark-and-zoomed", marks=pytest.mark.long),
    ],
)
def test_every_page_can_be_read(furnished, walkers, name, ways):
    told = []
    for login, path in furnished.addresses():
        if path.split("?")[0].strip("/") == name:
            tab = walkers.at(login, path)
            told += [f"{path} {one}" for one in faults_of(tab, ways)]
            tab.page.set_viewport_size({"width": WIDE, "height": 800})
    assert "\n".join(told) == ""


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_questions_and_dialogs_shut_nobody_out(furnished, people, is_dark):
    tab = people(dark=is_dark).at("ana", "/queue")
    tab.shows(tab.shown_case())
    tab.press("x")
    tab.says("Why does it go back?")
    tab.settles()
    assert found(tab) == []
    tab.press("Escape")
    expect(tab.page.get_by_text("Why does it go back?")).to_be_hidden()
    tab.settles()
    tab.press("d")
    tab.page.locator(".st-key-adjust_form").wait_for()
    tab.settles()
    assert found(tab) == []
    tab.press("Escape")
    tab.press("Escape")
    tab.settles()
    for key in ("s", "v"):
        tab.page.wait_for_timeout(450)
        tab.press(key)
        tab.page.locator(".st-key-desk_panel").wait_for()
        tab.settles()
        assert found(tab) == [], key
        tab.press("Escape")
        tab.press("Escape")
        tab.page.locator(".st-key-desk_panel").wait_for(state="detached")
        tab.settles()
    tab.press("h")
    expect(tab.page.get_by_role("dialog")).to_be_visible()
    tab.settles()
    assert found(tab) == []
    # The checker cannot tell what lies behind a dialog, so it passes any ink there.
    assert tab.page.evaluate(INK_OF_SHEET) == tab.page.evaluate(INK_OF_DIALOG)


def test_the_way_in_shuts_nobody_out(furnished):
    for is_dark in (False, True):
        for width in (WIDE, NARROW):
            tab = furnished.desk.tab(dark=is_dark, width=width)
            tab.open()
            assert found(tab) == []
            tab.page.get_by_role("button", name="Log in").click()
            tab.page.get_by_label("Name").wait_for()
            assert found(tab) == []
            assert not scrolls_sideways(tab)
            tab.page.context.close()


def test_the_checker_finds_a_fault_that_is_planted(people):
    tab = people().at("olga", "/cases")
    tab.page.evaluate(PROBE)
    assert any("image-alt" in one and "planted" in one for one in found(tab))
