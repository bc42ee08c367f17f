"""Does the money stay under every ceiling: of the line's customer, line, customer, contract?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from data.schemas.clauses import NotToExceed
from data.schemas.vocabulary import Severity
from models.agreed.ceilings import Ceiling, Level
from models.columns import Flags, Ints
from models.rules.consumption import Use, use_of
from models.rules.facts import Facts
from models.rules.hits import Evidence, Hits
from models.rules.words import money


def not_to_exceed_breach(facts: Facts) -> Hits:
    """T2: the part of an entry that lies above a ceiling.

    All that was accepted before is committed. The ceiling is the one in force on the work date; of
    the four levels the largest excess counts, and of equal ones the narrowest.
    """
    levels = [level for level in Level if facts.terms.not_to_exceed.has_any(level)]
    over = _burdens(facts, levels, lambda burden: burden.over_minor > 0)
    over = over.take(_largest_by_entry(over))
    return _hits(
        facts,
        over,
        exposure_minor=over.over_minor,
        limit_minor=over.hard_minor,
        severity=None,
        summary="{rows} beyond the ceiling",
    )


def soft_limit_crossed(facts: Facts) -> Hits:
    """T2: the entry that takes the money across a soft limit, unless it is over the ceiling there.

    It is told at each level whose limit is crossed, and told again when the money, or the limit,
    moved and it is crossed anew.
    """
    levels = [level for level in Level if facts.terms.not_to_exceed.has_soft(level)]
    crossing = _burdens(
        facts,
        levels,
        lambda burden: (
            (burden.over_minor == 0)
            & (burden.used_minor - burden.own_minor <= burden.soft_minor)
            & (burden.used_minor > burden.soft_minor)
        ),
    )
    return _hits(
        facts,
        crossing,
        exposure_minor=np.zeros(len(crossing.entry), dtype=np.int64),
        limit_minor=crossing.soft_minor,
        severity=Severity.MEDIUM,
        summary="{rows} across the soft limit; the ceiling is not reached",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Burdens:
    """Ceilings that entries meet: one row for each."""

    entry: Ints
    clause: Ints
    own_minor: Ints
    used_minor: Ints
    """With the entry."""
    hard_minor: Ints
    soft_minor: Ints
    over_minor: Ints

    def take(self, rows: Ints | Flags) -> _Burdens:
        return _Burdens(**{name: getattr(self, name)[rows] for name in _COLUMNS})


_COLUMNS = tuple(_Burdens.__dataclass_fields__)


def _burdens(
    facts: Facts, levels: Iterable[Level], is_wanted: Callable[[_Burdens], Flags]
) -> _Burdens:
    """The wanted rows of these levels, in their order."""
    found = [_none()]
    for level in levels:
        use = use_of(level, facts)
        agreed = facts.terms.not_to_exceed.at(level, use.key, facts.entries.work_day[use.entry])
        burdens = _of_level(use, agreed)
        found.append(burdens.take(agreed.is_agreed & is_wanted(burdens)))
    return _Burdens(
        **{name: np.concatenate([getattr(one, name) for one in found]) for name in _COLUMNS}
    )


def _of_level(use: Use, agreed: Ceiling) -> _Burdens:
    used = use.with_entry_minor
    return _Burdens(
        entry=use.entry,
        clause=agreed.clause,
        own_minor=use.own_minor,
        used_minor=used,
        hard_minor=agreed.hard_minor,
        soft_minor=agreed.soft_minor,
        over_minor=np.clip(used - agreed.hard_minor, 0, use.own_minor),
    )


def _none() -> _Burdens:
    return _Burdens(**{name: np.zeros(0, dtype=np.int64) for name in _COLUMNS})


def _largest_by_entry(burdens: _Burdens) -> Ints:
    """For each entry the row with the largest excess; of equal ones the first."""
    rows = np.lexsort((np.arange(len(burdens.entry)), -burdens.over_minor, burdens.entry))
    return rows[np.unique(burdens.entry[rows], return_index=True)[1]]


def _whose(facts: Facts, clause: int) -> str:
    terms = facts.terms.clauses[clause].terms
    client_id = terms.client_id if isinstance(terms, NotToExceed) else None
    return "" if client_id is None else f", of what {client_id} bears"


def _hits(
    facts: Facts,
    burdens: _Burdens,
    *,
    exposure_minor: Ints,
    limit_minor: Ints,
    severity: Severity | None,
    summary: str,
) -> Hits:
    entries = facts.entries

    def evidence(place: int) -> Evidence:
        entry = int(burdens.entry[place])
        currency = facts.currency(entry)
        return Evidence(
            entries.entry_id[entry],
            "amount_minor",
            f"{money(int(burdens.used_minor[place]), currency)} with this entry"
            f"{_whose(facts, int(burdens.clause[place]))}",
            f"at most {money(int(limit_minor[place]), currency)}",
        )

    return Hits(
        item=entries.item[burdens.entry],
        row_id=entries.entry_id[burdens.entry],
        clause=burdens.clause,
        exposure_minor=exposure_minor,
        severity=severity,
        is_critical=np.zeros(len(burdens.entry), dtype=np.bool_),
        probability=None,
        evidence=evidence,
        summary=summary,
        row_noun="entry entries",
    )
