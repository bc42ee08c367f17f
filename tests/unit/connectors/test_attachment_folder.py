"""Attached files: what is taken is what its bytes prove, kept once, under no name of its sender."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.connectors.attachment_folder import AttachmentFolder
from service.connectors.attachment_kinds import KINDS, kind_of
from service.domain.errors import InvalidRequestError, UnavailableError

LIMIT = 100_000
PDF = b"%PDF-1.7\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
JPG = b"\xff\xd8\xff\xe0" + bytes(20)
EML = b"From: ana@example.org\r\nSubject: Hours\r\n\r\nSee below.\r\n"


def office(*parts: str) -> bytes:
    """A package of the parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "<x/>")
    return file.getvalue()


XLSX, DOCX = office("xl/workbook.xml"), office("word/document.xml")
GOOD = {
    "note.pdf": PDF,
    "shot.PNG": PNG,
    "receipt.jpeg": JPG,
    "hours.csv": b"day,hours\n2026-03-02,8\n",
    "hours.xlsx": XLSX,
    "mail.eml": EML,
    "what.txt": "Grüße".encode("cp1252"),
    "letter.docx": DOCX,
}
BAD = {
    "script.html": b"<script>alert(1)</script>",
    "program.exe": b"MZ\x90\x00",
    "note.pdf": b"<html><script>alert(1)</script>",
    "shot.png": PDF,
    "hours.csv": b"a,b\x00c",
    "zipped.csv": XLSX,
    "hours.xlsx": DOCX,
    "macros.xlsx": office("xl/workbook.xml", "xl/vbaProject.bin"),
    "archive.docx": office("payload.exe"),
    "mail.eml": b"\n\nno header here",
    "pdf": PDF,
    "noending": PDF,
    "picture.svg": b"<svg onload='alert(1)'/>",
}


@pytest.fixture
def folder(tmp_path):
    return AttachmentFolder(tmp_path / "attachments", max_bytes=LIMIT)


def keep(folder, name, content):
    return folder.keep(io.BytesIO(content), name=name)


@pytest.mark.parametrize("name", GOOD)
def test_a_file_of_an_allowed_kind_is_kept_byte_for_byte(folder, name):
    kept = keep(folder, name, GOOD[name])
    assert (kept.name, kept.size_bytes) == (name, len(GOOD[name]))
    assert b"".join(folder.content(kept.sha256)) == GOOD[name]


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_not_what_its_name_says_is_refused(folder, tmp_path, name):
    with pytest.raises(InvalidRequestError, match="not of a kind"):
        keep(folder, name, BAD[name])
    assert not list(tmp_path.rglob("*"))


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.txt", "..\\..\\boot.txt", "/etc/cron.d/x.txt", "C:\\a\\x.txt"]
)
def test_a_path_in_a_name_leads_nowhere(folder, tmp_path, name):
    kept = keep(folder, name, b"text")
    assert "/" not in kept.name
    assert "\\" not in kept.name
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files == [tmp_path / "attachments" / kept.sha256[:2] / kept.sha256]


@pytest.mark.parametrize("name", ["", "..", "/", "x\u202etxt.exe.txt", "a\x00.txt", "n" * 300])
def test_a_name_that_is_none_or_hides_something_is_refused(folder, name):
    with pytest.raises(InvalidRequestError):
        keep(folder, name, b"text")


def test_the_same_bytes_are_kept_once(folder, tmp_path):
    first, second = keep(folder, "a.txt", b"same"), keep(folder, "b.txt", b"same")
    assert first.sha256 == second.sha256
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("content", [b"", b"x" * (LIMIT + 1)])
def test_an_empty_or_too_large_file_is_refused(folder, tmp_path, content):
    with pytest.raises(InvalidRequestError, match=r"empty|larger"):
        keep(folder, "a.txt", content)
    assert not list(tmp_path.rglob("*"))


def test_an_archive_that_would_grow_is_never_unpacked(folder):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", bytes(50_000_000))
    assert keep(folder, "bomb.docx", bomb.getvalue()).size_bytes < LIMIT


def test_a_file_lost_from_the_folder_is_told_with_a_remedy(folder):
    with pytest.raises(UnavailableError, match="restore"):
        folder.content("0" * 64)


@given(st.text(max_size=30), st.binary(max_size=200))
def test_whatever_is_sent_is_of_one_kind_or_none(name, content):
    assert kind_of(name, content) in {None, *KINDS.values()}
