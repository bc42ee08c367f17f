"""Rows out of JSON: objects in one array, or one on each line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from service.connectors.file_limits import ReadingLimits
from service.connectors.file_rows import ReadRow, UnreadableFileError, checked, given_back
from service.connectors.file_text import encoding_of, lines_of

BLANK = " \t\r\n"


class _RepeatedNameError(ValueError):
    """An object that names a column twice; which value is meant nobody knows."""


def ndjson_rows(
    path: Path, *, encoding: str, decimal_mark: str, limits: ReadingLimits
) -> Iterator[ReadRow]:
    """Give the object on each line."""
    encoding, note = encoding_of(path, asked=encoding)
    if note:
        yield note
    decoder = _decoder(decimal_mark)
    for number, line in enumerate(lines_of(path, encoding=encoding), start=1):
        if not line.strip():
            continue
        try:
            record = decoder.decode(line)
        except _RepeatedNameError as error:
            yield _repeated(number, error=error)
        except (ValueError, RecursionError) as error:
            reason = f"is no JSON: {_told(error)}; write one object on the line"
            yield given_back(number, field="(row)", value=line, reason=reason)
        else:
            yield _row(number, record=record, limits=limits)


def json_rows(
    path: Path, *, encoding: str, decimal_mark: str, limits: ReadingLimits
) -> Iterator[ReadRow]:
    """Give the objects of one array, each read when it is asked for."""
    encoding, note = encoding_of(path, asked=encoding)
    if note:
        yield note
    text = "".join(lines_of(path, encoding=encoding))
    decoder, place, number = _decoder(decimal_mark), _past_blanks(text, 0), 0
    if text[place : place + 1] != "[":
        what = "is no JSON" if not text.strip() else "holds no array"
        reason = f"{what}; write the rows as one array of objects, or say `format: ndjson`"
        raise UnreadableFileError(path, reason)
    place = _past_blanks(text, place + 1)
    while text[place : place + 1] != "]":
        number += 1
        try:
            record, place = decoder.raw_decode(text, place)
        except _RepeatedNameError as error:
            raise UnreadableFileError(path, f"row {number} {error}; remove one") from error
        except (ValueError, RecursionError) as error:
            reason = f"is no JSON in row {number}: {_told(error)}; correct or export it again"
            raise UnreadableFileError(path, reason) from error
        yield _row(number, record=record, limits=limits)
        place = _past_comma(text, _past_blanks(text, place), path=path, number=number)


def _past_comma(text: str, place: int, *, path: Path, number: int) -> int:
    if text[place : place + 1] == ",":
        return _past_blanks(text, place + 1)
    if text[place : place + 1] == "]":
        return place
    reason = f"is no JSON after row {number}: a comma or ] is missing; is the file cut off?"
    raise UnreadableFileError(path, f"{reason} Export it again")


def _past_blanks(text: str, place: int) -> int:
    while place < len(text) and text[place] in BLANK:
        place += 1
    return place


def _decoder(decimal_mark: str) -> json.JSONDecoder:
    # Numbers stay the digits they were written with, in the mark that the mapping reads.
    as_written: Callable[[str], str] = lambda digits: digits.replace(".", decimal_mark)  # noqa: E731
    return json.JSONDecoder(
        parse_float=as_written, parse_int=str, parse_constant=str, object_pairs_hook=_object
    )


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise _RepeatedNameError(f"names the column {name!r} twice")
        found[name] = value
    return found


def _repeated(number: int, *, error: ValueError) -> ReadRow:
    return given_back(number, field="(row)", value="", reason=f"{error}; remove one")


def _row(number: int, *, record: object, limits: ReadingLimits) -> ReadRow:
    if not isinstance(record, dict):
        reason = "is no object of columns; write each row as {...}"
        return given_back(number, field="(row)", value=record, reason=reason)
    cells = {str(key): _cell(value) for key, value in record.items()}
    return checked(number, cells=cells, most_characters=limits.cell_characters)


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case _:
            return json.dumps(value)


def _told(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
