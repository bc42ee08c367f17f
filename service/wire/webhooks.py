"""Signed webhooks, as Standard Webhooks writes them: how we sign, and how a receiver checks.

From: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

PREFIX = "whsec_"
SHORTEST_KEY_BYTES, LONGEST_KEY_BYTES = 24, 64
"""The specification's bounds of a symmetric key."""
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
TOLERANCE = timedelta(minutes=5)
"""Older is a replay, or a clock that is wrong."""
LONGEST_HEADER = 2_000
_SECONDS = re.compile("[0-9]{1,11}")


class WebhookKeyError(ValueError):
    """The key is not one that Standard Webhooks allows; the text says how to write it."""


class UnverifiedWebhookError(Exception):
    """What came is not proven to be ours: answer 400, and believe nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedWebhook:
    """A delivery that was signed with the secret."""

    id: str
    """Stays the same over all tries: act once on each."""
    sent_at: datetime
    event: Mapping[str, Any]


def signed_headers(
    message_id: str, *, body: bytes, keys: Sequence[bytes], now: datetime
) -> dict[str, str]:
    """Give the three headers of a delivery, with a signature under each key that is still good."""
    sent_at = str(int(now.timestamp()))
    signatures = [signature(message_id, sent_at=sent_at, body=body, key=key) for key in keys]
    return {ID: message_id, TIMESTAMP: sent_at, SIGNATURE: " ".join(signatures)}


def signature(message_id: str, *, sent_at: str, body: bytes, key: bytes) -> str:
    """Sign id, time and body, so that none of them can be changed or replayed later."""
    signed = b".".join((message_id.encode(), sent_at.encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def key_of(secret: str) -> bytes:
    """Read `whsec_` and base64. Raises WebhookKeyError."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise WebhookKeyError(f"write the key as {PREFIX} and base64") from error
    if not secret.startswith(PREFIX) or not SHORTEST_KEY_BYTES <= len(key) <= LONGEST_KEY_BYTES:
        bounds = f"{SHORTEST_KEY_BYTES} to {LONGEST_KEY_BYTES}"
        raise WebhookKeyError(f"write the key as {PREFIX} and the base64 of {bounds} random bytes")
    return key


def secret_of(key: bytes) -> str:
    """Write a key as its receiver keeps it."""
    return PREFIX + base64.b64encode(key).decode()


def verify_webhook(
    headers: Mapping[str, str], body: bytes, *, secrets: Iterable[str], now: datetime
) -> VerifiedWebhook:
    """Check a delivery against the secrets that are good now: two while one is being rotated.

    `body` is what came, byte for byte; `now` is the receiver's clock. Whatever came, the only
    error is UnverifiedWebhookError; WebhookKeyError says that a secret of one's own is misspelt.
    """
    # 1. The secrets are ours: one that is misspelt is no fault of whoever sent this.
    keys = [key_of(one) for one in secrets]
    # 2. The headers are there and plain, and the time is now.
    message_id = _header(headers, ID)
    sent_at = _header(headers, TIMESTAMP)
    if not _SECONDS.fullmatch(sent_at) or abs(int(sent_at) - now.timestamp()) > TOLERANCE.seconds:
        raise UnverifiedWebhookError("it was not sent within the last five minutes")
    # 3. One of the signatures is one that a secret makes.
    if not isinstance(body, bytes):
        raise UnverifiedWebhookError("its body is not handed over as the bytes that came")
    given = _header(headers, SIGNATURE).split(" ")
    ours = [signature(message_id, sent_at=sent_at, body=body, key=key) for key in keys]
    if not any(hmac.compare_digest(mine, theirs) for mine in ours for theirs in given):
        raise UnverifiedWebhookError("no secret of ours made its signature")
    # 4. What was signed is an event.
    return VerifiedWebhook(
        id=message_id, sent_at=datetime.fromtimestamp(int(sent_at), UTC), event=_event(body)
    )


def _header(headers: Mapping[str, str], name: str) -> str:
    found = [str(value) for key, value in headers.items() if str(key).lower() == name]
    if len(found) != 1:
        raise UnverifiedWebhookError(f"it does not carry the header {name} once")
    if not found[0].isascii() or not 0 < len(found[0]) <= LONGEST_HEADER:
        raise UnverifiedWebhookError(f"its header {name} is not plain")
    return found[0]


def _event(body: bytes) -> Mapping[str, Any]:
    try:
        event = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise UnverifiedWebhookError("its body is not JSON") from error
    if not isinstance(event, dict):
        raise UnverifiedWebhookError("its body is no JSON object")
    return event
