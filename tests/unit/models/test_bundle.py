"""A bundle survives the disk to the bit, and a damaged one never gets into the service."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from models.bundle import (
    DELAY,
    DOCUMENT,
    VIOLATION,
    BundleError,
    audit,
    build,
    read_manifest,
    self_test,
)
from models.bundle_files import load_bundle, save_bundle
from models.check_bundle import check_bundle
from models.features.catalogue import FEATURE_NAMES
from tests.builders.bundles import bundle, bundle_files, noisy_rows

ROOT = Path(__file__).parents[3]
FILES = bundle_files()
ID = read_manifest(FILES).id


def saved(files, folder):
    return save_bundle(files, bundles=folder)


def with_text(name, change):
    return FILES | {name: change(FILES[name].decode()).encode()}


def with_document(**changes):
    document = json.loads(FILES[DOCUMENT]) | changes
    return FILES | {DOCUMENT: json.dumps(document).encode()}


def test_a_bundle_gives_the_same_scores_after_the_disk(tmp_path):
    built = bundle()
    loaded = load_bundle(saved(FILES, tmp_path), expected_id=ID)
    rows, _ = noisy_rows(300, seed=9)
    rows[::7, ::3] = np.nan
    np.testing.assert_array_equal(
        built.violation.probabilities(rows), loaded.violation.probabilities(rows)
    )
    np.testing.assert_array_equal(built.delay.probabilities(rows), loaded.delay.probabilities(rows))
    assert loaded.document == built.document
    assert loaded.policy_id == built.policy_id


def test_the_same_training_gives_the_same_id():
    assert read_manifest(bundle_files()).id == ID
    assert len(ID) == 16


def test_contributions_and_the_base_add_up_to_the_margin():
    head = bundle().violation
    rows, _ = noisy_rows(20, seed=3)
    given = head.contributions(rows)
    margin = np.log(head.scores(rows) / (1 - head.scores(rows)))
    base = margin - given.sum(axis=1)
    np.testing.assert_allclose(base, base[0], atol=1e-9)
    assert given.shape == (20, len(FEATURE_NAMES))


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({name: FILES[name] for name in (DOCUMENT, DELAY)}, "should hold"),
        (FILES | {"extra.pkl": b"x"}, "should hold"),
        (with_text(VIOLATION, lambda text: text[:500]), "they were changed"),
        (with_text(VIOLATION, lambda text: text.replace("leaf_value=", "leaf_value=1 ", 1)),
         "they were changed"),
        (with_document(rules_version="other"), "they were changed"),
    ],
)  # fmt: skip
def test_files_that_do_not_match_their_id_are_refused(files, problem):
    with pytest.raises(BundleError, match=problem) as refusal:
        audit(files, expected_id=ID)
    assert refusal.value.bundle == ID


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (with_document(format=2), "has format 2"),
        (with_document(features=["nobody_knows"]), "does not know"),
        (with_document(features=list(FEATURE_NAMES[:3])), "trained on other features"),
        (with_document(surprise=1), "surprise"),
        (with_document(policy={"cap_reporting_minor": 1.0, "audit_share": 0.0}), "audit_share"),
        (FILES | {DOCUMENT: b"[]"}, "not a JSON object"),
        (FILES | {DOCUMENT: b"{"}, "not a JSON object"),
    ],
)
def test_a_document_that_makes_no_sense_is_refused_even_with_a_matching_id(files, problem):
    with pytest.raises(BundleError, match=problem):
        audit(files, expected_id=read_manifest(files).id)


def test_a_bundle_that_scores_its_golden_rows_otherwise_is_refused():
    golden = json.loads(FILES[DOCUMENT])["golden"]
    golden[0]["violation_probability"] = 0.99
    files = with_document(golden=golden)
    with pytest.raises(BundleError, match="golden rows differ"):
        self_test(built(files))
    with pytest.raises(BundleError, match="no golden rows"):
        self_test(built(with_document(golden=[])))


def built(files):
    return build(audit(files, expected_id=read_manifest(files).id))


def damaged_trees():
    text = FILES[VIOLATION].decode()
    start = text.index("leaf_value=")
    stop = text.index("\n", start)
    digits = str.maketrans("123456789", "987654321")
    return {
        "truncated": text[: text.index("Tree=3")],
        "longer": f"{text[:stop]} 1{text[stop:]}",
        "other leaves": text[:start] + text[start:stop].translate(digits) + text[stop:],
    }


@pytest.mark.slow  # four interpreters that each import LightGBM
def test_damaged_trees_with_a_matching_id_never_load(tmp_path):
    """LightGBM may abort here, so each tries in a process of its own; all run at once."""
    tries = {"sound": start_check(FILES, tmp_path / "sound")}
    for name, text in damaged_trees().items():
        files = FILES | {VIOLATION: text.encode()}
        tries[name] = start_check(files, tmp_path / name.replace(" ", "-"))
    outputs = {name: one.communicate(timeout=240)[0] for name, one in tries.items()}
    codes = {name: one.returncode for name, one in tries.items()}
    assert codes.pop("sound") == 0
    assert json.loads(outputs["sound"].splitlines()[-1]) == {
        "ok": True,
        "bundle": ID,
        "rules_version": "test",
    }
    assert all(code != 0 for code in codes.values()), codes


def test_the_wrong_id_and_a_missing_folder_are_refused_in_words(tmp_path):
    folder = saved(FILES, tmp_path)
    assert "they were changed" in check_bundle(folder, expected_id="0" * 16)["problem"]
    assert "is missing" in check_bundle(tmp_path / "nowhere", expected_id=ID)["problem"]
    assert check_bundle(folder, expected_id=ID)["ok"] is True


def start_check(files, folder):
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return subprocess.Popen(
        [sys.executable, "-m", "models.check_bundle", str(folder), read_manifest(files).id],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
