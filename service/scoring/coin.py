"""The deployment's one random stream: every draw can be repeated, none can be chosen."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

SEED_FILE = "randomness.key"
SEED_BYTES = 32
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


def load_coin(secrets_folder: Path) -> Coin:
    """Give the deployment's coin, making its seed at the first start."""
    path = secrets_folder / SEED_FILE
    if not path.exists():
        secrets_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o400)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(SEED_BYTES))
    return Coin(path.read_bytes())
