"""Takes the pictures of the documentation: `python -m tests.browser.take_screenshots`.

It runs the product on a generated firm, lives three weeks of it in a minute or two, and pictures
every page, light and dark. `--models HOME` takes the models of an installation instead of training
new ones; `--only queue` takes some of the pictures.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, TimeoutError, sync_playwright  # noqa: A004

from service.clock import SystemClock
from service.commands.demo_firm import DemoFirm, cut_of, demo_size, make_demo_firm
from service.commands.retrain import make_firm_rows, train
from service.home import prepare_home
from service.settings import Settings
from tests.browser.chromium import CHROMIUM, FLAGS
from tests.browser.lived_weeks import told_time
from tests.browser.pictures import Picture, pictures
from tests.browser.real_desk import RealDesk, Tab, real_desk
from tests.browser.told_today import Today, name_known_cases, publish_year_end, tell_today
from tests.builders.contracts import reference

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
SCALE = 1.25
COLOURS = 256
SETTLE_MS = 900
PEOPLE, MONTHS, SEED = 60, 27, 7
"""Of the firm that models learn from, as the demo has it: with less, nothing could be certified."""
SHOWN_PEOPLE, SHOWN_MONTHS = 24, 15
"""Of the firm in the pictures; its past is taken in first, and a smaller one takes less time."""


def main() -> None:
    """Take the pictures that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, help="home folder whose models are taken")
    parser.add_argument("--only", default="", help="pictures whose names match this")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    today = SystemClock().now().date()
    shown = make_demo_firm(people=SHOWN_PEOPLE, months=SHOWN_MONTHS, seed=SEED, today=today)
    with tempfile.TemporaryDirectory() as folder, _browser() as browser:
        home = Path(folder) / "home"
        _bring_models(home, today, ready=chosen.models)
        with real_desk(Path(folder), browser, reference=reference()) as desk:
            wanted = [
                one for one in pictures(_live(desk, shown)) if re.search(chosen.only, one.name)
            ]
            missed = _take(wanted, _Tabs(desk), folder=chosen.folder)
    if missed:
        sys.exit(f"not taken: {', '.join(missed)}")


def _live(desk: RealDesk, demo: DemoFirm) -> Today:
    with told_time(desk.world, demo) as weeks:
        weeks.live(after={0: lambda: publish_year_end(weeks), 4: lambda: name_known_cases(weeks)})
        return tell_today(weeks)


def _bring_models(home: Path, today: date, *, ready: Path | None) -> None:
    settings = Settings(home=home)
    prepare_home(settings, clock=SystemClock())
    if ready is not None:
        shutil.copytree(Settings(home=ready).bundles_folder, settings.bundles_folder,
                        dirs_exist_ok=True)  # fmt: skip
        return
    size = demo_size(people=PEOPLE, months=MONTHS, seed=SEED, today=today)
    make_firm_rows(settings, size=size, cut=cut_of(size))
    train(settings, actor_id="pictures")


def _take(wanted: Sequence[Picture], tabs: _Tabs, *, folder: Path) -> list[str]:
    """Take the pictures; gives the names of those whose page did not come to stand."""
    missed = []
    for shot in wanted:
        try:
            tabs.take(shot, folder=folder)
        except TimeoutError as error:
            sys.stderr.write(f"{shot.name}: {error.message.splitlines()[0]}\n")
            missed.append(shot.name)
    return missed


class _Tabs:
    """One tab a person, for a page opens much faster in a browser that has its scripts."""

    def __init__(self, desk: RealDesk) -> None:
        self._desk = desk
        self._open: dict[str | None, Tab] = {}

    def take(self, shot: Picture, *, folder: Path) -> None:
        """Open the page, do what the picture wants, and picture it in both schemes."""
        # No worker runs here: the weeks did its work, and left nothing to do.
        self._desk.world.settings.worker_seen_file.touch()
        tab = self._tab_of(shot.login)
        tab.page.emulate_media(color_scheme="light")
        tab.page.set_viewport_size({"width": 1280, "height": shot.height})
        tab.open(shot.path)
        shot.act(tab)
        tab.page.mouse.move(1, 1)
        tab.page.wait_for_timeout(SETTLE_MS)
        for scheme in ("light", "dark"):
            tab.page.emulate_media(color_scheme=scheme)
            tab.page.wait_for_timeout(SETTLE_MS)
            _save(tab.page.screenshot(), folder / f"{shot.name}-{scheme}.png")

    def _tab_of(self, login: str | None) -> Tab:
        if login not in self._open:
            self._open[login] = self._desk.tab(login, scale=SCALE)
        return self._open[login]


def _save(png: bytes, path: Path) -> None:
    """Write a picture with a palette: a quarter of the size, and no eye sees the difference."""
    with Image.open(io.BytesIO(png)) as picture:
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
    sys.stdout.write(f"{path.name} {path.stat().st_size // 1_000} kB\n")
    sys.stdout.flush()


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=list(FLAGS),
            # People see where a list goes on; a picture must say so as well.
            ignore_default_args=["--hide-scrollbars"],
        )
        yield browser
        browser.close()


if __name__ == "__main__":
    main()
