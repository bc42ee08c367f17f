"""The secrets of subscribers: made out of one key of the installation, and kept nowhere else.

The database holds names of secrets alone, so that neither a copy of it nor a backup lets anybody
sign in our name.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

KEY_FILE = "subscribers.key"
KEY_BYTES = 32


class SubscriberKeys:
    """Gives the key behind the name of a secret."""

    def __init__(self, root: bytes) -> None:
        self._root = root

    def __call__(self, secret_id: str) -> bytes:
        """Give 256 bits: the same for the same name, and no way from one to another."""
        return hmac.digest(self._root, secret_id.encode(), hashlib.sha256)


def load_subscriber_keys(secrets_folder: Path) -> SubscriberKeys:
    """Give the keys of an installation, making their root at the first use."""
    path = secrets_folder / KEY_FILE
    if not path.exists():
        _create(path)
    return SubscriberKeys(path.read_bytes())


def _create(path: Path) -> None:
    """Two processes may come at once: the one that links first made the key of both."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{KEY_FILE}.{os.getpid()}")
    handle = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o400)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
