"""One review app, one API in memory and one browser for the whole folder; fresh cases per test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright

from tests.browser.chromium import CHROMIUM, FLAGS
from tests.builders.review import busy_tuesday
from tests.fakes.case_desk import PASSWORD, FakeApi
from tests.fakes.review_stack import ReviewStack, review_stack

DWELL_MS = 450
"""A little more than the desk's minimum dwell."""
WAIT_MS = 10_000
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
SETTLE_MS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A browser tab at the review app."""

    page: Page
    url: str

    def open(self, path: str = "") -> None:
        """Go to a screen."""
        self.page.goto(f"{self.url}{path}")

    def log_in(self, *, name: str = "ana", password: str = PASSWORD) -> None:
        """Log in through the form."""
        self.page.get_by_role("button", name="Log in").click()
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.page.keyboard.press("Enter")

    def shows(self, case_id: str) -> None:
        """Wait until the card of a case stands there, and has stood there for a moment."""
        self.page.locator(f"[data-case='{case_id}']").wait_for(timeout=WAIT_MS)
        self.page.wait_for_timeout(DWELL_MS)

    def press(self, key: str) -> None:
        """Press a key, wherever the focus is."""
        self.page.keyboard.press(key)

    def skip_to(self, number: int) -> None:
        """Give cases back until the one with this number stands there."""
        for following in range(2, number + 1):
            self.press("j")
            self.shows(f"C-{following:06d}")

    def says(self, text: str) -> None:
        """Wait for a text on the screen."""
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=WAIT_MS)
        self.settles()

    def settles(self) -> None:
        """Wait until the script has run and its keys are bound."""
        self.page.locator(SETTLED).wait_for(state="attached", timeout=WAIT_MS)
        self.page.wait_for_timeout(SETTLE_MS)


@pytest.fixture(scope="session")
def fake_api() -> FakeApi:
    return FakeApi.of(())


@pytest.fixture(scope="session")
def stack(fake_api: FakeApi, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReviewStack]:
    with review_stack(fake_api, folder=tmp_path_factory.mktemp("review_app")) as running:
        yield running


# Playwright keeps an event loop running in its thread: no longer than a file of tests.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("needs Chromium on the PATH")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def api(fake_api: FakeApi) -> FakeApi:
    """The API with six fresh cases and nobody logged in."""
    fake_api.reset(busy_tuesday(now=datetime.now(UTC)))
    return fake_api


@pytest.fixture
def tab(browser: Browser, stack: ReviewStack, api: FakeApi) -> Iterator[Desk]:
    """A fresh browser profile at the front door."""
    with _opened(browser, stack) as desk:
        desk.open()
        yield desk


@pytest.fixture(scope="module")
def known_ana(browser: Browser, stack: ReviewStack, fake_api: FakeApi) -> tuple[str, StorageState]:
    """Ana's session token and cookies, from one log-in through the form."""
    fake_api.reset(busy_tuesday(now=datetime.now(UTC)))
    with _opened(browser, stack) as desk:
        desk.open()
        desk.log_in()
        desk.shows("C-000001")
        (token,) = fake_api.sessions
        return token, desk.page.context.storage_state()


@pytest.fixture
def desk(
    browser: Browser, stack: ReviewStack, known_ana: tuple[str, StorageState], api: FakeApi
) -> Iterator[Desk]:
    """Ana at her queue, the first case before her."""
    token, cookies = known_ana
    api.sessions[token] = "ana"
    with _opened(browser, stack, cookies=cookies) as desk:
        desk.open()
        desk.shows("C-000001")
        yield desk


@contextmanager
def _opened(
    browser: Browser, stack: ReviewStack, *, cookies: StorageState | None = None
) -> Iterator[Desk]:
    context = browser.new_context(
        viewport={"width": 1280, "height": 800},
        storage_state=cookies,
        reduced_motion="reduce",
        locale="en-GB",
    )
    context.set_default_timeout(WAIT_MS)
    yield Desk(page=context.new_page(), url=stack.app_url)
    context.close()
