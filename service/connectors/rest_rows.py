"""Documents of another system as rows of text, to be mapped as the rows of a file are."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count

from service.connectors.file_limits import DEFAULT_LIMITS
from service.connectors.file_mapping import AnyMapping
from service.connectors.file_mapping import Mapping as WorkMapping
from service.connectors.file_rows import ReadRow, checked
from service.connectors.file_rule import Rule
from service.connectors.rest_paths import at, cells_of
from service.ports.outside_errors import OutsideRefusedError

SHOWN_NAMES = 40
_IN_BRACES = re.compile(r"\{([^{}]+)\}")


def rows_of(
    documents: Iterable[Mapping[str, object]], *, children: str | None
) -> Iterator[dict[str, str]]:
    """Give the cells of each document, or of each child in it beside those of the document."""
    for document in documents:
        if children is None:
            yield cells_of(document)
            continue
        inner = at(document, children)
        around = {
            name: cell
            for name, cell in cells_of(document).items()
            if name != children and not name.startswith(f"{children}.")
        }
        for one in inner if isinstance(inner, list) else ():
            yield around | {f"{children}.{name}": cell for name, cell in cells_of(one).items()}


def read_rows(
    cells: Iterable[dict[str, str]], *, columns: frozenset[str]
) -> Iterator[ReadRow]:  # fmt: skip
    """Give rows to be mapped. A name that one document leaves out is empty there."""
    empty = dict.fromkeys(columns, "")
    for number, row in zip(count(1), cells, strict=False):
        yield checked(number, cells=empty | row, most_characters=DEFAULT_LIMITS.cell_characters)


def split_by_where(
    cells: Iterable[dict[str, str]], *, mapping: AnyMapping
) -> tuple[list[dict[str, str]], int]:
    """Give the rows that the mapping asks for, and how many it leaves out."""
    every = list(cells)
    kept = [row for row in every if all(one.holds(row) for one in mapping.where)]
    return kept, len(every) - len(kept)


def named_columns(mapping: AnyMapping) -> frozenset[str]:
    """Give every name a mapping takes from a row, those in templates too."""
    templates = [rule.template for rule in _rules(mapping) if rule.template]
    return mapping.columns | {name for one in templates for name in _IN_BRACES.findall(one)}


def refuse_unknown_columns(cells: list[dict[str, str]], *, mapping: AnyMapping, whose: str) -> None:
    """Raise OutsideRefusedError for a name that no row has: it is misspelled in the mapping.

    One below something that is empty in every row, or whose rule has a default, may be missing.
    """
    known = {name for row in cells for name in row}
    optional = {rule.column for rule in _rules(mapping) if rule.default is not None}
    wanted = sorted(named_columns(mapping) - optional) if cells else []
    for name in wanted:
        steps = name.split(".")
        if any(".".join(steps[:length]) in known for length in range(1, len(steps) + 1)):
            continue
        near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
        meant = f"did you mean {near[0]!r}? " if near else ""
        listed = ", ".join(sorted(known)[:SHOWN_NAMES])
        raise OutsideRefusedError(
            f"{whose}: no row has {name!r}, which the mapping names; {meant}the rows have {listed}"
        )


def _rules(mapping: AnyMapping) -> Iterator[Rule]:
    rules = dict(mapping.fields) if isinstance(mapping, WorkMapping) else mapping.fields
    yield from (rule for rule in rules.values() if rule)
