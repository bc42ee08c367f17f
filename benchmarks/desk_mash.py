"""Somebody hammers on the keyboard of the desk, and every decision has to be answered for.

A key counts for the case that stood on the screen when it went down: the page itself notes which
one that was, before any other script of the page hears of the key. A decision that no such key
explains was taken on a case that nobody saw.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page

from data.schemas.vocabulary import Verdict
from review_app.keys import DIGITS, KEYS, Step
from review_app.screens.deciding.pressing import MIN_DWELL_SECONDS

VERDICT_LETTERS: Mapping[Verdict, str] = {
    verdict: str(KEYS[verdict].shortcut).lower() for verdict in Verdict
}
LETTERS = (*VERDICT_LETTERS.values(), *(str(KEYS[step].shortcut).lower() for step in Step
           if step is not Step.CANCEL))  # fmt: skip
MOVES = ("Tab", "Escape", "Enter", "Escape", "Shift+Tab")
PRESSES_A_BUTTON = frozenset({"Enter", " "})
HELD_REPEATS = 12
RELOAD_EVERY = 60
"""One press in so many is a reload of the page."""
GAPS_MS = (0, 5, 15, 40)
"""Between the keys of a burst: faster than the next case can be drawn."""
PAUSES_MS = (0, 0, 20, 60, 140, 260)
READ_MS = 500
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
RETURN_EVERY = 40
"""So many turns at most on a page the keys led to, then back to the queue."""
LEAST_LOOK_MS = 1_000 * MIN_DWELL_SECONDS - 50.0
"""An earlier key was meant for what stood there before; the clocks are read 50 ms apart at most."""
MOST_DELAY_MS = 10_000.0
"""From the last key to the decision: the desk sends behind the person's back, one by one."""

# Before every other listener, as it is added while the document is still empty. What a key meets
# is told at once: a reload would take a list along.
WATCHER = """
() => {
let stood = "", since = 0;
const look = () => {
  const shown = document.querySelector("[data-case]")?.dataset.case ?? "";
  if (shown !== stood) { stood = shown; since = performance.now(); }
};
new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
addEventListener("keydown", (event) => {
  look();
  window.noteKey({
    key: event.key, at_ms: Date.now(), is_repeat: event.repeat,
    case_id: stood, stood_ms: performance.now() - since,
    is_in_field: event.target.closest?.("input, textarea, select") != null,
    on: event.target.innerText?.trim().split("\\n")[0] ?? "",
    is_under_dialog: document.querySelector("[role=dialog]") !== null,
  });
}, true);
}
"""

# Keys sent one by one from outside arrive 50 ms apart at best, and by then the next case is drawn.
BURST = """
({ keys, gapMs }) => new Promise((resolve) => {
  const send = (left) => {
    if (left.length === 0) { resolve(); return; }
    const [key] = left;
    const told = {
      key, code: `Key${key.toUpperCase()}`, keyCode: key.toUpperCase().charCodeAt(0),
      which: key.toUpperCase().charCodeAt(0), bubbles: true, cancelable: true,
    };
    const at = document.activeElement ?? document.body;
    at.dispatchEvent(new KeyboardEvent("keydown", told));
    at.dispatchEvent(new KeyboardEvent("keyup", told));
    setTimeout(() => send(left.slice(1)), gapMs);
  };
  send(keys);
})
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDown:
    """One key that went down, and what it met."""

    key: str
    at_ms: float
    is_repeat: bool
    case_id: str
    """The case on the screen; empty when there was none."""
    stood_ms: float
    """How long the case had stood there."""
    is_in_field: bool
    on: str
    """The words on what had the focus."""
    is_under_dialog: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A decision as the server has it."""

    case_id: str
    verdict: Verdict
    decided_ms: float


def mash(page: Page, *, come_back: Callable[[], None], presses: int, seed: int) -> list[KeyDown]:
    """Hammer on a page until so many keys went down; gives every one of them.

    Letters, digits, held keys, keys in fields and under dialogs, and reloads in between. Wherever
    the keys led to, `come_back` brings the page to a queue in which something waits.
    """
    met: list[KeyDown] = []
    page.expose_function("noteKey", lambda told: met.append(KeyDown(**told)))
    page.add_init_script(f"({WATCHER})()")
    come_back()
    chance = random.Random(seed)
    turn = 0
    while len(met) < presses:
        turn += 1
        try:
            if turn % RETURN_EVERY == 0 and page.get_by_role("button", name="Note").count() == 0:
                come_back()
            _press_something(page, chance)
        except BrowserError:
            # A key that leads to another page may meet it half drawn.
            page.wait_for_load_state()
    page.wait_for_timeout(READ_MS)
    return met


def unexplained(decisions: Iterable[Taken], keys: Sequence[KeyDown]) -> list[Taken]:
    """Give the decisions that no key explains: none asked for them while their case was shown."""
    by_case: dict[str, list[KeyDown]] = {}
    for one in keys:
        if not (one.is_repeat or one.is_in_field or one.is_under_dialog):
            by_case.setdefault(one.case_id, []).append(one)
    return [one for one in decisions if not _is_explained(one, by_case.get(one.case_id, []))]


def _is_explained(decision: Taken, keys: Sequence[KeyDown]) -> bool:
    """The verdict was chosen on the case, and its last key came shortly before the decision."""
    before = [one for one in keys if one.at_ms <= decision.decided_ms]
    is_chosen = any(_chooses(one, decision.verdict) for one in before)
    is_recent = any(
        decision.decided_ms - one.at_ms <= MOST_DELAY_MS
        and (one.key in DIGITS or one.key in PRESSES_A_BUTTON or _chooses(one, decision.verdict))
        for one in before
    )
    return is_chosen and is_recent


def _chooses(one: KeyDown, verdict: Verdict) -> bool:
    if one.stood_ms < LEAST_LOOK_MS:
        return False
    is_pressed = one.key in PRESSES_A_BUTTON and one.on.startswith(KEYS[verdict].label)
    return is_pressed or one.key.lower() == VERDICT_LETTERS[verdict]


def _press_something(page: Page, chance: random.Random) -> None:
    for step in _steps(chance):
        if step == "reload":
            page.reload()
        elif step == "read":
            # Only what stood there long enough to be read takes a key at all.
            page.locator(SETTLED).wait_for(state="attached")
            page.wait_for_timeout(READ_MS)
        elif step.startswith("hold "):
            _hold(page, step.removeprefix("hold "))
        elif step.startswith("burst "):
            keys = list(step.removeprefix("burst "))
            page.evaluate(BURST, {"keys": keys, "gapMs": chance.choice(GAPS_MS)})
        else:
            page.keyboard.press(step)
            page.wait_for_timeout(chance.choice(PAUSES_MS))


def _hold(page: Page, key: str) -> None:
    for _ in range(HELD_REPEATS):
        page.keyboard.down(key)
    page.keyboard.up(key)


def _steps(chance: random.Random) -> Iterator[str]:
    kind = chance.random()
    if kind < 1 / RELOAD_EVERY:
        yield "reload"
    elif kind < 0.10:
        yield chance.choice(LETTERS)
    elif kind < 0.45:
        # Impatience: the same verdict again and again, on whatever case comes up meanwhile.
        letter = chance.choice(("a", "a", *VERDICT_LETTERS.values()))
        yield from ("Escape", "read", f"burst {letter * chance.randint(2, 6)}")
    elif kind < 0.70:
        yield from ("read", chance.choice(tuple(VERDICT_LETTERS.values())))
        yield from chance.choice(((), ("read",)))
        yield from chance.choices(DIGITS[:4], k=chance.randint(1, 3))
    elif kind < 0.80:
        yield from ("read", f"hold {chance.choice(LETTERS)}")
    elif kind < 0.87:
        yield chance.choice(("n", "d", "s"))
        yield from chance.choices((*LETTERS, *DIGITS), k=4)
        yield "Escape"
    elif kind < 0.93:
        yield chance.choice(("?", "h"))
        yield from chance.choice(((), ("read",)))
        yield from chance.choices((*LETTERS, *DIGITS), k=3)
        yield "Escape"
    else:
        yield chance.choice(MOVES)
