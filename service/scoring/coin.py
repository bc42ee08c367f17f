"""The deployment's secrets of chance: draws that can be repeated, and pseudonyms of people."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

SEED_FILE, RATERS_FILE = "randomness.key", "raters.key"
SEED_BYTES = 32
PSEUDONYM_DIGITS = 12
DRAW_BYTES = 7
"""56 bits: more than a float can tell apart."""


class Coin:
    """Uniform draws in [0, 1), each fixed by the secret seed and the name of what is drawn for."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed

    @property
    def commitment(self) -> str:
        """The hash published before the first draw: it proves later that no draw was picked."""
        return hashlib.sha256(self._seed).hexdigest()

    def __call__(self, name: str) -> float:
        """Draw for `name`."""
        digest = hmac.new(self._seed, name.encode(), hashlib.sha256).digest()
        return float(int.from_bytes(digest[:DRAW_BYTES], "big") / 256**DRAW_BYTES)


class Raters:
    """Pseudonyms of people in training rows: the same person, the same name, and no way back."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __call__(self, actor_id: str) -> str:
        """Give the pseudonym of a person."""
        digest = hmac.new(self._key, actor_id.encode(), hashlib.sha256).hexdigest()
        return f"rater-{digest[:PSEUDONYM_DIGITS]}"


def load_coin(secrets_folder: Path) -> Coin:
    """Give the deployment's coin, making its seed at the first start."""
    return Coin(_kept_bytes(secrets_folder / SEED_FILE))


def load_raters(secrets_folder: Path) -> Raters:
    """Give the deployment's pseudonyms, making their key at the first use."""
    return Raters(_kept_bytes(secrets_folder / RATERS_FILE))


def _kept_bytes(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o400)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(SEED_BYTES))
    return path.read_bytes()
