"""The audit key on disk: outside the database, so that who owns the rows cannot sign for them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from service.audit.errors import KeyFileRefusedError, UnreadableNoteError
from service.audit.signed_note import PublicKey, SigningKey

PRIVATE_FILE, PUBLIC_FILE = "audit_key.pem", "audit_key.pub"
_OWNER_READS, _EVERYONE_READS = 0o400, 0o444


def create_key(directory: Path, *, name: str) -> SigningKey:
    """Make a key for the log of origin `name`; writes both files, never over existing ones.

    Raises KeyFileRefusedError when a file is already there.
    """
    key = SigningKey(name=name, private=Ed25519PrivateKey.generate())
    pem = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public_line = f"{key.public.text}\n".encode()
    directory.mkdir(parents=True, exist_ok=True)
    _write_new(directory / PRIVATE_FILE, content=pem, mode=_OWNER_READS)
    _write_new(directory / PUBLIC_FILE, content=public_line, mode=_EVERYONE_READS)
    return key


def load_signing_key(directory: Path) -> SigningKey:
    """Read the key pair of `directory`; raises KeyFileRefusedError."""
    public = load_public_key(directory / PUBLIC_FILE)
    path = directory / PRIVATE_FILE
    pem = _read(path)
    if stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyFileRefusedError(
            path=path, reason="others may read it; chmod 0400 and consider it lost"
        )
    try:
        private = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise KeyFileRefusedError(path=path, reason=f"is not a private key ({error})") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileRefusedError(
            path=path, reason="is not an Ed25519 key; create one with this tool"
        )
    key = SigningKey(name=public.name, private=private)
    if key.public != public:
        raise KeyFileRefusedError(path=path, reason=f"does not belong to {PUBLIC_FILE} beside it")
    return key


def load_public_key(path: Path) -> PublicKey:
    """Read a public key file; raises KeyFileRefusedError."""
    try:
        return PublicKey.parse(_read(path).decode().strip())
    except (UnreadableNoteError, UnicodeDecodeError) as error:
        raise KeyFileRefusedError(path=path, reason=f"is not a verifier key ({error})") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = f"cannot be read ({error.strerror}); mount it, or create a key for a new log"
        raise KeyFileRefusedError(path=path, reason=reason) from error


def _write_new(path: Path, *, content: bytes, mode: int) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError as error:
        reason = "is already there; a new key would orphan its checkpoints, so move it away first"
        raise KeyFileRefusedError(path=path, reason=reason) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
