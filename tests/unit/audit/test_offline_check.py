"""The program in an evidence pack proves what is true and nothing else, with Python alone."""

from __future__ import annotations

import ast
import base64
import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from service.audit import offline_check
from service.audit.merkle import inclusion_proof, leaf_hash
from service.audit.offline_check import NotProvenError, check, has_signed
from tests.builders.audit_log import bodies, signed, signing_key

PROGRAM = Path(offline_check.__file__)
SIZE, SHOWN = 13, (0, 5, 12)


@pytest.fixture
def folder(tmp_path):
    """An unpacked evidence folder of a log of thirteen entries, three of them in it."""
    texts = bodies(SIZE)
    hashes = [leaf_hash(text.encode()) for text in texts]
    entries = [
        {
            "index": index,
            "body": texts[index],
            "proof": [
                base64.b64encode(one).decode() for one in inclusion_proof(hashes, index=index)
            ],
        }
        for index in SHOWN
    ]
    entries.append({"index": None, "body": "{}", "proof": None})
    lines = "".join(f"{json.dumps(one)}\n" for one in entries)
    (tmp_path / "audit.jsonl").write_text(lines)
    (tmp_path / "checkpoint.txt").write_text(signed(texts, size=SIZE))
    (tmp_path / "audit_key.pub").write_text(f"{signing_key().public.text}\n")
    return tmp_path


def test_an_unaltered_folder_is_proven(folder):
    assert check(folder) == len(SHOWN)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("audit.jsonl", "item:5", "item:6"),
        ("audit.jsonl", '"index": 5', '"index": 4'),
        ("checkpoint.txt", "\n13\n", "\n14\n"),
        ("checkpoint.txt", "countersign.example/audit\n", "other/audit\n"),
    ],
)
def test_whatever_is_altered_is_not_proven(folder, name, old, new):
    path = folder / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(NotProvenError):
        check(folder)


def test_another_key_proves_nothing(folder):
    (folder / "audit_key.pub").write_text(signing_key("other").public.text)
    with pytest.raises(NotProvenError, match="not signed"):
        check(folder)


def test_the_program_runs_without_us_and_says_what_it_found(folder):
    command = [sys.executable, "-I", "-S", str(PROGRAM), str(folder)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout) == (0, "PROVEN: 3 entries stand in the signed log.\n")
    (folder / "checkpoint.txt").write_text(signed(bodies(SIZE, story="another"), size=SIZE))
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert said.stderr.startswith("NOT PROVEN")


def test_the_program_imports_the_standard_library_alone():
    tree = ast.parse(PROGRAM.read_text())
    names = {
        alias.name for one in ast.walk(tree) if isinstance(one, ast.Import) for alias in one.names
    }
    names |= {one.module or "" for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


@given(st.binary(max_size=200), st.binary(max_size=20), st.integers(0, 511))
def test_signatures_are_judged_as_the_library_judges_them(message, seed, bit):
    private = Ed25519PrivateKey.from_private_bytes(sha256(seed).digest())
    key, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert has_signed(key, message, signature)
    assert not has_signed(key, message + b"x", signature)
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8
    assert not has_signed(key, message, bytes(flipped))
