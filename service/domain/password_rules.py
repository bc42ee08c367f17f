"""What a password must be: long and not easy to guess; nothing about signs or digits.

The rules follow NIST SP 800-63B, 5.1.1.2: a least length, no composition rules, no forced change
after a time, and a list of what everybody tries first.
"""

from __future__ import annotations

from typing import Final

SHORTEST: Final = 12
LONGEST: Final = 1_000
"""Characters; nobody types more."""
FEWEST_SIGNS: Final = 5
"""Different characters; with fewer it is a key held down."""
STRAIGHT: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "q1w2e3r4t5y6u7i8o9p0",
    "1q2w3e4r5t6y7u8i9o0p",
)
"""What lies in one line on a keyboard or in the alphabet."""
TRIED_FIRST: Final = frozenset({
    "administrator", "adminadmin", "approver", "auditor", "autumn", "billing", "changeit",
    "changeme", "changemenow", "contrasena", "correcthorsebatterystaple", "countersign",
    "defaultpassword", "finance", "firstpassword", "football", "iloveyou", "iloveyouforever",
    "invoice", "letmein", "letmeinnow", "liverpool", "manchester", "masterpassword", "monday",
    "motdepasse", "mypassword", "newpassword", "nopassword", "notapassword", "onetimepassword",
    "passphrase", "password", "passwordpassword", "passwort", "princess", "qwerty", "qwertyqwerty",
    "qwertz", "reviewer", "secret", "secretpassword", "spring", "starwars", "summer", "sunshine",
    "superman", "temporary", "temppassword", "testpassword", "trustno", "welcome",
    "welcomewelcome", "winter",
})  # fmt: skip
"""Words that stand at the head of every list of leaked passwords, and our own."""
_LOOKALIKES = str.maketrans("@430157$!", "aaeoistsi")


def why_weak(password: str, *, login: str, name: str = "") -> str | None:
    """Say in words why a password would not do for this person; None when it does."""
    if len(password) < SHORTEST:
        return f"it has {len(password)} characters; use at least {SHORTEST}, a short sentence does"
    if len(password) > LONGEST:
        return f"it has more than {LONGEST:,} characters"
    return _why_guessed(password.casefold(), login=login, name=name)


def _why_guessed(plain: str, *, login: str, name: str) -> str | None:
    if len(set(plain)) < FEWEST_SIGNS:
        return "it repeats a few characters"
    if any(plain in line or plain in line[::-1] for line in STRAIGHT):
        return "it lies in one line on the keyboard"
    if _is_about(plain, login=login, name=name):
        return "it is made of your own name"
    if _word(plain) in TRIED_FIRST:
        return "it is among the first that anybody tries"
    return None


def _is_about(plain: str, *, login: str, name: str) -> bool:
    """Say whether nothing but the person's names, signs and digits is left."""
    rest = plain
    for own in sorted({login.casefold(), *login.casefold().split("@"), *name.casefold().split()}):
        rest = rest.replace(own, "") if own else rest
    return rest != plain and not any(char.isalpha() for char in rest)


def _word(plain: str) -> str:
    """Give the word behind `P@ssword2026!`: without what was put around it, in letters."""
    core = plain.strip("0123456789!.?#*-_+ ")
    return "".join(char for char in core.translate(_LOOKALIKES) if char.isalpha())
