"""From a key press to the next case on the screen: `python -m benchmarks.run --only desk_loop`.

The queue of the review app in Chromium, beside one plain page over the same API that waits for
each answer (synchronous floor) and one that does not (optimistic floor), in the same run.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
from playwright.sync_api import Browser

from benchmarks.desk_browser import Presses, browsing, logged_in, time_presses
from benchmarks.desk_crowd import at_work, crowd
from benchmarks.desk_floor import floors
from benchmarks.desk_home import PASSWORD, full_home
from benchmarks.figures import Figure, Say, Section
from benchmarks.meter import MEGABYTE
from benchmarks.scale import Scale
from service.audit.canonical import canonical
from service.clock import SystemClock
from service.settings import Settings
from service.store.database import open_for_writing
from service.store.unit_of_work import WorkOpener
from service.supervisor import Supervisor, api_part, review_part
from service.usecases.people.log_in import log_in

COLLEAGUES_DECIDE_EVERY_SECONDS = 5.0
P50, P95 = 0.5, 0.95
HOW = (
    "One person in headless Chromium presses the key of approval; time runs from the key to two "
    "frames after the next case stands in the page, with 0.9 s to read between presses. The floors "
    "are one plain page over the same API: the synchronous one posts and then asks for the next "
    "case, the optimistic one shows the case it fetched before and posts behind. Colleagues are "
    "sessions of the review app that decide a case every 5 s each."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is measured."""

    cases: tuple[int, ...]
    presses: int
    colleagues: int


PLAN_QUICK = Plan(cases=(2_000,), presses=12, colleagues=4)
PLAN = Plan(cases=(2_000, 100_000), presses=40, colleagues=19)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Everything that runs."""

    settings: Settings
    browser: Browser
    floor_url: str
    review_pid: int


def measure(scale: Scale, *, folder: Path, say: Say) -> Section:
    """Measure alone and among colleagues, over a short queue and a long one."""
    plan = PLAN_QUICK if scale.is_quick else PLAN
    figures: list[Figure] = []
    for cases in plan.cases:
        say(f"{cases:,} cases waiting")
        place = folder / f"loop-{cases}"
        place.mkdir()
        with _site(place, cases=cases, people=plan.colleagues + 1) as site:
            measured = [*_alone(site, plan), *_in_company(site, plan)]
        figures += [replace(one, what=f"{one.what} ({cases:,} waiting)") for one in measured]
    return Section(name="desk_loop", title="From a key to the next case", how=HOW, figures=figures)


def _alone(site: Site, plan: Plan) -> Iterator[Figure]:
    me = logged_in(site.browser, site.settings.review_url, login="p0", password=PASSWORD)
    desk = time_presses(site.browser, site.settings.review_url, count=plan.presses, cookies=me)
    yield from _beside_floors(site, plan, desk, who="1 person")


def _in_company(site: Site, plan: Plan) -> Iterator[Figure]:
    url, process = site.settings.review_url, psutil.Process(site.review_pid)
    me = logged_in(site.browser, url, login="p0", password=PASSWORD)
    people = [
        logged_in(site.browser, url, login=f"p{number}", password=PASSWORD)
        for number in range(1, plan.colleagues + 1)
    ]
    before_mb = _held_mb(process)
    with crowd(url, people) as colleagues:
        open_mb = _held_mb(process)
        with at_work(colleagues, every_seconds=COLLEAGUES_DECIDE_EVERY_SECONDS):
            desk = time_presses(site.browser, url, count=plan.presses, cookies=me)
            yield from _beside_floors(site, plan, desk, who=f"{plan.colleagues + 1} people")
        worked_mb = _held_mb(process)
        served = colleagues.milliseconds
    for name, held_mb in (("when opened", open_mb), ("after work", worked_mb)):
        yield Figure(
            what=f"memory of a session, {name}",
            ours=max(held_mb - before_mb, 0.0) / plan.colleagues,
            unit="MB",
        )
    if served:
        yield Figure(what="a colleague's decision, script on the server, p50", unit="ms",
                     ours=served[len(served) // 2])  # fmt: skip
        yield Figure(what="a colleague's decision, script on the server, p95", unit="ms",
                     ours=served[int(P95 * len(served))])  # fmt: skip


def _beside_floors(site: Site, plan: Plan, desk: Presses, *, who: str) -> Iterator[Figure]:
    for mode in ("optimistic", "synchronous"):
        url = f"{site.floor_url}/floor?mode={mode}&token={_token(site.settings, 'p0')}"
        floor = time_presses(site.browser, url, count=plan.presses)
        for name, share in (("p50", P50), ("p95", P95)):
            yield Figure(
                what=f"key to next case, {who}, {name}",
                ours=desk.at(share),
                unit="ms",
                peer=f"{mode} floor",
                peers=floor.at(share),
                ratio_reads="times as long",
            )
    yield Figure(what=f"presses without a next case, {who}", ours=float(desk.lost), unit="of them")


@contextmanager
def _site(folder: Path, *, cases: int, people: int) -> Iterator[Site]:
    settings = full_home(folder / "home", cases=cases, people=people)
    supervisor = Supervisor(settings, [api_part(settings), review_part(settings)])
    supervisor.start()
    with ExitStack() as running:
        running.callback(supervisor.stop)
        yield Site(
            settings=settings,
            browser=running.enter_context(browsing()),
            floor_url=running.enter_context(floors(settings.api_url)),
            review_pid=supervisor.pids()["review"],
        )


def _token(settings: Settings, login: str) -> str:
    """Open a session at the API itself, as the plain page has no log-in."""
    token, engine = secrets.token_urlsafe(32), open_for_writing(settings.database)
    with WorkOpener(engine, canonical=canonical)() as uow:
        log_in(login, is_password_right=True, token=token, uow=uow, now=SystemClock().now())
    engine.dispose()
    return token


def _held_mb(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / MEGABYTE
