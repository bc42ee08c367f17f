"""Key files: made once, readable by their owner only, and a pair or nothing."""

import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from service.audit.errors import KeyFileRefusedError
from service.audit.key_files import (
    PRIVATE_FILE,
    PUBLIC_FILE,
    create_key,
    load_public_key,
    load_signing_key,
)
from tests.builders.audit_log import ORIGIN, signing_key


def replace(path, content, *, mode=0o400):
    path.unlink()
    path.write_bytes(content)
    path.chmod(mode)


def test_a_created_key_loads_again(tmp_path):
    made = create_key(tmp_path / "keys", name=ORIGIN)
    assert load_signing_key(tmp_path / "keys").public == made.public
    assert load_public_key(tmp_path / "keys" / PUBLIC_FILE) == made.public


def test_the_secret_file_is_for_its_owner_alone(tmp_path):
    create_key(tmp_path, name=ORIGIN)
    assert stat.S_IMODE((tmp_path / PRIVATE_FILE).stat().st_mode) == 0o400


def test_an_existing_key_is_never_overwritten(tmp_path):
    first = create_key(tmp_path, name=ORIGIN)
    with pytest.raises(KeyFileRefusedError, match="already there"):
        create_key(tmp_path, name=ORIGIN)
    assert load_signing_key(tmp_path).public == first.public


def test_a_key_that_others_may_read_is_refused(tmp_path):
    create_key(tmp_path, name=ORIGIN)
    (tmp_path / PRIVATE_FILE).chmod(0o440)
    with pytest.raises(KeyFileRefusedError, match="chmod 0400"):
        load_signing_key(tmp_path)


def test_halves_of_different_pairs_are_refused(tmp_path):
    create_key(tmp_path, name=ORIGIN)
    replace(tmp_path / PUBLIC_FILE, signing_key().public.text.encode())
    with pytest.raises(KeyFileRefusedError, match=r"does not belong to audit_key\.pub"):
        load_signing_key(tmp_path)


def test_a_key_of_another_kind_is_refused(tmp_path):
    create_key(tmp_path, name=ORIGIN)
    other = X25519PrivateKey.generate()
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    replace(tmp_path / PRIVATE_FILE, pem)
    with pytest.raises(KeyFileRefusedError, match="not an Ed25519 key"):
        load_signing_key(tmp_path)


def test_damaged_files_are_refused_by_name(tmp_path):
    create_key(tmp_path, name=ORIGIN)
    replace(tmp_path / PRIVATE_FILE, b"not a key")
    with pytest.raises(KeyFileRefusedError, match=r"audit_key\.pem: is not a private key"):
        load_signing_key(tmp_path)
    replace(tmp_path / PUBLIC_FILE, b"\xff\xfe")
    with pytest.raises(KeyFileRefusedError, match=r"audit_key\.pub: is not a verifier key"):
        load_public_key(tmp_path / PUBLIC_FILE)


def test_a_missing_key_says_what_to_do(tmp_path):
    with pytest.raises(KeyFileRefusedError, match="create a key for a new log"):
        load_signing_key(tmp_path)
