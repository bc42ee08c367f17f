"""Several labels of one item become one: corrections, blind double reviews, and who settles them.

A person's later verdict takes the place of their earlier one. Of people who judged the same
version of an item blindly each counts as far as he or she can be believed; where the first two
differ and a third person has looked, that person settled it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.columns import Flags, Floats, Ints
from training.raters import LOWEST_WEIGHT, Raters, Votes, fit_raters
from training.row_columns import RowColumns

UNSETTLED_WEIGHT = 0.5
"""Of a verdict that somebody else contradicts, where nothing is known of either."""
A_PAIR = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """One label per item: the row that stands for it, the answer, and how far to believe it."""

    place: Ints
    is_yes: Flags
    reliability: Floats
    propensity: Floats


def latest(rows: RowColumns, *, says: Flags) -> Settled:
    """The label known last, for a correction outranks what it corrects; all are believed."""
    _, place = last_of_each(rows)
    return Settled(
        place=place,
        is_yes=says[place],
        reliability=np.ones(len(place)),
        propensity=rows.propensity[place],
    )


def settle(rows: RowColumns, *, says: Flags) -> Settled:
    """One verdict per item from all that people said of its last version."""
    item, place = last_of_each(rows)
    votes_of = standing(rows, item=item, place=place)
    raters, number = _fit(rows, item=item, says=says, places=votes_of)
    is_yes, reliability = says[place].copy(), np.ones(len(place))
    # A verdict that stands alone counts as much as who gave it.
    named = rows.rater[place] != ""
    if raters is not None:
        reliability[named] = raters.weight[number[place][named]]
    for where, several in doubles(votes_of, item=item):
        is_yes[where], reliability[where] = _of_several(
            several, says=says, number=number, raters=raters
        )
    propensity = rows.propensity[place].copy()
    # An item that came to people by two ways had at least the chance of the likelier one.
    np.maximum.at(propensity, item[votes_of], rows.propensity[votes_of])
    return Settled(place=place, is_yes=is_yes, reliability=reliability, propensity=propensity)


def last_of_each(rows: RowColumns) -> tuple[Ints, Ints]:
    """The number of each row's item, and the row of each item that was known last."""
    _, item = np.unique(rows.item_id.astype(str), return_inverse=True)
    order = np.lexsort((rows.known_us, item))
    is_last = np.ones(len(order), dtype=np.bool_)
    is_last[:-1] = item[order][1:] != item[order][:-1]
    return item, order[is_last]


def standing(rows: RowColumns, *, item: Ints, place: Ints) -> Ints:
    """The standing verdict of each named person on the last version of each item, in time order."""
    is_current = rows.assessed_us == rows.assessed_us[place][item]
    kept = np.flatnonzero(is_current & (rows.rater != ""))
    if len(kept) == 0:
        return kept
    _, rater = np.unique(rows.rater[kept].astype(str), return_inverse=True)
    order = np.lexsort((rows.known_us[kept], rater, item[kept]))
    kept, rater = kept[order], rater[order]
    is_last = np.ones(len(kept), dtype=np.bool_)
    is_last[:-1] = (item[kept][1:] != item[kept][:-1]) | (rater[1:] != rater[:-1])
    kept = kept[is_last]
    in_time: Ints = kept[np.lexsort((rows.known_us[kept], item[kept]))]
    return in_time


def _fit(rows: RowColumns, *, item: Ints, says: Flags, places: Ints) -> tuple[Raters | None, Ints]:
    """The raters, and the number of each row's rater among them."""
    names, number = np.unique(rows.rater.astype(str), return_inverse=True)
    if len(places) == 0:
        return None, number
    votes = Votes(item=item[places], rater=number[places], is_yes=says[places])
    return fit_raters(votes, raters=len(names)), number


def doubles(places: Ints, *, item: Ints) -> list[tuple[int, Ints]]:
    """Items that two or more people judged, with their verdicts in time order."""
    if len(places) == 0:
        return []
    starts = np.flatnonzero(np.r_[True, item[places][1:] != item[places][:-1]])
    groups = np.split(places, starts[1:])
    return [(int(item[group[0]]), group) for group in groups if len(group) >= A_PAIR]


def _of_several(
    places: Ints, *, says: Flags, number: Ints, raters: Raters | None
) -> tuple[bool, float]:
    said = says[places]
    if len(places) > A_PAIR and said[0] != said[1]:
        return bool(said[-1]), 1.0
    if raters is None:
        return bool(said[-1]), 1.0 if bool((said == said[0]).all()) else UNSETTLED_WEIGHT
    votes = Votes(item=np.zeros(len(places), dtype=np.int64), rater=number[places], is_yes=said)
    faulty = float(raters.posterior(votes, items=1)[0])
    return faulty >= 0.5, max(abs(2.0 * faulty - 1.0), LOWEST_WEIGHT)  # noqa: PLR2004 - likelier
