"""How many of the faults that rules can prove they find, of each item as it arrives."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from data.firm.records import Firm
from data.schemas.assessment import Finding
from data.schemas.catalogue import CATALOGUE, ExceptionCode
from data.schemas.vocabulary import Proof
from models.codes import Codes
from models.columns import to_batch
from models.past.history import History
from models.rules.check import check
from models.terms import Terms

Told = dict[tuple[str, ExceptionCode], "Fault"]
"""What is said of each item, by item id and code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """The rows of an item that bear a fault, and its signed price."""

    row_ids: frozenset[str]
    exposure_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A row on which rules and truth differ, or a fault that they price differently."""

    code: ExceptionCode
    item_id: str
    row_id: str
    what: str
    """`missed`, `false alarm`, or the two prices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRecall:
    """What the rules found of one kind of fault, counted in rows."""

    faults: int
    found: int
    false_alarms: int
    exposure_minor: int
    exposure_error_minor: int
    """Sum of the absolute differences of the prices, item by item."""

    @property
    def missed(self) -> int:
        """Rows with the fault that no rule found."""
        return self.faults - self.found

    @property
    def recall(self) -> float:
        """The share of the faults that were found; 1 where there are none."""
        return self.found / self.faults if self.faults else 1.0

    @property
    def precision(self) -> float:
        """The share of what was found that is true; 1 where nothing was found."""
        told = self.found + self.false_alarms
        return self.found / told if told else 1.0

    def __add__(self, other: KindRecall) -> KindRecall:
        return KindRecall(
            faults=self.faults + other.faults,
            found=self.found + other.found,
            false_alarms=self.false_alarms + other.false_alarms,
            exposure_minor=self.exposure_minor + other.exposure_minor,
            exposure_error_minor=self.exposure_error_minor + other.exposure_error_minor,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRecall:
    """What the rules found, kind by kind, and where they and the truth disagree."""

    kinds: Mapping[ExceptionCode, KindRecall]
    disagreements: tuple[Disagreement, ...]

    @property
    def total(self) -> KindRecall:
        """All kinds together."""
        return sum(self.kinds.values(), start=NOTHING)


NOTHING = KindRecall(faults=0, found=0, false_alarms=0, exposure_minor=0, exposure_error_minor=0)


def evaluate_rules(firm: Firm) -> RuleRecall:
    """Check a firm's items as they arrived, and compare what rules say with what is true."""
    return compare(found=found_faults(firm), true=true_faults(firm))


def join(parts: Iterable[RuleRecall]) -> RuleRecall:
    """Several firms together."""
    kinds: dict[ExceptionCode, KindRecall] = {}
    disagreements: list[Disagreement] = []
    for part in parts:
        disagreements += part.disagreements
        for code, own in part.kinds.items():
            kinds[code] = kinds.get(code, NOTHING) + own
    ordered = {code: kinds[code] for code in CATALOGUE if code in kinds}
    return RuleRecall(kinds=ordered, disagreements=tuple(disagreements))


def compare(*, found: Told, true: Told) -> RuleRecall:
    """Match rows: a fault is found where a rule names its very row under its very code."""
    none = Fault(row_ids=frozenset(), exposure_minor=0)
    kinds: dict[ExceptionCode, KindRecall] = {}
    disagreements: list[Disagreement] = []
    for place in sorted(found.keys() | true.keys()):
        item_id, code = place
        told, right = found.get(place, none), true.get(place, none)
        kinds[code] = kinds.get(code, NOTHING) + KindRecall(
            faults=len(right.row_ids),
            found=len(told.row_ids & right.row_ids),
            false_alarms=len(told.row_ids - right.row_ids),
            exposure_minor=right.exposure_minor,
            exposure_error_minor=abs(told.exposure_minor - right.exposure_minor),
        )
        disagreements += _disagreements(item_id, code=code, told=told, right=right)
    return join([RuleRecall(kinds=kinds, disagreements=tuple(disagreements))])


def true_faults(firm: Firm) -> Told:
    """The faults that the generator knows rules can prove."""
    return {
        (item_id, fault.code): Fault(
            row_ids=frozenset(fault.row_ids), exposure_minor=fault.exposure_minor
        )
        for item_id, truth in firm.truth.items()
        for fault in truth.faults
        if isinstance(fault.code, ExceptionCode)
    }


def found_faults(firm: Firm) -> Told:
    """The faults that rules prove of each item at the time it arrives."""
    rows: dict[tuple[str, ExceptionCode], set[str]] = defaultdict(set)
    prices: Counter[tuple[str, ExceptionCode]] = Counter()
    for item_id, findings in said_on_arrival(firm):
        for finding in findings:
            if finding.proof is Proof.RULE:
                place = (item_id, finding.code)
                rows[place].update(row.row_id for row in finding.evidence)
                prices[place] += finding.exposure_minor
    return {
        place: Fault(row_ids=frozenset(own), exposure_minor=prices[place])
        for place, own in rows.items()
    }


def said_on_arrival(firm: Firm) -> Iterator[tuple[str, Sequence[Finding]]]:
    """Give each item with its findings; only items of the very same moment share a batch."""
    codes = Codes()
    terms, history = Terms.build(firm.reference, codes=codes), History(codes=codes)
    bills = sorted(firm.invoices, key=lambda one: one.issued_at, reverse=True)
    arrivals = sorted(firm.submissions, key=attrgetter("received_at"))
    for moment, together in groupby(arrivals, key=attrgetter("received_at")):
        while bills and bills[-1].issued_at <= moment:
            bill = bills.pop()
            history.add_invoice(bill, known_at=bill.issued_at)
        batch = to_batch([one.item for one in together], codes=codes)
        past = history.past(batch, decided_at=moment)
        said = check(batch, past=past, terms=terms, decided_at=moment)
        yield from zip((item.item_id for item in batch.items), said, strict=True)
        history.add_batch(batch, known_at=moment, through=history.through + len(batch))


def _disagreements(
    item_id: str, *, code: ExceptionCode, told: Fault, right: Fault
) -> Iterator[Disagreement]:
    for row_id in sorted(right.row_ids - told.row_ids):
        yield Disagreement(code=code, item_id=item_id, row_id=row_id, what="missed")
    for row_id in sorted(told.row_ids - right.row_ids):
        yield Disagreement(code=code, item_id=item_id, row_id=row_id, what="false alarm")
    if told.row_ids == right.row_ids and told.exposure_minor != right.exposure_minor:
        what = f"priced {told.exposure_minor}, true price {right.exposure_minor}"
        yield Disagreement(code=code, item_id=item_id, row_id="(all)", what=what)
