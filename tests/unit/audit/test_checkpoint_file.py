"""Kept checkpoints: nothing acknowledged is lost, nothing torn is kept."""

import pytest

from service.audit.checkpoint_file import (
    ALL_FILE,
    LATEST_FILE,
    keep_checkpoint,
    kept_checkpoints,
    latest_checkpoint,
)
from tests.builders.audit_log import bodies, signed

NOTES = [signed(bodies(3), size=size) for size in (1, 2, 3)]


def keep_all(directory, notes=NOTES):
    for note in notes:
        keep_checkpoint(note, directory=directory)


def test_kept_checkpoints_come_back_in_order(tmp_path):
    keep_all(tmp_path / "checkpoints")
    assert list(kept_checkpoints(tmp_path / "checkpoints")) == NOTES
    assert latest_checkpoint(tmp_path / "checkpoints") == NOTES[-1]


def test_nothing_is_kept_before_the_first(tmp_path):
    assert list(kept_checkpoints(tmp_path)) == []
    assert latest_checkpoint(tmp_path) is None


def test_no_temporary_file_stays(tmp_path):
    keep_all(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {ALL_FILE, LATEST_FILE}


@pytest.mark.parametrize("lost_bytes", [1, 4, 5, 60, 150])
def test_a_record_torn_by_a_crash_is_passed_over_and_then_replaced(tmp_path, lost_bytes):
    keep_all(tmp_path, NOTES[:2])
    path = tmp_path / ALL_FILE
    path.write_bytes(path.read_bytes()[:-lost_bytes])
    (tmp_path / LATEST_FILE).write_text(NOTES[0])
    assert list(kept_checkpoints(tmp_path)) == NOTES[:1]
    keep_all(tmp_path, NOTES[1:])
    assert list(kept_checkpoints(tmp_path)) == NOTES


def test_a_first_record_torn_by_a_crash_is_replaced(tmp_path):
    (tmp_path / ALL_FILE).write_text(NOTES[0][:20])
    keep_all(tmp_path)
    assert list(kept_checkpoints(tmp_path)) == NOTES


def test_the_latest_file_speaks_up_when_the_long_file_was_cut(tmp_path):
    keep_all(tmp_path)
    path = tmp_path / ALL_FILE
    path.write_text(NOTES[0] + "---\n")
    assert list(kept_checkpoints(tmp_path)) == [NOTES[0], NOTES[2]]


def test_damaged_bytes_do_not_stop_the_reader(tmp_path):
    keep_all(tmp_path)
    path = tmp_path / ALL_FILE
    content = bytearray(path.read_bytes())
    content[3] = 0xFF
    path.write_bytes(content)
    first, *rest = kept_checkpoints(tmp_path)
    assert "\ufffd" in first
    assert rest == NOTES[1:]
