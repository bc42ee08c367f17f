"""The release record is whole or it is the one before."""

from __future__ import annotations

from datetime import UTC, datetime

from training.release import RECORD, Release, read_release, write_release

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
