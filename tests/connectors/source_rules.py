"""What every source of work keeps to: one function per rule, run on every system and every fake.

A system is described by a SourceUnderTest; `for rule in SOURCE_RULES: rule(system)` judges it.
Each rule failed on some real system once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

import pytest

from service.ports.source import Page, SourcePort

Row = Mapping[str, Any]
HOURS = Decimal("7.25")
OTHER_HOURS = Decimal("0.75")


class OpenSource(Protocol):
    """Connects to the system anew; `page_rows` is asked for, whatever the system makes of it."""

    def __call__(self, *, page_rows: int = ...) -> SourcePort: ...


@dataclass(frozen=True, kw_only=True)
class SourceUnderTest:
    """One system with rows of work, and what its people can do there past our connector."""

    open: OpenSource
    entity: str
    """The rows of work; it holds more than seven."""
    add: Callable[[Decimal], str]
    """Books hours and gives the id of the row."""
    edit: Callable[[str, Decimal], None]
    delete: Callable[[str], None]
    hours_of: Callable[[Row], Any]
    later_than_everything: Callable[[], Sequence[Page]]
    """Pulls with a filter that no row can pass."""
    crowded: Callable[[], SourcePort]
    """A source over more rows than the system gives in one answer, asked for all of them."""
    crowd: int
    """How many rows those are, at least."""
    add_late: Callable[[Decimal], str] | None = None
    """Books hours dated some minutes back, as a long transaction commits; None where it cannot."""


def check_a_filter_that_no_row_passes_gives_no_row(system: SourceUnderTest) -> None:
    assert [row for page in system.later_than_everything() for row in page.rows] == []


def check_a_page_cap_hides_no_row(system: SourceUnderTest) -> None:
    ids, _ = _pulled(system.crowded(), system)
    assert len(ids) >= system.crowd
    assert Counter(ids).most_common(1)[0][1] == 1


def check_small_pages_give_the_same_rows(system: SourceUnderTest) -> None:
    whole, _ = _pulled(system.open(), system)
    paged, _ = _pulled(system.open(page_rows=7), system)
    assert len(whole) > 7
    assert paged == whole


def check_nothing_comes_twice(system: SourceUnderTest) -> None:
    _, cursor = _pulled(system.open(), system)
    assert list(system.open().pull(system.entity, cursor=cursor)) == []


def check_a_new_row_comes_once(system: SourceUnderTest) -> None:
    _, cursor = _pulled(system.open(), system)
    added = system.add(HOURS)
    ids, cursor = _pulled(system.open(), system, cursor=cursor)
    assert ids == [added]
    assert _pulled(system.open(), system, cursor=cursor)[0] == []


def check_an_edited_row_comes_again_as_it_is_now(system: SourceUnderTest) -> None:
    """The one way to notice that somebody changed what was billed, where nothing locks it."""
    edited = system.add(HOURS)
    _, cursor = _pulled(system.open(), system)
    system.edit(edited, OTHER_HOURS)
    rows = _rows(system.open(), system, cursor=cursor)
    assert [(str(row["id"]), system.hours_of(row)) for row in rows] == [(edited, OTHER_HOURS)]


def check_a_row_committed_late_is_not_missed(system: SourceUnderTest) -> None:
    if system.add_late is None:
        pytest.skip("nobody can date a row back here")
    _, cursor = _pulled(system.open(), system)
    late = system.add_late(HOURS)
    ids, _ = _pulled(system.open(), system, cursor=cursor)
    assert ids == [late]


def check_a_deleted_row_is_named_once(system: SourceUnderTest) -> None:
    deleted, kept = system.add(HOURS), system.add(HOURS)
    _, cursor = _pulled(system.open(), system)
    system.delete(deleted)
    pages = list(system.open().pull(system.entity, cursor=cursor))
    assert [one for page in pages for one in page.gone] == [deleted]
    assert [row for page in pages for row in page.rows] == []
    assert list(system.open().pull(system.entity, cursor=pages[-1].cursor)) == []
    system.delete(kept)


def check_a_deleted_row_is_named_although_others_changed_too(system: SourceUnderTest) -> None:
    deleted, _ = system.add(HOURS), system.add(HOURS)  # some systems give the last id out again
    _, cursor = _pulled(system.open(), system)
    system.delete(deleted)
    added = system.add(HOURS)
    pages = list(system.open(page_rows=1).pull(system.entity, cursor=cursor))
    assert [one for page in pages for one in page.gone] == [deleted]
    assert [str(row["id"]) for page in pages for row in page.rows] == [added]


def check_decimals_survive(system: SourceUnderTest) -> None:
    _, cursor = _pulled(system.open(), system)
    wanted = [Decimal("0.25"), Decimal("1.75"), Decimal("7.50")]
    ids = [system.add(hours) for hours in wanted]
    rows = {
        str(row["id"]): system.hours_of(row) for row in _rows(system.open(), system, cursor=cursor)
    }
    assert [rows[one] for one in ids] == wanted
    assert not any(isinstance(hours, float) for hours in rows.values())


def check_a_pull_resumes_after_any_page(system: SourceUnderTest) -> None:
    whole, _ = _pulled(system.open(page_rows=7), system)
    first = next(iter(system.open(page_rows=7).pull(system.entity, cursor=None)))
    remaining, _ = _pulled(system.open(page_rows=7), system, cursor=first.cursor)
    assert [*(str(row["id"]) for row in first.rows), *remaining] == whole


def check_a_row_edited_while_we_page_hides_no_other(system: SourceUnderTest) -> None:
    everything = set(_pulled(system.open(page_rows=7), system)[0])
    pages = iter(system.open(page_rows=7).pull(system.entity, cursor=None))
    first = next(pages)
    mine = system.add(HOURS)
    system.edit(mine, OTHER_HOURS)
    seen = [str(row["id"]) for page in (first, *pages) for row in page.rows]
    missing, _ = _pulled(system.open(), system, cursor=first.cursor)
    assert everything <= {*seen, *missing}
    assert mine in {*seen, *missing}


def check_every_entity_is_one_that_can_be_pulled(system: SourceUnderTest) -> None:
    source = system.open()
    assert system.entity in source.entities()
    for entity in source.entities():
        assert all(page.entity == entity for page in source.pull(entity, cursor=None))


def check_an_unknown_entity_is_refused_by_its_name(system: SourceUnderTest) -> None:
    with pytest.raises(ValueError, match="dreams"):
        list(system.open().pull("dreams", cursor=None))


def check_a_foreign_cursor_is_refused_with_the_remedy(system: SourceUnderTest) -> None:
    for cursor in ("", "2026-03-02", '{"at": 1}', "[]"):
        with pytest.raises(ValueError, match="without a cursor"):
            list(system.open().pull(system.entity, cursor=cursor))


SOURCE_RULES = tuple(rule for name, rule in sorted(globals().items()) if name.startswith("check_"))


def _rows(source: SourcePort, system: SourceUnderTest, *, cursor: str | None = None) -> list[Row]:
    return [row for page in source.pull(system.entity, cursor=cursor) for row in page.rows]


def _pulled(
    source: SourcePort, system: SourceUnderTest, *, cursor: str | None = None
) -> tuple[list[str], str | None]:
    pages = list(source.pull(system.entity, cursor=cursor))
    ids = [str(row["id"]) for page in pages for row in page.rows]
    return ids, pages[-1].cursor if pages else cursor
