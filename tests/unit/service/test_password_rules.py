"""Which passwords will do."""

from __future__ import annotations

import pytest

from service.domain.password_rules import SHORTEST, why_weak


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "der hund frisst gerne kuchen",
        "x9$kQ!27vbLp",
        "ana likes long walks",
        "Überraschung im März",
        " leading and trailing ",
    ],
)
def test_a_long_password_will_do_whatever_signs_it_has(password):
    assert why_weak(password, login="ana", name="Ana Diaz") is None


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", f"5 characters; use at least {SHORTEST}"),
        ("x" * 1_001, "more than 1,000"),
        ("aaaaaaaaaaaa", "repeats"),
        ("abababababab", "repeats"),
        ("123456789012", "one line"),
        ("qwertyuiop[]"[:10] + "as", "one line"),
        ("zyxwvutsrqponm", "one line"),
        ("Password2026!", "first that anybody tries"),
        ("P@ssw0rd12345", "first that anybody tries"),
        ("Welcome!2026!", "first that anybody tries"),
        ("countersign1", "first that anybody tries"),
        ("ana.diaz@example.org", "your own name"),
        ("anadiaz2026!", "your own name"),
    ],
)
def test_what_is_tried_first_will_not_do_and_is_told_why(password, why):
    assert why in (why_weak(password, login="ana.diaz@example.org", name="Ana Diaz") or "")
