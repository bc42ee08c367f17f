"""A browser with a stopwatch: from a key press to the next case painted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, StorageState, sync_playwright

CHROMIUM = next((path for path in map(shutil.which, ("chromium", "chromium-browser")) if path), "")
FLAGS = ("--no-sandbox", "--disable-dev-shm-usage")
WAIT_MS = 20_000
PAUSE_MS = 900
"""Between two presses: the least a person looks, and the next case is fetched meanwhile."""

# Two frames after the card of another case stands in the page it is painted.
STOPWATCH = """
() => { window.pressed = new Promise((resolve) => {
  const shown = () => document.querySelector("[data-case]")?.dataset.case;
  const before = shown();
  let start;
  addEventListener("keydown", () => { start = performance.now(); }, { capture: true, once: true });
  const look = () => {
    if (start === undefined || shown() === undefined || shown() === before) return;
    watcher.disconnect();
    const done = () => resolve(performance.now() - start);
    requestAnimationFrame(() => requestAnimationFrame(done));
  };
  const watcher = new MutationObserver(look);
  watcher.observe(document.body, { subtree: true, childList: true, attributes: true });
  setTimeout(() => { watcher.disconnect(); resolve(null); }, 10000);
}); }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presses:
    """What the stopwatch showed, in milliseconds, sorted."""

    milliseconds: tuple[float, ...]
    lost: int
    """Presses after which no other case came."""

    def at(self, share: float) -> float:
        """Give a quantile; 0.5 is the median."""
        place = min(int(share * len(self.milliseconds)), len(self.milliseconds) - 1)
        return self.milliseconds[place]


@contextmanager
def browsing() -> Iterator[Browser]:
    """Start Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def logged_in(browser: Browser, url: str, *, login: str, password: str) -> StorageState:
    """Log a person in through the form, and give what their browser keeps."""
    context = browser.new_context()
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    page.goto(url)
    page.get_by_role("button", name="Log in").click()
    page.get_by_label("Name").fill(login)
    page.get_by_label("Password", exact=True).fill(password)
    page.keyboard.press("Enter")
    page.locator("[data-case]").first.wait_for()
    kept = context.storage_state()
    context.close()
    return kept


def time_presses(
    browser: Browser, url: str, *, count: int, cookies: StorageState | None = None
) -> Presses:
    """Open a page that shows a case, and press the key of approval again and again."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, storage_state=cookies, reduced_motion="reduce"
    )
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    page.goto(url)
    page.locator("[data-case]").first.wait_for()
    times = [_time_press(page) for _ in range(count)]
    context.close()
    counted = sorted(one for one in times if one is not None)
    return Presses(milliseconds=tuple(counted), lost=len(times) - len(counted))


def _time_press(page: Page) -> float | None:
    page.wait_for_timeout(PAUSE_MS)
    page.evaluate(STOPWATCH)
    page.keyboard.press("a")
    measured: float | None = page.evaluate("() => window.pressed")
    return measured
