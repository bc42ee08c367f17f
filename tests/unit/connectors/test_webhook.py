"""Webhooks: signed as the public scheme says, to the one address that was set."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import httpx2
import pytest

from data.schemas.vocabulary import NotificationKind
from service.connectors.webhook import Webhook
from service.ports.messenger import Message, NotDeliveredError
from service.wire.webhooks import WebhookKeyError, key_of, signature

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = Message(
    id="ntf-1-webhook",
    kind=NotificationKind.MENTIONED,
    text="Ana mentioned you on case C-000001.",
    link="https://desk.example.org/case?case=C-000001",
    to_email="bo@example.org",
    person_id="person-bo",
    at=NOW,
)


def webhook(answer):
    return Webhook(
        url="https://hooks.example.org/in",
        key=key_of(SECRET),
        transport=httpx2.MockTransport(answer),
    )


def test_the_signature_is_that_of_the_public_test_vector():
    signed = signature(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        sent_at="1614265330",
        body=b'{"test": 2432232314}',
        key=key_of(SECRET),
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_is_posted_with_its_signature_and_without_the_address_of_anybody():
    seen = []
    webhook(lambda request: seen.append(request) or httpx2.Response(204)).send(MESSAGE, now=NOW)
    request = seen[0]
    assert request.headers["webhook-id"] == MESSAGE.id
    assert request.headers["webhook-signature"] == signature(
        MESSAGE.id,
        sent_at=request.headers["webhook-timestamp"],
        body=request.content,
        key=key_of(SECRET),
    )
    assert json.loads(request.content)["data"]["link"] == MESSAGE.link
    assert b"example.org" not in request.content.replace(b"desk.example.org", b"")


@pytest.mark.parametrize(("status", "is_final"), [(500, False), (404, False), (410, True)])
def test_a_refusal_is_told_and_only_gone_ends_it(status, is_final):
    with pytest.raises(NotDeliveredError, match=str(status)) as caught:
        webhook(lambda _: httpx2.Response(status)).send(MESSAGE, now=NOW)
    assert caught.value.is_final is is_final


def test_a_redirect_is_not_followed():
    asked = []

    def redirect(request):
        asked.append(str(request.url))
        return httpx2.Response(307, headers={"Location": "http://169.254.169.254/latest"})

    with pytest.raises(NotDeliveredError, match="307"):
        webhook(redirect).send(MESSAGE, now=NOW)
    assert asked == ["https://hooks.example.org/in"]


def test_silence_is_told_without_the_address():
    def fail(_request):
        raise httpx2.ConnectError("https://hooks.example.org/in refused")

    with pytest.raises(NotDeliveredError, match="ConnectError") as caught:
        webhook(fail).send(MESSAGE, now=NOW)
    assert "hooks" not in str(caught.value)


def test_an_address_that_is_none_is_told():
    with pytest.raises(NotDeliveredError, match="no answer"):
        Webhook(url="https://[broken", key=key_of(SECRET)).send(MESSAGE, now=NOW)


@pytest.mark.parametrize(
    "secret",
    ["", "whsec_", "whsec_c2hvcnQ=", base64.b64encode(bytes(32)).decode(), "whsec_not base64"],
)
def test_a_key_that_is_too_short_or_no_key_is_refused_in_words(secret):
    with pytest.raises(WebhookKeyError, match="whsec_"):
        key_of(secret)
