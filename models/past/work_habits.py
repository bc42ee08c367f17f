"""What items were like before: usual amounts, who signed when, versions, and value given up."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from statistics import median

from data.schemas.billing import WriteOff
from data.schemas.items import AnyItem
from data.schemas.vocabulary import ItemKind
from models.columns import microseconds
from models.past.cohorts import Cohorts
from models.reporting_currency import reporting_minor

DAY_US = 86_400_000_000
YEAR_US = 365 * DAY_US
WRITE_OFF_HORIZON_US = 60 * DAY_US
"""An item is billed, or given up, within two months of its submission."""
FEWEST_AMOUNTS = 5
"""With fewer items before there is no usual amount."""


class WorkHabits:
    """Running lists of items, by contract, person, project, approver and client."""

    def __init__(self) -> None:
        self.write_offs_of_person = Cohorts()
        self.write_offs_of_project = Cohorts()
        self._versions: dict[str, int] = {}
        self._amounts: defaultdict[tuple[int, ItemKind], list[tuple[int, int]]] = defaultdict(list)
        self._signed: defaultdict[int, list[int]] = defaultdict(list)
        self._given_up: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)

    def add_item(
        self, item: AnyItem, *, contract: int, person: int, project: int, amount_minor: int
    ) -> None:
        """Remember an item; of a newer version only that it came again."""
        versions = self._versions.get(item.item_id, 0)
        self._versions[item.item_id] = versions + 1
        if versions:
            return
        submitted_us = microseconds(item.submitted_at)
        insort(self._amounts[contract, item.kind], (submitted_us, amount_minor))
        self.write_offs_of_person.begin(person, at_us=submitted_us)
        self.write_offs_of_project.begin(project, at_us=submitted_us)

    def add_signature(self, approver: int, *, at_us: int) -> None:
        """Remember when an approver signed."""
        insort(self._signed[approver], at_us)

    def add_write_off(
        self, write_off: WriteOff, *, item: AnyItem, client: int, person: int, project: int
    ) -> None:
        """Remember value given up; what came after its time counts in no rate of cases."""
        recorded_us, submitted_us = map(microseconds, (write_off.recorded_at, item.submitted_at))
        minor = reporting_minor(write_off.amount_minor, currency=item.currency)
        if minor is not None:
            insort(self._given_up[client], (recorded_us, minor))
        if recorded_us - submitted_us <= WRITE_OFF_HORIZON_US:
            self.write_offs_of_person.turn(person, began_us=submitted_us)
            self.write_offs_of_project.turn(project, began_us=submitted_us)

    def versions(self, item_id: str) -> int:
        """Give how many versions of an item came before."""
        return self._versions.get(item_id, 0)

    def usual_amount_minor(self, contract: int, kind: ItemKind, *, at_us: int) -> float | None:
        """Give the median amount of a contract's items of a kind over a year; None of a few."""
        amounts = self._amounts.get((contract, kind), [])
        start = bisect_left(amounts, (at_us - YEAR_US, 0))
        stop = bisect_left(amounts, (at_us, 0))
        if stop - start < FEWEST_AMOUNTS:
            return None
        return float(median(minor for _, minor in amounts[start:stop]))

    def signed_between(self, approver: int, *, from_us: int, to_us: int) -> int:
        """Give how many signatures an approver gave in a span, its end not included."""
        signed = self._signed.get(approver, [])
        return bisect_left(signed, to_us) - bisect_left(signed, from_us)

    def given_up(self, client: int, *, from_us: int, to_us: int) -> float:
        """Give the value given up for a client in a span, in hundredths of the reporting money."""
        listed = self._given_up.get(client, [])
        start, stop = bisect_left(listed, (from_us, 0.0)), bisect_left(listed, (to_us, 0.0))
        return sum(minor for _, minor in listed[start:stop])
