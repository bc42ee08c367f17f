"""What earlier work and its outcomes teach: words of projects, money by day, corrections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.codes import Codes
from models.columns import Ints
from models.past.running_totals import RunningTotals
from models.past.tally import Tally
from models.sums import Sums
from models.timeline import pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """A view of what was learned before a decision; by default nothing was.

    It looks at running counts, so it is to be read before the next fact is added.
    """

    codes: Codes = field(default_factory=Codes)
    uses_of_word: Mapping[str, int] = field(default_factory=dict)
    uses_of_word_on_project: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    projects_of_word: Mapping[str, int] = field(default_factory=dict)
    entries_of_project: Mapping[int, int] = field(default_factory=dict)
    corrections_of_person: Tally = field(default_factory=Tally)
    """Share of reviewed items that were adjusted, rejected or written off."""
    corrections_of_project: Tally = field(default_factory=Tally)
    _day_money: RunningTotals = field(default_factory=RunningTotals)
    _own_day_money: Sums | None = None
    """What older versions of the batch's own items hold of it: it does not count."""

    def money_of_days(self, line: Ints, day: Ints) -> Ints:
        """Give the money of time worked on each line on each day, in minor units."""
        keys = pair(line, day)
        total = self._day_money.at(keys)
        return total if self._own_day_money is None else total - self._own_day_money.at(keys)
