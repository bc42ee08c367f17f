"""Random keys on a real desk: `python -m benchmarks.desk_keys --presses 10000 [--careless]`.

Prints how many keys went down and how many decisions the server took, and fails when one of them
was taken on a case that was not on the screen.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.desk_browser import browsing
from benchmarks.desk_mash import KeyDown, Taken, mash, unexplained
from benchmarks.figures import Figure, Say, Section
from benchmarks.scale import Scale
from review_app.launch import APP
from tests.browser.queue_room import QueueRoom, queue_room
from tests.browser.real_desk import Tab
from tests.builders.items import milestone
from tests.fakes.scorer import finding

CARELESS = Path(__file__).resolve().parents[1] / "tests" / "fakes" / "careless_desk.py"
WAITING = 24
"""Cases that are added whenever the queue is empty."""
PROVED_EVERY, LARGE_EVERY = 4, 8
"""One case in so many has a proved fault, or asks for the person's own call first."""
LARGE_MINOR = 30_000_00
START_MS, SENT_MS = 60_000, 60_000
PAGE = 200
PRESSES, QUICK_PRESSES = 10_000, 300
HOW = (
    "Letters, digits, held keys, keys in fields and under dialogs, and reloads in between, drawn "
    "with a seed, in headless Chromium on a real installation. The page notes which case stood on "
    "it when a key went down; a decision that no such key explains was taken on a case nobody saw."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hammered:
    """What came of it."""

    keys: tuple[KeyDown, ...]
    decisions: tuple[Taken, ...]
    unexplained: tuple[Taken, ...]

    def in_words(self) -> str:
        """Say it in one line."""
        held = sum(one.is_repeat for one in self.keys)
        fields = sum(one.is_in_field for one in self.keys)
        dialogs = sum(one.is_under_dialog for one in self.keys)
        return (
            f"{len(self.keys):,} keys ({held:,} of held keys, {fields:,} in fields, {dialogs:,} "
            f"under dialogs), {len(self.decisions):,} decisions, {len(self.unexplained)} of them "
            "on a case that was not on the screen\n"
        )


def main() -> None:
    """Hammer, and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.desk_keys", description=__doc__)
    parser.add_argument("--presses", type=int, default=PRESSES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--careless", action="store_true", help="a desk with a planted defect")
    plan = parser.parse_args()
    with browsing() as browser, tempfile.TemporaryDirectory() as folder:
        found = hammered(
            browser,
            Path(folder),
            presses=plan.presses,
            seed=plan.seed,
            script=CARELESS if plan.careless else APP,
        )
    sys.stdout.write(found.in_words())
    sys.exit(1 if found.unexplained else 0)


def measure(scale: Scale, *, folder: Path, say: Say) -> Section:
    """Hammer on a real desk, and count the decisions that no key answers for."""
    presses = QUICK_PRESSES if scale.is_quick else PRESSES
    say(f"{presses:,} keys")
    place = folder / "keys"
    place.mkdir()
    with browsing() as browser:
        found = hammered(browser, place, presses=presses, seed=1)
    return Section(
        name="desk_keys",
        title="Random keys on a real desk",
        how=HOW,
        figures=[
            Figure(what="keys that went down", ours=float(len(found.keys)), unit="keys"),
            Figure(what="decisions taken", ours=float(len(found.decisions)), unit="decisions"),
            Figure(
                what="decisions on a case that was not on the screen",
                ours=float(len(found.unexplained)),
                unit="decisions",
            ),
        ],
    )


def hammered(
    browser: Browser, folder: Path, *, presses: int, seed: int, script: Path = APP
) -> Hammered:
    """Start an installation, hammer on its desk, and ask its server what was decided."""
    with queue_room(folder, browser, script=script) as room:
        tab = room.desk.tab("ana")

        def come_back() -> None:
            _add_cases(room)
            tab.page.goto(room.desk.url)
            if tab.page.get_by_role("button", name="Log in", exact=True).count():
                tab.log_in("ana")
            tab.page.locator("[data-case]").wait_for(timeout=START_MS)

        keys = mash(tab.page, come_back=come_back, presses=presses, seed=seed)
        _wait_until_sent(tab)
        decisions = _decisions(room)
    return Hammered(
        keys=tuple(keys),
        decisions=tuple(decisions),
        unexplained=tuple(unexplained(decisions, keys)),
    )


def _add_cases(room: QueueRoom) -> None:
    for number in range(WAITING):
        if number % LARGE_EVERY == 0:
            name = f"MS-{room.sheet().external_id}"
            room.opens_of(milestone(external_id=name, amount_minor=LARGE_MINOR))
        elif number % PROVED_EVERY == 0:
            room.opens(findings=(finding(),), risk_minor=100_00)
        else:
            room.opens()


def _wait_until_sent(tab: Tab) -> None:
    tab.page.goto(tab.url)
    tab.page.get_by_text("All saved").first.wait_for(timeout=SENT_MS)


def _decisions(room: QueueRoom) -> list[Taken]:
    """Every decision ever taken, undone or not."""
    room.desk.world.sign_in_again()  # who only asks at the end has been idle for too long
    found: list[Taken] = []
    cursor: str | None = None
    while True:
        page = room.desk.world.client("dora").decisions(mine=False, cursor=cursor, limit=PAGE)
        found += [
            Taken(
                case_id=one.case_id,
                verdict=one.verdict,
                decided_ms=one.decided_at.timestamp() * 1_000,
            )
            for one in page.decisions
        ]
        cursor = page.next_cursor
        if cursor is None:
            return found


if __name__ == "__main__":
    main()
