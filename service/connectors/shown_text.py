"""Foreign text as an error may show it: short, and with hidden characters spelled out."""

from __future__ import annotations

MAX_LENGTH = 400


def shown(text: object) -> str:
    """Give text for people: what hides or reorders letters is escaped, the end may be cut."""
    plain = "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in str(text)[:MAX_LENGTH]
    )
    return plain[:MAX_LENGTH]
