"""A whole installation for browsers: the real API, a review app of its own, one tab a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect

from data.schemas.reference import Reference
from review_app.launch import APP, secrets_toml
from service.home import log_in_secrets
from service.supervisor import free_port
from tests.builders.api import PASSWORD
from tests.builders.desk_world import DeskWorld, serving_desk
from tests.fakes.review_stack import running_review_app
from tests.fakes.scorer import FakeScorer

WAIT_MS = 15_000
DWELL_MS = 450
"""A little more than the desk's minimum dwell."""
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
SETTLE_MS = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One person's browser tab."""

    page: Page
    url: str

    def open(self, path: str = "") -> None:
        """Go to a screen and wait until it stands."""
        self.page.goto(f"{self.url}{path}")
        self.settles()

    def log_in(self, login: str, password: str = PASSWORD) -> None:
        """Log in through the form."""
        self.page.get_by_role("button", name="Log in").click()
        self.page.get_by_label("Name").fill(login)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.keyboard.press("Enter")

    def shows(self, case_id: str) -> None:
        """Wait until a case's card stands there, takes keys, and was looked at for a moment."""
        self.page.locator(f"[data-case='{case_id}']").wait_for()
        self.page.locator(SETTLED).wait_for(state="attached")
        self.page.wait_for_timeout(DWELL_MS)

    def shown_case(self) -> str:
        """Give the case on the screen."""
        card = self.page.locator("[data-case]").first
        card.wait_for()
        return card.get_attribute("data-case") or ""

    def press(self, key: str) -> None:
        """Press a key, wherever the focus is."""
        self.page.keyboard.press(key)

    def says(self, text: str) -> None:
        """Wait for a text on the screen."""
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=WAIT_MS)

    def settles(self) -> None:
        """Wait until the script has run and its keys are bound."""
        self.page.locator(SETTLED).wait_for(state="attached")
        self.page.wait_for_timeout(SETTLE_MS)


@dataclass(frozen=True, slots=True, kw_only=True)
class RealDesk:
    """The running installation and the browsers at it."""

    world: DeskWorld
    url: str
    browser: Browser
    contexts: ExitStack
    cookies: dict[str, StorageState] = field(default_factory=dict)
    """What the browser of each person kept from their log-in."""

    def tab(
        self, login: str | None = None, *, dark: bool = False, width: int = 1280, scale: float = 1.0
    ) -> Tab:
        """Open a fresh browser profile, logged in as a person unless nobody is named."""
        context = self._context(self._kept(login), dark=dark, width=width, scale=scale)
        return Tab(page=context.new_page(), url=self.url)

    def _kept(self, login: str | None) -> StorageState | None:
        if login is None:
            return None
        if login not in self.cookies:
            context = self._context(None, dark=False, width=1280)
            tab = Tab(page=context.new_page(), url=self.url)
            tab.open()
            tab.log_in(login)
            tab.page.get_by_role("button", name="Log in").wait_for(state="detached")
            tab.settles()
            self.cookies[login] = context.storage_state()
        return self.cookies[login]

    def _context(
        self, cookies: StorageState | None, *, dark: bool, width: int, scale: float = 1.0
    ) -> BrowserContext:
        context = self.browser.new_context(
            viewport={"width": width, "height": 800},
            device_scale_factor=scale,
            storage_state=cookies,
            reduced_motion="reduce",
            color_scheme="dark" if dark else "light",
            timezone_id="Europe/Vienna",
            locale="en-GB",
        )
        context.set_default_timeout(WAIT_MS)
        self.contexts.callback(context.close)
        return context


@contextmanager
def real_desk(
    folder: Path,
    browser: Browser,
    *,
    reference: Reference,
    scorer: FakeScorer | None = None,
    script: Path = APP,
    **settings: object,
) -> Iterator[RealDesk]:
    """Start everything over a new home, and stop it with the block."""
    expect.set_options(timeout=WAIT_MS)
    port = free_port()
    app_url = f"http://127.0.0.1:{port}"
    folder.mkdir(parents=True, exist_ok=True)
    with serving_desk(
        folder / "home", reference=reference, review_url=app_url, scorer=scorer, **settings
    ) as world:
        secrets = log_in_secrets(world.settings)
        secrets_file = folder / "secrets.toml"
        secrets_file.write_text(
            secrets_toml(
                redirect_uri=f"{app_url}/oauth2callback",
                cookie_secret=secrets.cookie_secret,
                client_id=secrets.client_id,
                client_secret=secrets.client_secret,
                server_metadata_url=f"{world.url}/oidc/.well-known/openid-configuration",
            ),
            encoding="utf-8",
        )
        with (
            running_review_app(
                api_url=world.url, port=port, secrets_file=secrets_file, script=script
            ),
            ExitStack() as contexts,
        ):
            yield RealDesk(world=world, url=app_url, browser=browser, contexts=contexts)
