"""Signed checkpoints (C2SP tlog-checkpoint): size and root of the log, to keep elsewhere."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime

from service.audit.errors import BadCheckpointError, ForgedNoteError, UnreadableNoteError
from service.audit.merkle import HASH_BYTES
from service.audit.signed_note import PublicKey, SigningKey, open_note, sign_note

AT_PREFIX = "at "
"""Our one extension line; standard readers pass over it."""
_LINES_WITHOUT_TIME, _LINES_WITH_TIME = 3, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The statement 'the log of this origin had `size` rows with this Merkle root'."""

    origin: str
    size: int
    root: bytes
    at: datetime | None = None

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.root) != HASH_BYTES:
            raise BadCheckpointError(reason=f"size {self.size}, root of {len(self.root)} bytes")
        if self.at is not None and self.at.tzinfo is None:
            raise BadCheckpointError(reason="its time has no zone; pass an aware datetime")

    @property
    def text(self) -> str:
        """The note text that is signed."""
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode()]
        if self.at is not None:
            moment = self.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
            lines.append(AT_PREFIX + moment)
        return "\n".join(lines) + "\n"


def sign(checkpoint: Checkpoint, *, key: SigningKey) -> str:
    """The checkpoint as a signed note; raises BadCheckpointError when the key has another name."""
    if checkpoint.origin != key.name:
        raise BadCheckpointError(
            reason=f"origin {checkpoint.origin!r} is not the key's name {key.name!r}; "
            "use the key of this log"
        )
    return sign_note(checkpoint.text, key=key)


def parse_and_verify(note: str, *, public_key: PublicKey) -> Checkpoint:
    """Read a checkpoint that `public_key` is proven to have signed.

    Raises UnreadableNoteError for a malformed one, ForgedNoteError when the key did not sign it.
    """
    text = open_note(note, key=public_key)
    checkpoint = _parse(text)
    if checkpoint.origin != public_key.name:
        raise ForgedNoteError(
            key_name=public_key.name, reason=f"it speaks for another log, {checkpoint.origin!r}"
        )
    return checkpoint


def _parse(text: str) -> Checkpoint:
    lines = text.removesuffix("\n").split("\n")
    if len(lines) not in {_LINES_WITHOUT_TIME, _LINES_WITH_TIME}:
        raise UnreadableNoteError(reason=f"checkpoint has {len(lines)} lines instead of 3 or 4")
    origin, size, root, *rest = lines
    try:
        checkpoint = Checkpoint(
            origin=origin,
            size=int(size),
            root=base64.b64decode(root, validate=True),
            at=datetime.fromisoformat(rest[0].removeprefix(AT_PREFIX)) if rest else None,
        )
        written_again = checkpoint.text
    except (ValueError, OverflowError, BadCheckpointError) as error:
        raise UnreadableNoteError(reason=f"checkpoint has a malformed line ({error})") from error
    # One statement has one form; this refuses leading zeros, other digits and loose base64.
    if written_again != text:
        raise UnreadableNoteError(reason="checkpoint is not in its canonical form")
    return checkpoint
