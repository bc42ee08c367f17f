"""The release record is whole or it is the one before."""

from __future__ import annotations

from datetime import UTC, datetime

from training.release import (
    CHALLENGER_RECORD,
    RECORD,
    Release,
    read_release,
    remove_challenger,
    write_release,
)
from training.versions import SOURCES, code_version

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def release(version):
    return Release(
        bundle="b" * 16, sha256={"bundle.json": "0" * 64}, version=version, promoted_at=NOW,
        gate="passed",
    )  # fmt: skip


def test_there_is_no_release_before_the_first(tmp_path):
    assert read_release(tmp_path) is None


def test_the_last_release_written_is_in_force(tmp_path):
    for version in (1, 2):
        write_release(release(version), bundles=tmp_path)
    assert read_release(tmp_path) == release(2)
    assert [path.name for path in tmp_path.iterdir()] == [RECORD]


def test_a_challenger_stands_beside_the_champion_until_it_is_sent_away(tmp_path):
    write_release(release(1), bundles=tmp_path)
    write_release(release(2), bundles=tmp_path, record=CHALLENGER_RECORD)
    assert read_release(tmp_path) == release(1)
    assert read_release(tmp_path, record=CHALLENGER_RECORD) == release(2)
    remove_challenger(tmp_path)
    remove_challenger(tmp_path)  # nobody there is no error
    assert read_release(tmp_path, record=CHALLENGER_RECORD) is None
    assert read_release(tmp_path) == release(1)


def test_the_code_has_another_name_once_a_line_of_it_changed(tmp_path):
    for folder in SOURCES:
        (tmp_path / folder).mkdir(parents=True)
    source = tmp_path / SOURCES[1] / "rule.py"
    source.write_text("LIMIT = 1\n")
    before = code_version(tmp_path)
    assert before == code_version(tmp_path)
    source.write_text("LIMIT = 2\n")
    assert code_version(tmp_path) != before
