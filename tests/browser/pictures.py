"""The pictures of the documentation: who looks at which page, and what they did there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.real_desk import DWELL_MS, Tab
from tests.browser.told_today import Today

Act = Callable[[Tab], None]


def nothing(_tab: Tab) -> None:
    """Look at the page as it opens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture, taken light and dark."""

    name: str
    login: str | None
    """None looks without having logged in."""
    path: str = ""
    height: int = 860
    act: Act = nothing


def pictures(today: Today) -> tuple[Picture, ...]:
    """Every page, in the order of the menu."""
    second, ruling = (f"/approvals?case={one}" for one in (today.second_verdict, today.ruling))
    contract = f"/contracts?contract={today.contract_id}"
    case, striking = (f"/case?case={one}" for one in (today.talked_of, today.striking))
    return (
        Picture(name="welcome", login=None, height=560),
        Picture(name="log-in", login=None, height=560, act=_to_the_form),
        Picture(name="queue", login="ana", path=striking, act=_at_work),
        Picture(name="adjust", login="ana", path=striking, act=_adjusting),
        Picture(name="reasons", login="ana", path=striking, act=_rejecting),
        Picture(name="keys", login="ana", path=striking, act=_keys),
        Picture(name="related", login="ana", path=striking, act=_related),
        Picture(name="first-case", login="bo", path="/queue", act=_at_a_case),
        Picture(name="my-work", login="ana", path="/my_work"),
        Picture(name="notifications", login="carla", path="/my_work?tab=Notifications"),
        Picture(name="approvals", login="carla", path="/approvals"),
        Picture(name="second-verdict", login="chen", path=second),
        Picture(name="ruling", login="chen", path=ruling, height=1_000),
        Picture(name="cases", login="ana", path="/cases"),
        Picture(name="case", login="dora", path=case, height=1_100, act=_talking),
        Picture(name="timeline", login="dora", path=f"{case}&tab=timeline"),
        Picture(name="operations", login="olga", path="/operations", height=1_500),
        Picture(name="quality", login="carla", path="/quality", height=1_500),
        Picture(name="models", login="emil", path="/models"),
        Picture(name="model-orders", login="emil", path="/models?tab=Orders"),
        Picture(name="contracts", login="carla", path="/contracts"),
        Picture(name="contract", login="carla", path=contract),
        Picture(
            name="proposals", login="carla",
            path=f"{contract}&contract_tab=To+confirm",
        ),
        Picture(name="policy", login="carla", path="/policy", height=1_200),
        Picture(name="import", login="ivo", path="/imports", height=1_000),
        Picture(name="exceptions", login="ivo", path="/exceptions"),
        Picture(name="systems", login="ivo", path="/exceptions?tab=Systems"),
        Picture(name="audit", login="dora", path="/audit"),
        Picture(name="people", login="rosa", path="/people"),
        Picture(name="account", login="ana", path="/account"),
    )  # fmt: skip


def _to_the_form(tab: Tab) -> None:
    tab.page.get_by_role("button", name="Log in").click()
    tab.page.get_by_label("Name").fill("ana")


def _at_a_case(tab: Tab) -> None:
    tab.shown_case()


def _at_work(tab: Tab) -> None:
    tab.page.locator(".st-key-work_on_it button").click()
    tab.page.wait_for_url("**/queue**")
    tab.open("/queue")
    tab.shown_case()
    tab.page.wait_for_timeout(DWELL_MS)


def _pressing(key: str, *, shows: str) -> Act:
    def act(tab: Tab) -> None:
        _at_work(tab)
        tab.press(key)
        tab.page.locator(shows).first.wait_for()

    return act


def _adjusting(tab: Tab) -> None:
    _pressing("d", shows=".st-key-adjust_form")(tab)
    fields = tab.page.locator(".st-key-adjust_form input[type=number]")
    for place, minutes in ((0, "0"), (1, fields.nth(0).input_value())):
        fields.nth(place).fill(minutes)
        fields.nth(place).press("Tab")
        tab.settles()


_rejecting = _pressing("x", shows=".st-key-reason_strip")
_keys = _pressing("h", shows="[role=dialog]")
_related = _pressing("v", shows=".st-key-desk_panel")


def _talking(tab: Tab) -> None:
    tab.shown_case()
    tab.page.get_by_text("Comments and files").click()
    tab.page.get_by_text("Agreement of the client").wait_for()
