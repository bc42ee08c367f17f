"""One screen in Streamlit's simulator, as somebody, against a running API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from streamlit.testing.v1 import AppTest

from review_app.settings import settings
from tests.builders.desk_world import DeskWorld

SECONDS = 20

Open = Callable[..., AppTest]
"""`open(screen, who, **query)` gives a screen as it stands after its first run."""


def _screen() -> None:
    import importlib  # noqa: PLC0415

    import streamlit as st  # noqa: PLC0415

    from review_app import navigation, session  # noqa: PLC0415
    from review_app.pages import PAGES  # noqa: PLC0415

    name = st.session_state["screen_under_test"]
    screen = getattr(importlib.import_module(f"review_app.screens.{name}.page"), name)
    desk = session.open_desk(st.user.tokens["access"])
    navigation.offer(desk.me, screens={page.name: screen for page in PAGES})
    screen()


@contextmanager
def opening_screens(world: DeskWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Open screens of the review app at the API of a world."""
    monkeypatch.setenv("COUNTERSIGN_API_URL", world.url)
    settings.cache_clear()
    opened: list[AppTest] = []

    def open_screen(screen: str, who: str, **query: str) -> AppTest:
        app = AppTest.from_function(_screen, default_timeout=SECONDS)
        app.user = {"is_logged_in": True, "tokens": {"access": f"token-{who}"}}
        app.session_state["screen_under_test"] = screen
        for name, value in query.items():
            app.query_params[name] = value
        opened.append(app)
        return app.run()

    yield open_screen
    for app in opened:
        if "desk" in app.session_state:
            app.session_state["desk"].close()
    settings.cache_clear()


def drawn(app: AppTest) -> str:
    """Give everything that is drawn as text or HTML, in one string."""
    blocks = ("html", "markdown", "caption", "info", "success", "warning", "error", "subheader")
    told = [getattr(one, "value", None) or getattr(one.proto, "body", "") for name in blocks
            for one in app.get(name)]  # fmt: skip
    return "\n".join(str(one) for one in told)


def labels(app: AppTest) -> list[str]:
    """Give the labels of all buttons."""
    return [one.label for one in app.button]
