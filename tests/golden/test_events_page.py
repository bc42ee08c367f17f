"""What receivers read of events is what the code sends."""

from __future__ import annotations

from tests.golden import events_page


def test_page_of_events_is_what_the_code_says() -> None:
    written = events_page.PAGE.read_text(encoding="utf-8")
    assert written == events_page.events_page(), (
        "run `python -m tests.golden.events_page` and read the difference"
    )
