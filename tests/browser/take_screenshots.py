"""Takes the pictures of the documentation: `python -m tests.browser.take_screenshots`.

Without arguments it shows made-up cases; with --app-url it logs in to a running review app.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import CHROMIUM, FLAGS
from tests.builders.review import busy_tuesday
from tests.fakes.case_desk import PASSWORD, FakeApi
from tests.fakes.review_stack import review_stack

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
SETTLE_MS = 700


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--app-url", help="address of a running review app")
    parser.add_argument("--login", default="ana")
    parser.add_argument("--password", default=PASSWORD)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    if chosen.app_url:
        take(chosen.app_url, chosen.folder, login=chosen.login, password=chosen.password)
        return
    fake = FakeApi.of(busy_tuesday(now=datetime.now(UTC)))
    with (
        tempfile.TemporaryDirectory() as folder,
        review_stack(fake, folder=Path(folder)) as stack,
    ):
        take(stack.app_url, chosen.folder, login=chosen.login, password=chosen.password)


def take(app_url: str, folder: Path, *, login: str, password: str) -> None:
    """Log in, and picture the log-in, the queue and a case."""
    with _page() as page:
        page.goto(app_url)
        page.get_by_role("button", name="Log in").click()
        page.get_by_label("Name").fill(login)
        _shoot(page, folder / "login.png")
        page.get_by_label("Password").fill(password)
        page.keyboard.press("Enter")
        page.locator(".cs-card").wait_for()
        _shoot(page, folder / "queue.png")
        case_id = page.locator(".cs-card").get_attribute("data-case")
        page.keyboard.press("d")
        page.locator(".st-key-adjust_form").wait_for()
        _shoot(page, folder / "adjust.png")
        page.goto(f"{app_url}/case?case={case_id}")
        page.locator(".cs-card").wait_for()
        page.set_viewport_size({"width": 1280, "height": 1_020})
        page.locator(".cs-history summary").click()
        _shoot(page, folder / "case.png")


def _shoot(page: Page, path: Path) -> None:
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=path)


@contextmanager
def _page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        context = browser.new_context(
            viewport={"width": 1280, "height": 800},
            device_scale_factor=1.5,
            color_scheme="light",
            timezone_id="Europe/Vienna",
        )
        yield context.new_page()
        browser.close()


if __name__ == "__main__":
    main()
