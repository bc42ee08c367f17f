"""The first hour of an installation: its administrator, the first colleague, and wrong passwords.

`countersign serve` runs as it does at a customer's; the one-time password is read off its output.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from service.supervisor import free_port
from tests.browser.real_desk import WAIT_MS, Tab

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
START_SECONDS = 90.0
ROOT = Path(__file__).resolve().parents[2]
ADMINS_OWN, NINAS_OWN = "a sentence for the admin", "a sentence for nina"
DOES_NOT_FIT = "Name and password do not fit. Check both and try again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A new installation and the browsers at it; `told` is what its operator reads."""

    url: str
    told: list[str]
    browser: Browser
    contexts: ExitStack

    def tab(self) -> Tab:
        """Open a fresh browser profile at the front door."""
        context = self._context()
        tab = Tab(page=context.new_page(), url=self.url)
        tab.open()
        return tab

    def _context(self) -> BrowserContext:
        context = self.browser.new_context(
            viewport={"width": 1280, "height": 800}, reduced_motion="reduce", locale="en-GB"
        )
        context.set_default_timeout(WAIT_MS)
        self.contexts.callback(context.close)
        return context


@pytest.fixture(scope="module")
def installation(browser: Browser, tmp_path_factory) -> Iterator[Installation]:
    home = tmp_path_factory.mktemp("new") / "home"
    with _serving(home) as (url, told), ExitStack() as contexts:
        yield Installation(url=url, told=told, browser=browser, contexts=contexts)


@contextmanager
def _serving(home: Path) -> Iterator[tuple[str, list[str]]]:
    ports = {"COUNTERSIGN_API_PORT": free_port(), "COUNTERSIGN_REVIEW_PORT": free_port()}
    environment = {name: str(port) for name, port in ports.items()} | {
        "COUNTERSIGN_HOME": str(home),
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(ROOT),
        "NO_PROXY": "127.0.0.1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "service.cli", "serve"],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    lines: Queue[str] = Queue()
    Thread(target=lambda: [lines.put(line) for line in process.stdout], daemon=True).start()
    try:
        yield f"http://127.0.0.1:{ports['COUNTERSIGN_REVIEW_PORT']}", _until_up(lines)
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()


def _until_up(lines: Queue[str]) -> list[str]:
    told: list[str] = []
    while not told or "stop with Ctrl-C" not in told[-1]:
        try:
            told.append(lines.get(timeout=START_SECONDS))
        except Empty:
            pytest.fail(f"the installation did not come up:\n{''.join(told)}")
    return told


def _choose(page: Page, password: str) -> None:
    expect(page.get_by_role("heading", name="Choose your password")).to_be_visible()
    page.get_by_label("New password").fill(password)
    page.get_by_label("The same once more").fill(password)
    page.keyboard.press("Enter")


@pytest.fixture(scope="module")
def admin(installation: Installation) -> Tab:
    """The first administrator, who came in by the printed password and chose another."""
    (line,) = [one for one in installation.told if "first log-in" in one]
    (printed,) = re.findall(r"one-time password (\S+)", line)
    tab = installation.tab()
    tab.log_in("admin", printed)
    _choose(tab.page, ADMINS_OWN)
    expect(tab.page.get_by_role("button", name="Administrator")).to_be_visible()
    again = installation.tab()
    again.log_in("admin", printed)
    expect(again.page.get_by_role("alert")).to_have_text(DOES_NOT_FIT)
    return tab


@pytest.fixture(scope="module")
def nina(installation: Installation, admin: Tab) -> Tab:
    """A colleague the administrator invited on the page for it, at her desk."""
    admin.open("/people?tab=Invite")
    admin.page.get_by_label("Log-in name").fill("nina")
    admin.page.get_by_label("Name", exact=True).fill("Nina Berg")
    admin.page.get_by_label("Roles").fill("Reviewer")
    admin.press("Enter")
    admin.press("Escape")
    admin.page.get_by_role("button", name="Invite").click()
    admin.says("One-time password of Nina Berg, log-in name nina")
    password = admin.page.locator(".st-key-secret code").inner_text().strip()
    tab = installation.tab()
    tab.log_in("nina", password)
    _choose(tab.page, NINAS_OWN)
    expect(tab.page.get_by_role("button", name="Nina Berg")).to_be_visible()
    return tab


def test_the_printed_password_opens_the_door_once_and_only_to_choose_another(admin):
    expect(admin.page.get_by_role("button", name="Control")).to_be_visible()


def test_whoever_the_administrator_invites_stands_before_their_queue(nina):
    nina.says("Queue clear: nothing waits for you.")
    expect(nina.page.get_by_role("button", name="Control")).to_have_count(0)


def test_the_password_of_an_invited_person_goes_from_the_screen_when_it_was_read(nina, admin):
    admin.page.get_by_role("button", name="I have it").click()
    expect(admin.page.locator(".st-key-secret")).to_have_count(0)
    admin.page.reload()
    admin.settles()
    expect(admin.page.locator(".st-key-secret")).to_have_count(0)


def test_a_wrong_password_and_an_unknown_name_sound_the_same(installation, nina):
    tab = installation.tab()
    tab.log_in("nina", "not hers")
    alert = tab.page.get_by_role("alert")
    expect(alert).to_have_text(DOES_NOT_FIT)
    tab.page.get_by_label("Name").fill("nobody")
    tab.page.get_by_label("Password", exact=True).fill("not hers")
    tab.press("Enter")
    expect(tab.page.get_by_label("Name")).to_have_value("nobody")
    expect(alert).to_have_text(DOES_NOT_FIT)


def test_guessing_shuts_the_door_for_a_while_even_to_the_right_password(installation, admin):
    tab = installation.tab()
    tab.log_in("admin", "guess 0")
    expect(tab.page.get_by_role("alert")).to_have_text(DOES_NOT_FIT)
    for turn in range(1, 5):
        _try(tab.page, f"guess {turn}")
    _try(tab.page, ADMINS_OWN)
    expect(tab.page.get_by_role("alert")).to_contain_text("try again in 5 minutes")
    admin.open("/people")
    admin.says("Who may what")


def _try(page: Page, password: str) -> None:
    with page.expect_navigation():
        page.get_by_label("Password", exact=True).fill(password)
        page.keyboard.press("Enter")
