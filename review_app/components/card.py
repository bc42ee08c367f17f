"""The case card: one autoescaped template, so that hostile text stays text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from review_app.card.card_model import CardView

_FOLDER = Path(__file__).parent
# One HTML element for the whole case: with some 24 native elements a decision took the browser
# 68 ms instead of 38 ms, and the next case stood there after 87 ms instead of 57 ms.
_TEMPLATES = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)

STYLE_SHEET = _FOLDER / "card.css"
"""The look of everything we draw ourselves; put on the page once with st.html."""

ICON = _FOLDER / "icon.svg"
"""The sign in the browser's tab; a named icon would be loaded from a foreign host."""


def template(name: str) -> Template:
    """Give a template of this folder; whatever is put into it is escaped."""
    return _TEMPLATES.get_template(name)


def card_html(card: CardView) -> str:
    """Draw the card of one case."""
    return template("card.html.jinja").render(card=card)


def heading_html(text: str) -> str:
    """Draw the heading of a part of a screen, which can take the focus."""
    return template("heading.html.jinja").render(text=text)


def line_html(*, title: str, facts: Sequence[tuple[str, str]] = (), state: str = "") -> str:
    """Draw the line at the head of a screen: its name, figures with their words, and a state."""
    return template("line.html.jinja").render(title=title, facts=facts, state=state)
