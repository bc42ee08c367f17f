"""Makes the broken files that are hostile or binary, so that none of them lies in the tree."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook

HEADER = ["id", "who", "day", "project", "hours", "rate", "what"]
ROW = [1, "ana", date(2026, 3, 2), "kiln", 7.5, 140.0, "Design"]
BOMB_BYTES = 100_000_000


def make_files(folder: Path) -> None:
    """Write every file of the table below into a folder."""
    for name, make in MAKERS.items():
        make(folder / name)


def _utf16_without_mark(path: Path) -> None:
    path.write_bytes("id,who,day,project,hours,rate,what\n".encode("utf-16-le"))


def _formula(path: Path) -> None:
    _book(path, [*ROW[:4], "=SUM(1,6.5)", *ROW[5:]])


def _far_cell(path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(HEADER)
    sheet.append(ROW)
    sheet.cell(row=1_048_576, column=1, value="forgotten")
    book.save(path)


def _far_column(path: Path) -> None:
    _book(path, [*ROW, *[None] * 60, "aside"])


def _encrypted(path: Path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    path.write_bytes(ole + bytes(1_016) + "EncryptedPackage".encode("utf-16-le") + bytes(2_000))


def _old_excel(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4_096))


def _macros(path: Path) -> None:
    _book(path, ROW)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"no program, only its name")


def _bomb(path: Path) -> None:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(BOMB_BYTES // 1_000_000):
            part.write(bytes(1_000_000))


def _large_bomb(path: Path) -> None:
    """Says of itself that it is larger than any limit; nothing needs to be unpacked to see it."""
    small = io.BytesIO()
    with zipfile.ZipFile(small, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(10))
    content = bytearray(small.getvalue())
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (4_000_000_000).to_bytes(4, "little")
    path.write_bytes(content)


def _entities(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        text = (
            '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
        )
        archive.writestr("xl/workbook.xml", text)


def _truncated_parquet(path: Path) -> None:
    whole = io.BytesIO()
    pq.write_table(
        pa.table({name: [str(value)] for name, value in zip(HEADER, ROW, strict=True)}), whole
    )
    path.write_bytes(whole.getvalue()[:-40])


def _no_workbook(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("letter.txt", "no workbook")


def _deep_json(path: Path) -> None:
    path.write_text("[" * 200_000)


def _book(path: Path, row: list[object]) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(HEADER)
    sheet.append(row)
    book.save(path)


MAKERS: dict[str, Callable[[Path], None]] = {
    "utf16_without_mark.csv": _utf16_without_mark,
    "formula.xlsx": _formula,
    "far_cell.xlsx": _far_cell,
    "far_column.xlsx": _far_column,
    "encrypted.xlsx": _encrypted,
    "old_excel.xlsx": _old_excel,
    "macros.xlsx": _macros,
    "bomb.xlsx": _bomb,
    "large_bomb.xlsx": _large_bomb,
    "entities.xlsx": _entities,
    "truncated.parquet": _truncated_parquet,
    "no_workbook.xlsx": _no_workbook,
    "deep.json": _deep_json,
}
