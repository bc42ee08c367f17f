"""Looks at a workbook as the archive it is, before anything unpacks it."""

from __future__ import annotations

import zipfile
from pathlib import Path

from service.connectors.file_limits import ReadingLimits
from service.connectors.file_rows import UnreadableFileError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
PASSWORD_MARK = "EncryptedPackage".encode("utf-16-le")
LARGEST_RATIO = 200
"""Sheets of real work shrink to a twentieth; only what was made to explode shrinks more."""
SMALL_BYTES = 10_000_000
"""Below this no ratio does harm."""
PROLOGUE_BYTES = 1_024
CHUNK_BYTES = 1 << 20


def refuse_dangerous(path: Path, *, limits: ReadingLimits) -> None:
    """Refuse what no reader should open. Raises UnreadableFileError with the way round it."""
    _refuse_other_kinds(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_bomb(path, archive=archive, limits=limits)
            _refuse_macros(path, archive=archive)
            _refuse_entities(path, archive=archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        reason = f"is damaged: {error}; open it in your spreadsheet program and save it again"
        raise UnreadableFileError(path, reason) from error


def _refuse_other_kinds(path: Path) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(len(OLE))
    except OSError as error:
        raise UnreadableFileError(
            path, f"cannot be read: {error.strerror}; check the path"
        ) from error
    if head == OLE and _holds(path, PASSWORD_MARK):
        reason = "is protected by a password; remove the password and save it as .xlsx"
        raise UnreadableFileError(path, reason)
    if head == OLE:
        reason = "is an old Excel file (.xls); open it and save it as .xlsx"
        raise UnreadableFileError(path, reason)
    if not head.startswith(ZIP):
        reason = "is no XLSX workbook; correct `format` in the mapping, or save the file as .xlsx"
        raise UnreadableFileError(path, reason)


def _holds(path: Path, mark: bytes) -> bool:
    with path.open("rb") as file:
        tail = b""
        while chunk := file.read(CHUNK_BYTES):
            if mark in tail + chunk:
                return True
            tail = chunk[-len(mark) :]
    return False


def _refuse_bomb(path: Path, *, archive: zipfile.ZipFile, limits: ReadingLimits) -> None:
    unzipped = sum(one.file_size for one in archive.infolist())
    if unzipped > limits.unzipped_bytes:
        raise UnreadableFileError(
            path,
            f"holds {unzipped:,} bytes when unzipped, more than the {limits.unzipped_bytes:,} "
            "allowed; split it, or raise COUNTERSIGN_IMPORT_MAX_UNZIPPED_BYTES if it is yours",
        )
    zipped = max(1, sum(one.compress_size for one in archive.infolist()))
    if unzipped > SMALL_BYTES and unzipped / zipped > LARGEST_RATIO:
        raise UnreadableFileError(
            path,
            f"unzips to {unzipped // zipped} times its size, as files made to exhaust memory do; "
            "save the rows you need as a new .xlsx or as CSV",
        )


def _refuse_macros(path: Path, *, archive: zipfile.ZipFile) -> None:
    macros = [name for name in archive.namelist() if name.lower().endswith("vbaproject.bin")]
    if macros or path.suffix.lower() in {".xlsm", ".xltm"}:
        what = macros[0] if macros else path.suffix
        reason = f"carries macros ({what}); save it as .xlsx, which has none"
        raise UnreadableFileError(path, reason)


def _refuse_entities(path: Path, *, archive: zipfile.ZipFile) -> None:
    """No spreadsheet program writes a document type; it serves to make small text explode."""
    for one in archive.infolist():
        if not one.filename.endswith((".xml", ".rels")):
            continue
        with archive.open(one) as part:
            if b"<!DOCTYPE" in part.read(PROLOGUE_BYTES):
                reason = f"declares a document type in {one.filename}; save it as a new .xlsx"
                raise UnreadableFileError(path, reason)
