"""The export: what was written is read, and damage is named by line."""

import pytest

from service.audit.errors import UnreadableExportError
from service.audit.export_file import read_export, write_export
from tests.builders.audit_log import bodies, rows

AWKWARD = ['{"a":"line\\nbreak"}', '{"b":"\u2028 and \u20ac"}', '{"c":"\\"quoted\\""}']


def test_an_export_reads_back_as_rows_to_verify(tmp_path):
    path = tmp_path / "audit.jsonl"
    assert write_export(enumerate(bodies(4) + AWKWARD), path=path) == 7
    assert list(read_export(path)) == rows(bodies(4) + AWKWARD)


def test_each_line_is_one_entry_with_its_canonical_body(tmp_path):
    path = tmp_path / "audit.jsonl"
    write_export([(0, '{"event":"case_opened"}')], path=path)
    assert path.read_text() == '{"idx":0,"body":"{\\"event\\":\\"case_opened\\"}"}\n'


def test_an_unfinished_export_never_stands_under_its_name(tmp_path):
    def failing():
        yield 0, "{}"
        raise OSError("the database went away")

    with pytest.raises(OSError, match="went away"):
        write_export(failing(), path=tmp_path / "audit.jsonl")
    assert not (tmp_path / "audit.jsonl").exists()


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"not json",
        b"[1]",
        b'{"idx":1}',
        b'{"idx":"1","body":"{}"}',
        b'{"idx":true,"body":"{}"}',
        b'{"idx":1,"body":2}',
        b'{"idx":1,"body":"{}","more":0}',
        b'{"idx":1,"body":"\\ud800"}',
        b'{"idx":1,"body":"\xff"}',
        b"[" * 100_000,
        b"9" * 5_000,
    ],
)
def test_a_line_that_is_not_an_entry_is_named(tmp_path, line):
    path = tmp_path / "audit.jsonl"
    path.write_bytes(b'{"idx":0,"body":"{}"}\n' + line + b"\n")
    with pytest.raises(UnreadableExportError, match=r"audit\.jsonl, line 2"):
        list(read_export(path))
