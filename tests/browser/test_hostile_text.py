"""What strangers wrote stays text: on every page, out of every field, into every field."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Request, expect
from pydantic import ValidationError

import review_app
from data.schemas.values import MAX_TEXT
from review_app.pages import PAGES
from service.client import ApiProblem
from service.wire.talk import ViewRequest
from tests.browser.furnished import Furnished, furnished_desk
from tests.browser.payloads import FLAG, HIDDEN, MARK, PAYLOADS, hostile_words
from tests.browser.real_desk import Tab

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
LONG = "x" * 65_536
SETTLE_MS = 300
FOLDED_MS = 1_200
"""A part that folds or unfolds moves for a while."""


@pytest.fixture(scope="module")
def furnished(browser: Browser, tmp_path_factory) -> Iterator[Furnished]:
    folder = tmp_path_factory.mktemp("hostile")
    with furnished_desk(folder, browser, words=hostile_words()) as running:
        yield running


class Watched:
    """A tab of somebody, and everything in it that no text may cause."""

    def __init__(self, tab: Tab) -> None:
        self.tab, self.broken = tab, []
        page = tab.page
        page.on("dialog", self._dialog)
        page.on("request", self._request)
        page.on("popup", lambda _: self.broken.append("a window opened"))
        page.on("console", self._console)
        page.add_init_script(
            f"Object.defineProperty(window, '{FLAG.removeprefix('window.')}', "
            "{set() { console.log('COUNTERSIGN BROKEN'); }})"
        )

    def _dialog(self, dialog) -> None:
        self.broken.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.hostname != "127.0.0.1":
            self.broken.append(f"a request to {request.url}")

    def _console(self, said: ConsoleMessage) -> None:
        if "COUNTERSIGN BROKEN" in said.text:
            self.broken.append("a script ran")

    def open(self, path: str) -> None:
        """Go to a page and unfold all that can be unfolded."""
        self.tab.open(path)
        self.tab.page.locator(".cs-page, .cs-card").first.wait_for()
        self.tab.settles()
        closed = self.tab.page.locator("[data-testid=stMain] details:not([open]) > summary")
        # From the last: one that opens no longer counts, and those before it keep their places.
        for summary in reversed(closed.all()):
            if summary.is_visible():
                summary.click()
        self.tab.page.wait_for_timeout(SETTLE_MS)
        self.tab.settles()

    def faults(self) -> list[str]:
        """What went wrong since the last look, and what stands there that nobody of us drew."""
        page = self.tab.page
        drawn = page.evaluate(
            """mark => [...document.querySelectorAll(
                "script, iframe, object, embed, base, link, img, a, form, source, meta, svg, style"
            )].filter(one => one.outerHTML.slice(0, 400).includes(mark)
                || one.outerHTML.slice(0, 400).includes("countersign_was_broken"))
              .map(one => one.outerHTML.slice(0, 160))""",
            MARK,
        )
        crashes = page.locator("[data-testid=stException]").all_inner_texts()
        said, self.broken = [*self.broken, *drawn, *crashes], []
        return said


def _where_typed(room: tuple[str, str, Steps]) -> str:
    return " ".join((room[1].replace("{", "").replace("}", ""), *room[2]))


@pytest.fixture(scope="module")
def watch(furnished: Furnished) -> Iterator[Callable[[str], Watched]]:
    """Opens a watched tab of somebody, the same one each time."""
    opened: dict[str, Watched] = {}

    def watched(login: str) -> Watched:
        if login not in opened:
            opened[login] = Watched(furnished.desk.tab(login))
        return opened[login]

    yield watched
    for one in opened.values():
        one.tab.page.context.close()


def test_there_are_payloads_enough():
    assert len(set(PAYLOADS) | set(HIDDEN)) >= 60


@pytest.mark.parametrize("name", sorted(page.name for page in PAGES if page.name != "log_out"))
def test_no_page_takes_what_it_shows_for_anything_but_text(furnished, watch, name):
    faults = []
    for login, path in furnished.addresses():
        if path.split("?")[0].strip("/") == name:
            one = watch(login)
            one.open(path)
            faults += [f"{path} {told}" for told in one.faults()]
    assert "\n".join(faults) == ""


def test_what_was_written_is_read_letter_by_letter(furnished, watch):
    ana = watch("ana")
    _open_talk(ana, furnished.cases["talked"])
    seen = ana.tab.page.locator("[data-testid=stMain]").inner_text()
    detail = furnished.desk.world.client("ana").case(furnished.cases["talked"])
    said = furnished.desk.world.client("ana").comments(furnished.cases["talked"]).comments
    written = [one.narrative for one in detail.item.entries] + [one.text for one in said]
    assert len(written) >= 20
    flat = " ".join(seen.split())
    missing = [one for one in written if " ".join(one.split()) not in flat]
    assert missing == []


def test_a_view_that_a_colleague_shares_cannot_reach_into_anothers_session(furnished, watch):
    names = ("desk", "label", "icon", "view", "name", "page_done", "cases_status")
    crafted = furnished.desk.world.client("bo").save_view(
        ViewRequest(name="Crafted", filters=dict.fromkeys(names, PAYLOADS[0]), is_shared=True)
    )
    ana = watch("ana")
    ana.open(f"/cases?view={crafted.id}")
    ana.tab.page.get_by_role("button", name="Views").click()
    expect(ana.tab.page.get_by_role("link", name="Crafted (from")).to_be_visible()
    assert ana.faults() == []


def _open_talk(one: Watched, case_id: str) -> None:
    one.tab.open(f"/case?case={case_id}")
    one.tab.page.get_by_text("Comments and files").click()
    one.tab.page.get_by_label("Comment", exact=True).wait_for()
    one.tab.settles()


Steps = tuple[str, ...]
"""What brings a field to the screen: `key:x`, `button:Name`, `last:Name`, `text:Words`,
or `move:minutes`."""
ROOMS: tuple[tuple[str, str, Steps], ...] = (
    ("ana", "/cases?cases_q=a", ("button:Views",)),
    ("carla", "/contracts", ()),
    ("carla", "/contracts?contract=C-1&contract_tab=To+confirm", ("button:Dismiss",)),
    ("dora", "/audit", ()),
    ("rosa", "/people?tab=Keys", ()),
    ("rosa", "/people?tab=Invite", ()),
    ("ana", "/account?tab=Password", ()),
    ("ana", "/account?tab=Keys", ()),
    ("ivo", "/imports", ()),
    ("ana", "/queue", ("key:n",)),
    ("ana", "/queue", ("key:s",)),
    ("ana", "/queue", ("key:d",)),
    ("ana", "/queue", ("key:d", "move:15")),
    ("ana", "/case?case={talked}", ()),
    (
        "chen",
        "/case?case={decided}&tab=practice",
        ("button:End the practice", "last:End the practice"),
    ),
    ("bo", "/approvals?case={disputed}", ()),
    # Both forms stand open, and the last field of each sends it: the other one is shut.
    ("ivo", "/exceptions?posting={refused}", ("text:Post it by hand",)),
    ("ivo", "/exceptions?posting={refused_too}", ("text:Edit the bill and try again",)),
)
"""Where text is typed; together they have every field that the pages draw."""
ELSEWHERE: dict[str, str] = {
    # Fields that are typed into in tests of their own, or cannot be reached here, and why.
    "Name at the company's log-in": "only with the company's own log-in",
    "Fetched ahead": "shut and never seen; it makes the browser fetch what draws fields",
    "Note for all": "the bulk; its note goes the way of every note",
    "Why": "the draft of a policy, by policy_note in what is shown",
}


def _fields_of_the_pages() -> set[str]:
    """The labels of all text fields, out of the pages themselves; computed labels are left out."""
    labels = set()
    for file in Path(review_app.__file__).parent.rglob("*.py"):
        for one in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(one, ast.Call)
                and isinstance(one.func, ast.Attribute)
                and one.func.attr in {"text_input", "text_area", "chat_input"}
                and isinstance(one.args[0], ast.Constant)
            ):
                labels.add(one.args[0].value)
    return labels


def _bring_up(tab: Tab, steps: Steps) -> None:
    for step in steps:
        kind, _, name = step.partition(":")
        buttons = tab.page.get_by_role("button", name=name, exact=True)
        match kind:
            case "key":
                tab.shows(tab.shown_case())
                tab.press(name)
            case "text":
                tab.page.get_by_text(name).click()
                tab.page.wait_for_timeout(FOLDED_MS)
            case "move":
                field = tab.page.get_by_label(": move").first
                field.fill(name)
                field.press("Enter")
            case "last":
                buttons.last.click()
            case _:
                buttons.first.click()
        tab.page.wait_for_timeout(SETTLE_MS)
        tab.settles()


TEXT_FIELDS = "[data-testid=stTextInput] input, [data-testid=stTextArea] textarea"


def _fields(tab: Tab) -> list[Locator]:
    found = tab.page.locator(TEXT_FIELDS).all()
    return [one for one in found if one.is_visible() and one.is_enabled()]


def _type(tab: Tab, field: Locator, text: str) -> None:
    most = field.get_attribute("maxlength")
    field.fill(text[: int(most)] if most else text)
    field.press("Control+Enter" if field.evaluate("one => one.tagName") == "TEXTAREA" else "Enter")
    tab.settles()


@pytest.fixture(scope="module")
def reached() -> set[str]:
    """The labels of the fields that were typed into, of all rooms."""
    return set()


@pytest.mark.parametrize("room", ROOMS, ids=_where_typed)
def test_whatever_is_typed_into_a_field_stays_text(furnished, watch, reached, room):
    login, path, steps = room
    one = watch(login)
    one.open(path.format(**furnished.cases))
    _bring_up(one.tab, steps)
    # What draws a kind of field is fetched when the first one is needed.
    one.tab.page.locator(TEXT_FIELDS).first.wait_for(state="attached")
    everything = " ".join(" ".join(one.split()) for one in PAYLOADS)
    faults = {}
    for place in range(len(_fields(one.tab))):
        for text in (everything, "".join(HIDDEN), "a"):
            fields = _fields(one.tab)
            if place >= len(fields):
                break
            label = fields[place].get_attribute("aria-label") or ""
            reached.add(label)
            _type(one.tab, fields[place], text)
            if told := one.faults():
                faults[label] = told
    assert str(faults) == "{}"


def test_every_field_of_the_pages_has_a_room_here(reached):
    """A field that is new on a page needs a room above, in which it is typed into."""
    if len(reached) < len(ROOMS):
        pytest.skip("the rooms were not all visited in this run")
    assert sorted(_fields_of_the_pages() - reached - set(ELSEWHERE)) == []


def test_what_no_field_may_keep_is_refused_with_words(furnished, watch):
    ana, case_id = watch("ana"), furnished.cases["talked"]
    client = furnished.desk.world.client("ana")
    before = len(client.comments(case_id).comments)
    _open_talk(ana, case_id)
    for text in HIDDEN:
        field = ana.tab.page.get_by_label("Comment", exact=True)
        field.fill(text)
        ana.tab.page.get_by_role("button", name="Comment", exact=True).click()
        ana.tab.says("hidden character")
        assert ana.faults() == []
    assert len(client.comments(case_id).comments) == before
    for text in (LONG, *HIDDEN):
        with pytest.raises((ApiProblem, ValidationError)):
            client.comment(case_id, text=text)
    assert len(LONG) > MAX_TEXT


def test_a_file_with_any_name_and_content_stays_a_file(furnished, watch):
    rooms = (
        ("ana", f"/case?case={furnished.cases['talked']}", "text/plain"),
        ("carla", "/contracts?contract=C-1&contract_tab=To+confirm", "text/plain"),
        ("ivo", "/imports", "text/csv"),
    )
    content = "\n".join(PAYLOADS).encode()
    for login, path, media_type in rooms:
        one = watch(login)
        if login == "ana":
            _open_talk(one, furnished.cases["talked"])
        else:
            one.open(path)
        ending = "csv" if media_type == "text/csv" else "txt"
        for name in ("<img src=x onerror=alert(1)>", "![x](https:⁄⁄stranger.example)", "=1+1"):
            picker = one.tab.page.locator("[data-testid=stFileUploader] input[type=file]").first
            picker.set_input_files(
                {"name": f"{name}.{ending}", "mimeType": media_type, "buffer": content}
            )
            one.tab.page.wait_for_timeout(SETTLE_MS)
            one.tab.settles()
            assert one.faults() == [], (path, name)


def test_the_log_in_page_takes_any_name_for_a_name(furnished):
    one = Watched(furnished.desk.tab())
    one.tab.open()
    for text in PAYLOADS[::9]:
        one.tab.open()
        one.tab.log_in(" ".join(text.split()), "wrong")
        one.tab.page.get_by_role("alert").first.wait_for()
        assert one.faults() == []
    one.tab.page.context.close()


def test_the_watch_sees_what_it_watches_for(watch):
    one = watch("ana")
    one.open("/cases")
    one.tab.page.evaluate(
        f"""() => {{
            {FLAG} = 1;
            const bad = document.createElement("img");
            bad.src = "http://{MARK}/a.png";
            document.body.append(bad);
        }}"""
    )
    one.tab.page.wait_for_timeout(SETTLE_MS)
    told = " ".join(one.faults())
    assert "a script ran" in told
    assert f"a request to http://{MARK}" in told
    assert "<img" in told
