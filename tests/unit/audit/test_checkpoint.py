"""Checkpoints: their exact text, and what is refused."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from service.audit.checkpoint import Checkpoint, parse_and_verify, sign
from service.audit.errors import BadCheckpointError, ForgedNoteError, UnreadableNoteError
from service.audit.merkle import EMPTY_ROOT
from service.audit.signed_note import sign_note
from tests.builders.audit_log import ORIGIN, signing_key

ROOT_TEXT = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


def a_checkpoint(**changes):
    return Checkpoint(**{"origin": ORIGIN, "size": 7, "root": EMPTY_ROOT, **changes})


def test_the_text_is_origin_size_and_root_on_a_line_each():
    assert a_checkpoint().text == f"{ORIGIN}\n7\n{ROOT_TEXT}\n"


def test_the_time_is_one_extension_line_in_utc():
    vienna = timezone(timedelta(hours=1))
    at = datetime(2026, 3, 2, 10, 0, 0, 250_000, tzinfo=vienna)
    assert a_checkpoint(at=at).text.splitlines()[3] == "at 2026-03-02T09:00:00.250000Z"


@pytest.mark.parametrize("at", [None, datetime(2026, 3, 2, 9, tzinfo=UTC)])
def test_a_signed_checkpoint_reads_back(at):
    key = signing_key()
    assert parse_and_verify(sign(a_checkpoint(at=at), key=key), public_key=key.public) == (
        a_checkpoint(at=at)
    )


def test_a_checkpoint_of_another_log_is_not_signed():
    with pytest.raises(BadCheckpointError, match="is not the key's name"):
        sign(a_checkpoint(origin="other.example/log"), key=signing_key())


def test_a_statement_about_another_log_does_not_pass_under_our_key():
    note = sign_note(a_checkpoint(origin="other.example/log").text, key=signing_key())
    with pytest.raises(ForgedNoteError, match="another log"):
        parse_and_verify(note, public_key=signing_key().public)


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n7\n",
        f"{ORIGIN}\n07\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n+7\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n-7\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n１\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n{'9' * 5_000}\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n7\n{ROOT_TEXT[:-2]}V=\n",
        f"{ORIGIN}\n7\nAAAA\n",
        f"{ORIGIN}\n7\n*{ROOT_TEXT}\n",
        f"{ORIGIN}\n7\n{ROOT_TEXT}\n2026-03-02T09:00:00Z\n",
        f"{ORIGIN}\n7\n{ROOT_TEXT}\nat 2026-03-02T09:00:00\n",
        f"{ORIGIN}\n7\n{ROOT_TEXT}\nat 0001-01-01T00:00:00+05:00\n",
        f"{ORIGIN}\n7\n{ROOT_TEXT}\nat noon\n",
        f"{ORIGIN}\n7\n{ROOT_TEXT}\nat 2026-03-02T09:00:00Z\nmore\n",
    ],
)
def test_loose_forms_are_refused_even_when_signed(text):
    note = sign_note(text, key=signing_key())
    with pytest.raises(UnreadableNoteError):
        parse_and_verify(note, public_key=signing_key().public)


@pytest.mark.parametrize(
    "changes",
    [{"size": -1}, {"root": b"short"}, {"at": datetime(2026, 3, 2)}],  # noqa: DTZ001
)
def test_impossible_checkpoints_cannot_be_made(changes):
    with pytest.raises(BadCheckpointError):
        a_checkpoint(**changes)
