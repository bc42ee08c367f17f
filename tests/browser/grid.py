"""Rows of a grid, which is drawn on a canvas: picked with the mouse where its marks stand."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.browser.real_desk import Tab

ROW, MARK = 35, 18
"""Pixels: the height of a line, and the middle of the column of marks."""


def grid(tab: Tab) -> Locator:
    """Give the first grid of the page, once its rows can be read."""
    found = tab.page.locator("[data-testid=stDataFrame]").first
    found.locator("table tbody tr").first.wait_for(state="attached")
    return found


def pick(tab: Tab, *texts: str) -> None:
    """Mark the rows that hold these texts, one each."""
    drawn = grid(tab)
    for text in texts:
        rows = drawn.locator("table tbody tr").all_inner_texts()
        place = next(place for place, row in enumerate(rows) if text in row)
        drawn.scroll_into_view_if_needed()
        box = drawn.bounding_box()
        assert box is not None
        tab.page.mouse.click(box["x"] + MARK, box["y"] + ROW + place * ROW + ROW // 2)
        tab.settles()
