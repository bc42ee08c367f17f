"""Webhooks out, signed as Standard Webhooks says: notifications to one address, events to many.

From: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import httpx2

from service.connectors.outside_address import OutsideHosts
from service.connectors.outside_connection import Resolve, outside_transport
from service.connectors.outside_http import retry_after_seconds
from service.ports.event_sender import Answer, Letter
from service.ports.messenger import Message, NotDeliveredError
from service.wire.events import MEDIA_TYPE
from service.wire.webhooks import signed_headers

SECONDS = 15.0
"""For the whole delivery, however slowly the other side answers."""
LONGEST_WAIT = 86_400.0
"""Seconds; a receiver that asks for more is asked once a day."""
ASKS_TO_WAIT = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Posts notifications to one address, chosen by whoever runs the service and nobody else."""

    url: str
    key: bytes
    transport: httpx2.BaseTransport | None = None

    def send(self, message: Message, *, now: datetime) -> None:
        """Post a message; any answer of the 200s takes it. Raises NotDeliveredError."""
        body = _body(message)
        headers = signed_headers(message.id, body=body, keys=(self.key,), now=now)
        headers["Content-Type"] = "application/json"
        answer = _post(self.url, body, headers, transport=self.transport)
        if not answer.is_taken:
            raise NotDeliveredError(answer.why, is_final=answer.is_gone)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSender:
    """Posts events to the addresses of subscribers, as far as these may be called at all.

    Every delivery makes a connection of its own, so that the address is checked for each.
    """

    hosts: OutsideHosts
    resolve: Resolve | None = None
    seconds: float = SECONDS

    def send(self, letter: Letter, *, now: datetime) -> Answer:
        """Post a letter; any answer of the 200s takes it, and no redirect is followed."""
        headers = signed_headers(letter.id, body=letter.body, keys=letter.keys, now=now)
        headers["Content-Type"] = MEDIA_TYPE
        headers["User-Agent"] = "countersign"
        transport = outside_transport(self.hosts, seconds_in_all=self.seconds, resolve=self.resolve)
        return _post(letter.url, letter.body, headers, transport=transport)


def _post(
    url: str,
    body: bytes,
    headers: dict[str, str],
    *,
    transport: httpx2.BaseTransport | None,
) -> Answer:
    """Post, and read of the answer its status alone: its body may hold anything, and no end."""
    try:
        with (
            # A redirect would lead to an address that nobody configured.
            httpx2.Client(timeout=SECONDS, follow_redirects=False, transport=transport) as http,
            http.stream("POST", url, content=body, headers=headers) as response,
        ):
            return _answer(response)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        return Answer(is_taken=False, why=f"no answer: {_reason(error)}")


def _answer(response: httpx2.Response) -> Answer:
    if response.is_success:
        return Answer(is_taken=True)
    status = response.status_code
    asked = retry_after_seconds(response) if status in ASKS_TO_WAIT else None
    return Answer(
        is_taken=False,
        is_gone=status == HTTPStatus.GONE,
        retry_after=None if asked is None else timedelta(seconds=min(asked, LONGEST_WAIT)),
        why=f"the receiver answered {status}",
    )


def _reason(error: Exception) -> str:
    """Say what failed: a refusal of ours in full, what the network said by its kind alone."""
    refused = error.__cause__ is not None and isinstance(error, httpx2.ConnectError)
    return str(error) if refused and str(error) else type(error).__name__


def _body(message: Message) -> bytes:
    said = {
        "type": f"notification.{message.kind}",
        "timestamp": message.at.isoformat(),
        "data": {"person_id": message.person_id, "text": message.text, "link": message.link},
    }
    return json.dumps(said, separators=(",", ":")).encode()
