"""What a receiver is given to check deliveries: the truth for ours, one error for all else."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.client import UnverifiedWebhookError, verify_webhook
from service.wire.webhooks import WebhookKeyError, key_of, secret_of, signature, signed_headers

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
KEY, OTHER = b"k" * 32, b"o" * 32
SECRETS = (secret_of(KEY),)
BODY = json.dumps({"id": "evt-1", "type": "countersign.case.opened"}).encode()
GOOD = signed_headers("evt-1", body=BODY, keys=(KEY,), now=NOW)
SENT_AT = GOOD["webhook-timestamp"]


def signed(body=BODY, *, key=KEY, message_id="evt-1", sent_at=SENT_AT):
    """Headers whose signature is right for what they say."""
    made = signature(message_id, sent_at=sent_at, body=body, key=key)
    return {"webhook-id": message_id, "webhook-timestamp": sent_at, "webhook-signature": made}


def without(name):
    return {key: value for key, value in GOOD.items() if key != name}


HOSTILE = {
    "no headers": ({}, BODY),
    "no id": (without("webhook-id"), BODY),
    "no time": (without("webhook-timestamp"), BODY),
    "no signature": (without("webhook-signature"), BODY),
    "empty signature": (GOOD | {"webhook-signature": ""}, BODY),
    "a signature without a version": (
        GOOD | {"webhook-signature": GOOD["webhook-signature"].removeprefix("v1,")}, BODY,
    ),
    "a version without a comma": (GOOD | {"webhook-signature": "v1"}, BODY),
    "many commas": (GOOD | {"webhook-signature": "v1,,,,v1,=,"}, BODY),
    "no base64": (GOOD | {"webhook-signature": "v1,not base64 at all!"}, BODY),
    "letters beyond ASCII": (GOOD | {"webhook-signature": "v1,é"}, BODY),
    "another version of ours": (
        GOOD | {"webhook-signature": GOOD["webhook-signature"].replace("v1,", "v1a,")}, BODY,
    ),
    "a NUL in the id": (GOOD | {"webhook-id": "evt\0-1"}, BODY),
    "another id": (GOOD | {"webhook-id": "evt-2"}, BODY),
    "a time that is no number": (GOOD | {"webhook-timestamp": "yesterday"}, BODY),
    "digits of another script": (GOOD | {"webhook-timestamp": "١٧٧٢٤٤٢٠٠٠"}, BODY),
    "an endless time": (GOOD | {"webhook-timestamp": "9" * 5_000}, BODY),
    "a time below zero": (signed(sent_at="-1"), BODY),
    "a broken time": (signed(sent_at="1772442000.5"), BODY),
    "not a number": (signed(sent_at="nan"), BODY),
    "six minutes old": (signed(sent_at=str(int(SENT_AT) - 360)), BODY),
    "six minutes ahead": (signed(sent_at=str(int(SENT_AT) + 360)), BODY),
    "another body": (GOOD, BODY + b" "),
    "another key": (signed(key=OTHER), BODY),
    "an empty body": (signed(b""), b""),
    "no JSON": (signed(b"{"), b"{"),
    "no text": (signed(b"\xff\xfe"), b"\xff\xfe"),
    "no object": (signed(b"[1]"), b"[1]"),
    "a number that is none": (signed(b'{"a": ' + b"9" * 5_000 + b"}"),
                              b'{"a": ' + b"9" * 5_000 + b"}"),
    "nested without end": (signed(b"[" * 100_000), b"[" * 100_000),
    "text for bytes": (GOOD, BODY.decode()),
    "an endless header": (GOOD | {"webhook-signature": "v1,a " * 10_000}, BODY),
    "the same header twice": (GOOD | {"Webhook-Id": "evt-1"}, BODY),
    "headers that are no text": (GOOD | {"webhook-id": b"evt-1", "webhook-timestamp": 5}, BODY),
}  # fmt: skip


def test_the_corpus_is_larger_than_the_one_that_broke_the_usual_library():
    assert len(HOSTILE) >= 17


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_meets_one_error_and_no_other(name):
    headers, body = HOSTILE[name]
    with pytest.raises(UnverifiedWebhookError):
        verify_webhook(headers, body, secrets=SECRETS, now=NOW)


@given(
    st.dictionaries(st.sampled_from(list(GOOD)), st.text() | st.sampled_from(list(GOOD.values()))),
    st.binary(max_size=50) | st.just(BODY),
)
def test_nothing_that_was_not_signed_is_ever_believed(headers, body):
    if headers == GOOD and body == BODY:
        return
    with pytest.raises(UnverifiedWebhookError):
        verify_webhook(headers, body, secrets=SECRETS, now=NOW)


@pytest.mark.parametrize("spelt", [str.lower, str.upper, str.title])
def test_a_delivery_of_ours_is_believed_however_its_headers_are_spelt(spelt):
    headers = {spelt(name): value for name, value in GOOD.items()} | {"Host": "x"}
    proved = verify_webhook(headers, BODY, secrets=SECRETS, now=NOW + timedelta(minutes=4))
    assert (proved.id, proved.sent_at) == ("evt-1", NOW)
    assert proved.event["type"] == "countersign.case.opened"


def test_while_a_secret_is_rotated_either_of_both_proves_a_delivery():
    both = signed_headers("evt-1", body=BODY, keys=(OTHER, KEY), now=NOW)
    for key in (KEY, OTHER):
        assert verify_webhook(both, BODY, secrets=(secret_of(key),), now=NOW).id == "evt-1"
    assert verify_webhook(GOOD, BODY, secrets=(secret_of(OTHER), *SECRETS), now=NOW)


def test_an_instant_is_signed_as_it_is_in_whatever_zone_it_is_told():
    elsewhere = NOW.astimezone(timezone(timedelta(hours=9)))
    assert signed_headers("evt-1", body=BODY, keys=(KEY,), now=elsewhere) == GOOD


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "secret", "whsec_é", "whsec_!!!!", "whsec_" + "a" * 8]
)
def test_a_secret_that_is_misspelt_is_the_receivers_own_mistake_and_says_so(secret):
    with pytest.raises(WebhookKeyError, match="whsec_"):
        verify_webhook(GOOD, BODY, secrets=(secret,), now=NOW)


def test_a_secret_reads_back_as_the_key_it_was_written_from():
    assert key_of(secret_of(KEY)) == KEY
    assert secret_of(KEY) == "whsec_" + base64.b64encode(KEY).decode()
