from __future__ import annotations

from html.parser import HTMLParser
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.items import Timesheet
from review_app.card.view_models import card_view
from review_app.components.card import STYLE_SHEET, card_html, line_html
from review_app.notices import plain
from tests.builders.review import NOW, busy_tuesday, clause, detail, entry, finding, timesheet

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</td></table><h1>owned</h1>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "<svg/onload=alert(1)>",
    "{{ 7 * 7 }}",
    "{% include 'secrets' %}",
    "</style><script>alert(1)</script>",
    "<a href='javascript:alert(1)'>pay now</a>",
    "&lt;b&gt;",
    "<!-- -->",
)
PLACES = ("title", "narrative", "client", "clause", "name")


def hostile(place: str, text: str):
    """A case that carries `text` in one place."""
    sheet: Timesheet = timesheet(entries=(entry(1, narrative=text),))
    found = finding(ExceptionCode.DAILY_HOURS_EXCEEDED, summary="13 hours", exposure_minor=1)
    shown = detail(
        item=sheet if place == "narrative" else None,
        findings=(found,),
        title=text if place == "title" else None,
    )
    if place == "client":
        case = shown.case.model_copy(update={"client_name": text})
        return shown.model_copy(update={"case": case})
    if place == "clause":
        worded = clause(ExceptionCode.DAILY_HOURS_EXCEEDED).model_copy(update={"text": text})
        return shown.model_copy(update={"clauses": (worded,)})
    if place == "name":
        return shown.model_copy(update={"names": {**shown.names, "task-2": text}})
    return shown


class Skeleton(HTMLParser):
    """The tags and attribute names of a page, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data):
        self.text += data


def draw(case) -> str:
    return card_html(card_view(case, now=NOW, zone=ZoneInfo("UTC")))


@pytest.mark.parametrize(("place", "payload"), list(product(PLACES, PAYLOADS)))
def test_hostile_text_adds_no_tag_and_no_attribute(place, payload):
    attacked, innocent = (
        Skeleton(draw(hostile(place, payload))),
        Skeleton(draw(hostile(place, "x"))),
    )

    assert attacked.tags == innocent.tags
    assert payload in attacked.text


def test_every_finding_of_the_case_is_on_the_card():
    text = Skeleton(draw(busy_tuesday()[0])).text

    for words in ("Daily hours exceeded", "Rate differs from rate card", "Likely violation"):
        assert words in text


def test_marked_rows_are_told_apart_without_colour():
    html = draw(busy_tuesday()[0])

    assert html.count('<span class="cs-mark">F1</span>') == 2  # the finding and its row
    assert html.count("(in question)") >= 2


def test_a_very_long_name_stays_whole():
    name = "Donaudampfschifffahrtsgesellschaft" * 5

    assert name in draw(detail(title=name))


def test_the_line_escapes_too():
    assert "<b>" not in line_html(title="<b>", facts=(("<b>", "<b>"),), state="<b>")


def test_the_style_sheet_loads_nothing_from_elsewhere():
    css = STYLE_SHEET.read_text(encoding="utf-8")

    assert "url(" not in css
    assert "@import" not in css


def test_notices_keep_markdown_from_reading_foreign_text():
    assert plain("[pay](//evil) **now**") == r"\[pay\]\(//evil\) \*\*now\*\*"


def test_no_address_that_others_wrote_becomes_a_link():
    assert "://" not in plain("see https://evil.example")
    assert "www." not in plain("see www.evil.example")
