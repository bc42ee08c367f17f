"""Builds small audit logs with their keys and kept checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.audit.canonical import canonical
from service.audit.checkpoint import Checkpoint, sign
from service.audit.merkle import leaf_hash, root_of
from service.audit.signed_note import SigningKey

ORIGIN = "countersign.example/audit"
Row = tuple[object, object, object]


def signing_key(seed: str = "log", *, name: str = ORIGIN) -> SigningKey:
    private = Ed25519PrivateKey.from_private_bytes(sha256(seed.encode()).digest())
    return SigningKey(name=name, private=private)


def bodies(count: int, *, story: str = "") -> list[str]:
    """Bodies as the service writes them; another `story` gives another history."""
    return [
        canonical({"event": "item_received", "subject": f"item:{n}", "story": story}).decode()
        for n in range(count)
    ]


def row(index: int, body: str) -> Row:
    return index, body, leaf_hash(body.encode())


def rows(texts: Sequence[str]) -> list[Row]:
    return [row(index, body) for index, body in enumerate(texts)]


def signed(texts: Sequence[str], *, size: int, key: SigningKey | None = None) -> str:
    """The signed checkpoint of the first `size` bodies."""
    key = key or signing_key()
    root = root_of(leaf_hash(body.encode()) for body in texts[:size])
    return sign(Checkpoint(origin=key.name, size=size, root=root), key=key)


def kept(texts: Sequence[str], *, every: int) -> list[str]:
    """A checkpoint after each `every` bodies, and one at the end."""
    sizes = sorted({*range(every, len(texts) + 1, every), len(texts)})
    return [signed(texts, size=size) for size in sizes]
