"""Writes docs/definitions.md from the code: `python -m tests.golden.definitions_page`."""

from __future__ import annotations

from pathlib import Path

from data.definitions import DEFINITIONS, explain

PAGE = Path(__file__).resolve().parents[2] / "docs" / "definitions.md"


def definitions_page() -> str:
    """Every number of the screens with what it means, by title."""
    parts = [
        "# What the numbers mean",
        "Written from the code by `python -m tests.golden.definitions_page`; a test holds it "
        "there. The same words stand beside each number on the screens.",
        *(
            f"**{one.title}** (`{name}`): {explain(name)}"
            for name, one in sorted(DEFINITIONS.items(), key=lambda pair: pair[1].title.lower())
        ),
    ]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(definitions_page(), encoding="utf-8")
