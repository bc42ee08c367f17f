"""Check an unpacked evidence folder with Python alone: python3 check.py [folder].

Goes into every evidence pack as it stands here, so it imports nothing but the standard library.
It shows that each entry stands in the log whose head was signed, and that the key signed that head.
Whether the key is the right one, it cannot know: compare audit_key.pub with the copy you were
given when the log was set up.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from pathlib import Path

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
"""The curve of Ed25519 (RFC 8032, section 5.1)."""

Point = tuple[int, int]
KEY_NAME_BYTES, KEY_BYTES, SIGNATURE_BYTES = 5, 32, 64


class NotProvenError(Exception):
    """Something in the folder does not fit together; the text says what."""


def check(folder: Path) -> int:
    """Give how many entries are proven; raises NotProvenError."""
    key_name, key = read_key((folder / "audit_key.pub").read_text().strip())
    size, root = signed_head((folder / "checkpoint.txt").read_text(), name=key_name, key=key)
    proven = 0
    for line in (folder / "audit.jsonl").read_text().splitlines():
        entry = json.loads(line)
        if entry["proof"] is None:
            continue
        leaf = hashlib.sha256(b"\x00" + entry["body"].encode()).digest()
        path = [base64.b64decode(one) for one in entry["proof"]]
        if root_from(leaf, index=entry["index"], size=size, path=path) != root:
            raise NotProvenError(f"entry {entry['index']} is not in the signed log")
        proven += 1
    return proven


def read_key(line: str) -> tuple[str, bytes]:
    """Read `name+id+key` as the log's tools write it."""
    name, _, rest = line.partition("+")
    return name, base64.b64decode(rest.partition("+")[2])[1:]


def signed_head(note: str, *, name: str, key: bytes) -> tuple[int, bytes]:
    """Give size and root of a head that the key signed; raises NotProvenError."""
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    for line in signatures.splitlines():
        _, signer, encoded = line.split(" ")
        signature = base64.b64decode(encoded)[KEY_NAME_BYTES - 1 :]
        if signer == name and has_signed(key, text.encode(), signature):
            origin, size, root = text.split("\n")[:3]
            if origin != name:
                raise NotProvenError(f"the head speaks for another log, {origin!r}")
            return int(size), base64.b64decode(root)
    raise NotProvenError("the head is not signed by the key in audit_key.pub")


def root_from(leaf: bytes, *, index: int, size: int, path: list[bytes]) -> bytes | None:
    """Give the root of the tree in which a leaf has this path (RFC 9162, section 2.1.3.2)."""
    node, place, last = leaf, index, size - 1
    for sibling in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            node = hashlib.sha256(b"\x01" + sibling + node).digest()
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\x01" + node + sibling).digest()
        place, last = place >> 1, last >> 1
    return node if last == 0 else None


def has_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether an Ed25519 key signed a message (RFC 8032, section 5.1.7)."""
    if len(key) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    public, nonce = _point(key), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if public is None or nonce is None or scalar >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    return _times(scalar, BASE) == _sum(nonce, _times(challenge, public))


def _point(encoded: bytes) -> Point | None:
    """Read a point: its y, and one bit that says which of the two x it is."""
    number = int.from_bytes(encoded, "little")
    y, is_odd = number & ((1 << 255) - 1), number >> 255
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    return (P - x if x & 1 != is_odd else x, y)


def _sum(one: Point, other: Point) -> Point:
    (x1, y1), (x2, y2) = one, other
    product = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P) % P
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, P) % P
    return x, y


def _times(factor: int, point: Point) -> Point:
    total: Point = (0, 1)
    while factor:
        if factor & 1:
            total = _sum(total, point)
        point, factor = _sum(point, point), factor >> 1
    return total


BASE_Y = 4 * pow(5, -1, P) % P
BASE = _point(BASE_Y.to_bytes(32, "little")) or (0, 1)


if __name__ == "__main__":
    asked = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    try:
        number = check(asked)
    except NotProvenError as failure:
        sys.exit(f"NOT PROVEN: {failure}.")
    sys.stdout.write(f"PROVEN: {number} entries stand in the signed log.\n")
