"""Signed notes against the published example of the reference implementation."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.audit.errors import ForgedNoteError, UnreadableNoteError
from service.audit.signed_note import PublicKey, SigningKey, open_note, sign_note
from tests.builders.audit_log import signing_key

# The example of golang.org/x/mod/sumdb/note; Ed25519 signatures are deterministic.
GO_PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SECRET = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
GO_NOTE = (
    f"{GO_TEXT}\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def go_key():
    seed = base64.b64decode(GO_SECRET)[1:]
    return SigningKey(name="PeterNeumann", private=Ed25519PrivateKey.from_private_bytes(seed))


def test_signing_gives_the_published_note():
    assert sign_note(GO_TEXT, key=go_key()) == GO_NOTE


def test_the_published_note_opens_with_the_published_key():
    assert open_note(GO_NOTE, key=PublicKey.parse(GO_PUBLIC)) == GO_TEXT


def test_the_public_key_is_written_as_published():
    assert go_key().public.text == GO_PUBLIC


def test_every_flipped_bit_of_a_note_is_noticed():
    note = GO_NOTE.encode()
    for position in range(len(note)):
        for bit in range(8):
            altered = bytearray(note)
            altered[position] ^= 1 << bit
            with pytest.raises((UnreadableNoteError, ForgedNoteError)):
                open_note(altered.decode(errors="replace"), key=go_key().public)


def test_every_altered_letter_of_a_key_is_noticed():
    for position, letter in enumerate(GO_PUBLIC):
        altered = GO_PUBLIC[:position] + chr(ord(letter) ^ 1) + GO_PUBLIC[position + 1 :]
        with pytest.raises(UnreadableNoteError):
            PublicKey.parse(altered)


def test_witness_signatures_beside_ours_are_ignored():
    witness_line = sign_note(GO_TEXT, key=signing_key(name="witness.example")).rsplit("\n", 2)[1]
    assert open_note(f"{GO_NOTE}{witness_line}\n", key=go_key().public) == GO_TEXT


def test_a_key_of_the_same_name_does_not_pass():
    impostor = signing_key("impostor", name="PeterNeumann")
    with pytest.raises(ForgedNoteError, match="no signature by key c74f20a3"):
        open_note(sign_note(GO_TEXT, key=impostor), key=go_key().public)


def test_a_forged_signature_under_the_right_key_id_is_refused():
    line = base64.b64encode(go_key().public.key_id + bytes(64)).decode()
    with pytest.raises(ForgedNoteError, match="does not fit the text"):
        open_note(f"{GO_TEXT}\n— PeterNeumann {line}\n", key=go_key().public)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        GO_TEXT,
        f"{GO_TEXT}\n",
        GO_NOTE.removesuffix("\n"),
        GO_NOTE.replace("—", "-"),
        GO_NOTE.replace("\n", "\r\n"),
        f"\x00{GO_NOTE}",
        f"\ud800{GO_NOTE}",
        f"{GO_NOTE}— \n",
        f"{GO_NOTE}— witness.example not-base64\n",
        "a" * 100_001 + GO_NOTE,
    ],
)
def test_malformed_notes_are_refused_as_unreadable(note):
    with pytest.raises(UnreadableNoteError):
        open_note(note, key=go_key().public)


@pytest.mark.parametrize("text", ["no newline at the end", "a bell\x07\n"])
def test_texts_that_could_not_be_read_back_are_not_signed(text):
    with pytest.raises(UnreadableNoteError):
        sign_note(text, key=go_key())


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\nb"])
def test_key_names_that_break_the_format_are_refused(name):
    with pytest.raises(UnreadableNoteError, match="key name"):
        PublicKey(name=name, raw=bytes(32))


def test_the_secret_half_is_never_shown():
    assert "private" not in repr(go_key())
