"""Signed notes (C2SP signed-note): short texts anyone can check with standard tools."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from service.audit.errors import ForgedNoteError, UnreadableNoteError

ED25519 = b"\x01"
"""Signature type byte of C2SP signed-note."""
KEY_ID_BYTES, PUBLIC_KEY_BYTES, SIGNATURE_BYTES = 4, 32, 64
MAX_NOTE_CHARACTERS = 100_000
"""Room for sixteen witness signatures of 5 kB; a longer text is an attack on the reader."""

_NAME = re.compile(r"[^\s+]+")
_SIGNATURE_LINE = re.compile("\N{EM DASH} ([^\\s+]+) (\\S+)")
_FORBIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A named Ed25519 key that checks notes."""

    name: str
    raw: bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise UnreadableNoteError(
                reason=f"key name {self.name!r} is empty or has spaces or a plus"
            )
        if len(self.raw) != PUBLIC_KEY_BYTES:
            raise UnreadableNoteError(reason=f"public key has {len(self.raw)} bytes instead of 32")

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart; an identifier, not a protection."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.raw).digest()[:KEY_ID_BYTES]

    @property
    def text(self) -> str:
        """The key on one line, `name+id+key`, as other signed-note tools read it."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(ED25519 + self.raw)}"

    @classmethod
    def parse(cls, text: str) -> PublicKey:
        """Read the one-line form; raises UnreadableNoteError."""
        name, _, rest = text.partition("+")
        key = _bytes(rest.partition("+")[2])
        if key[:1] != ED25519:
            raise UnreadableNoteError(reason="verifier key is not an Ed25519 key")
        public = cls(name=name, raw=key[1:])
        if public.text != text:
            raise UnreadableNoteError(reason="verifier key does not match its own key id")
        return public

    def has_signed(self, text: str, *, signature: bytes) -> bool:
        """Whether `signature` is this key's over `text`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A named Ed25519 key that signs notes; its secret half is never shown."""

    name: str
    private: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> PublicKey:
        """The half that may be given to everyone."""
        return PublicKey(name=self.name, raw=self.private.public_key().public_bytes_raw())


def sign_note(text: str, *, key: SigningKey) -> str:
    """`text` (ending in a newline) with the signature line of `key`."""
    _require_plain(text)
    if not text.endswith("\n"):
        raise UnreadableNoteError(reason="note text does not end in a newline")
    signature = key.public.key_id + key.private.sign(text.encode())
    return f"{text}\n\N{EM DASH} {key.name} {_base64(signature)}\n"


def open_note(note: str, *, key: PublicKey) -> str:
    """The text of `note` once `key` is proven to have signed it.

    Signatures of other keys (witnesses, an older or newer key) are ignored.
    Raises UnreadableNoteError for a malformed note, ForgedNoteError when `key` did not sign it.
    """
    text, lines = _split(note)
    ours = [
        signature[KEY_ID_BYTES:]
        for name, signature in map(_signature, lines)
        if name == key.name and signature[:KEY_ID_BYTES] == key.key_id
    ]
    if not ours:
        raise ForgedNoteError(key_name=key.name, reason=f"no signature by key {key.key_id.hex()}")
    for signature in ours:
        if len(signature) != SIGNATURE_BYTES or not key.has_signed(text, signature=signature):
            raise ForgedNoteError(key_name=key.name, reason="the signature does not fit the text")
    return text


def _split(note: str) -> tuple[str, list[str]]:
    if len(note) > MAX_NOTE_CHARACTERS:
        raise UnreadableNoteError(reason=f"note is longer than {MAX_NOTE_CHARACTERS} characters")
    _require_plain(note)
    end = note.rfind("\n\n")
    if end < 0 or not note.endswith("\n") or end + 2 == len(note):
        raise UnreadableNoteError(reason="note has no signature lines after a blank line")
    return note[: end + 1], note[end + 2 : -1].split("\n")


def _signature(line: str) -> tuple[str, bytes]:
    parts = _SIGNATURE_LINE.fullmatch(line)
    if parts is None:
        raise UnreadableNoteError(reason=f"signature line {line[:80]!r} is malformed")
    return parts[1], _bytes(parts[2])


def _require_plain(text: str) -> None:
    if _FORBIDDEN.search(text):
        raise UnreadableNoteError(reason="note holds a control character or half a surrogate pair")


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    """Decode base64 in its one canonical form, so that no two texts mean the same signature."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableNoteError(reason=f"{text[:80]!r} is not base64") from error
    if _base64(raw) != text:
        raise UnreadableNoteError(reason=f"{text[:80]!r} is not canonical base64")
    return raw
