"""The sheet of keys, and other small tables to read, from autoescaped templates."""

from __future__ import annotations

from collections.abc import Sequence

from review_app.components.card import template


def sheet_html(
    *,
    verdicts: Sequence[tuple[str | None, str, str]],
    steps: Sequence[tuple[str | None, str, str]],
    others: Sequence[tuple[str, str]],
) -> str:
    """Draw the keys of the verdicts and of the other steps, each as key, word and meaning."""
    return template("sheet.html.jinja").render(verdicts=verdicts, steps=steps, others=others)
