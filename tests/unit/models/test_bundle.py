"""A bundle survives the disk to the bit, and a damaged one never gets into the service."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.schemas.questions import Question
from data.schemas.vocabulary import ItemKind
from models.bundle import BundleError, audit, build, pack, read_manifest, self_test
from models.bundle_document import ALWAYS_ASKED, DOCUMENT, BundleDocument, file_of
from models.bundle_files import load_bundle, save_bundle
from models.check_bundle import check_bundle
from models.days import fit_days
from models.features.catalogue import FEATURE_NAMES
from models.golden import golden_rows
from models.minutes import fit_minutes
from tests.builders.bundles import bundle, bundle_files, noisy_rows, small_parts, vague_words

VIOLATION, DELAY = (file_of(question) for question in ALWAYS_ASKED)
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
        ({name: FILES[name] for name in (DOCUMENT, DELAY)}, "lacks"),
        (FILES | {"extra.pkl": b"x"}, "they were changed"),
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
        (with_document(format=1), "has format 1.*train"),
        (FILES | {"extra.pkl": b"x"}, "should hold"),
        (FILES | {file_of(Question.WRITE_OFF): b"tree"}, "should hold"),
        (with_document(heads={}), "lists no head"),
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
    golden[0]["probabilities"]["missed_cut_off"] = 0.99
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


MANY = (*ALWAYS_ASKED, Question.NARRATIVE_INSUFFICIENT, Question.DISPUTED_PRICE)


def test_a_bundle_of_many_heads_and_words_answers_the_same_after_the_disk(tmp_path):
    files = bundle_files(questions=MANY, words=vague_words())
    assert set(files) == {DOCUMENT, "words.json", *(file_of(one) for one in MANY)}
    loaded = load_bundle(saved(files, tmp_path), expected_id=read_manifest(files).id)
    table, _ = noisy_rows(40, seed=2)
    kinds = [ItemKind.TIMESHEET] * 20 + [ItemKind.MILESTONE] * 20
    told = [built(files).answers(table, kinds=kinds, narratives=["did stuff"] * 40),
            loaded.answers(table, kinds=kinds, narratives=["did stuff"] * 40)]  # fmt: skip
    for question in Question:
        np.testing.assert_array_equal(told[0][question], told[1][question])
    vague = loaded.answers(table, kinds=kinds, narratives=["did stuff"] * 40)
    plain = loaded.answers(table, kinds=kinds, narratives=["wrote report"] * 40)
    assert (vague[Question.ANY_FAULT][:20] > plain[Question.ANY_FAULT][:20]).any()


def test_a_question_is_answered_only_where_it_is_asked_and_has_a_head():
    some = built(bundle_files(questions=MANY))
    table, _ = noisy_rows(2, seed=2)
    answers = some.answers(table, kinds=[ItemKind.TIMESHEET, ItemKind.MILESTONE])
    assert list(np.isnan(answers[Question.NARRATIVE_INSUFFICIENT])) == [False, True]
    assert list(np.isnan(answers[Question.DISPUTED_PRICE])) == [False, False]
    assert np.isnan(answers[Question.WRITE_OFF]).all()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda words: {"terms": words["terms"][1:]}, "missing"),
        (lambda words: {"surprise": 1}, "Extra"),
        (lambda words: {"questions": ["block_billing"]}, "gives no column"),
    ],
)
def test_words_that_make_no_sense_are_refused_even_with_a_matching_id(change, problem):
    files = bundle_files(words=vague_words())
    words = json.loads(files["words.json"])
    files["words.json"] = json.dumps(words | change(words)).encode()
    with pytest.raises(BundleError, match=problem):
        built(files)


def test_words_that_read_otherwise_than_at_training_are_refused():
    files = bundle_files(words=vague_words())
    words = json.loads(files["words.json"])
    words["weights"][0][0] += 0.5
    files["words.json"] = json.dumps(words).encode()
    with pytest.raises(BundleError, match=r"golden rows differ by .* of words"):
        self_test(built(files))


def test_words_without_their_file_and_a_file_nobody_lists_are_refused():
    files = bundle_files(words=vague_words())
    del files["words.json"]
    with pytest.raises(BundleError, match="should hold"):
        audit(files, expected_id=read_manifest(files).id)
    extra = FILES | {"days.lgb.txt": b"tree"}
    with pytest.raises(BundleError, match="should hold"):
        audit(extra, expected_id=read_manifest(extra).id)


def test_days_and_minutes_travel_with_the_bundle_and_are_tested_with_it(tmp_path):
    rows, _ = noisy_rows(400, seed=3)
    days = fit_days(rows, days=1.0 + 20.0 * rows[:, 3], is_billed=np.ones(400, dtype=np.bool_))
    minutes = fit_minutes(rows, minutes=1.0 + 5.0 * rows[:, 4])
    parts = replace(small_parts(seed=1), days=days, minutes=minutes)
    beside = {"days": days.document, "minutes": minutes.document}
    document = json.loads(FILES[DOCUMENT])
    whole = BundleDocument.model_validate_json(json.dumps(document)).model_copy(
        update=beside | {"golden": golden_rows(parts, rows=rows[:4])}
    )
    files = pack(whole, parts=parts)
    loaded = load_bundle(saved(files, tmp_path), expected_id=read_manifest(files).id)
    np.testing.assert_array_equal(loaded.parts.bill_days(rows), days.quantiles(rows))
    np.testing.assert_array_equal(loaded.parts.review_minutes(rows), minutes.predict(rows))
    golden = list(whole.golden)
    golden[0] = golden[0].model_copy(update={"review_minutes": 99.0})
    wrong = pack(whole.model_copy(update={"golden": tuple(golden)}), parts=parts)
    with pytest.raises(BundleError, match="of minutes"):
        self_test(built(wrong))
