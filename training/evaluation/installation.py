"""One installation of a firm's last months: its memory, its desk, its models, its arm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from itertools import count

from data.firm.chance import Chance
from data.firm.dates import months_before
from data.firm.generate import generate_firm
from data.firm.records import FirmSize, Truth
from data.firm.reviewers import draw_reviewers
from data.schemas.assessment import Assessment
from data.schemas.decision import TrainingRow
from data.schemas.items import AnyItem
from data.schemas.questions import LabelSource
from models.assess import assess
from models.bundle import Bundle
from models.codes import Codes
from models.columns import to_batch
from models.past.history import History
from models.terms import Terms
from models.thinning import uniform
from training.evaluation.desk import Desk
from training.evaluation.months import Month
from training.evaluation.weekly import Promises, Train
from training.history_rows import Facts, PastWork, past_work_of
from training.row_columns import RowColumns, columns_of


class Arm(StrEnum):
    """How an installation deals with what it learns."""

    RETRAINED = "retrained weekly"
    FROZEN = "frozen model"
    RULES_ONLY = "rules only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A firm, how many of its last months are lived, and the minutes of all its reviewers."""

    size: FirmSize
    live_months: int
    minutes_a_day: float

    @property
    def live_from(self) -> datetime:
        """The first moment of the months that are lived."""
        first_day = months_before(self.size.end, months=self.live_months)
        return datetime.combine(first_day, time(0, tzinfo=UTC))

    @property
    def ends(self) -> datetime:
        """The last moment of them."""
        return datetime.combine(self.size.end + timedelta(days=1), time(0, tzinfo=UTC))


@dataclass(slots=True, kw_only=True)
class Installation:
    """One arm at work: its memory, its model, its desk and what it has learned."""

    arm: Arm
    truth: Mapping[str, Truth]
    train: Train
    desk: Desk
    facts: Facts
    history: History
    terms: Terms
    codes: Codes
    rows: list[TrainingRow] = field(default_factory=list)
    """Since the last training; `known` holds those before."""
    known: RowColumns = field(default_factory=lambda: columns_of([]))
    bundle: Bundle | None = None
    trained_at: datetime | None = None
    promises: Promises = field(default_factory=Promises)
    verdicts: list[tuple[AnyItem, bool]] = field(default_factory=list)
    """Given since the last assessment; they count from the next one on."""
    months: dict[str, Month] = field(default_factory=lambda: defaultdict(Month))
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def is_learning(self) -> bool:
        """Whether a model will be made of what is told now."""
        return self.arm is Arm.RETRAINED or (self.arm is Arm.FROZEN and self.bundle is None)

    def learn(self, *, until: datetime) -> None:
        """Learn what became known, and the verdicts given since the last assessment."""
        self.facts.tell(self.history, terms=self.terms, until=until)
        for item, is_fault in self.verdicts:
            client = self.terms.client_of_contract(item.contract_id)
            if client is not None:
                self.history.add_verdict(
                    item, client_id=client.id, is_violation=is_fault, known_at=until
                )
        self.verdicts.clear()

    def assess(self, items: Sequence[AnyItem], *, now: datetime, salt: str) -> list[Assessment]:
        """Assess what arrived with the bundle in force, and remember it; `salt` names the coin."""
        batch = to_batch(items, codes=self.codes)
        said = assess(
            batch,
            history=self.history,
            terms=self.terms,
            bundle=self.bundle,
            decided_at=now,
            coin=lambda name: uniform(name, salt=salt),
            new_id=lambda: f"A-{next(self.numbers):07d}",
            cleared=self.promises.cleared,
            frozen=self.promises.frozen(self.bundle),
        )
        self.history.add_batch(batch, known_at=now, through=self.history.through + len(batch))
        return said


def open_installation(life: Life, *, arm: Arm, train: Train) -> tuple[PastWork, Installation]:
    """Generate the firm and put an arm to its work; give what arrives, and the installation."""
    firm = generate_firm(life.size)
    work = _without_live_verdicts(past_work_of(firm), live_from=life.live_from)
    codes = Codes()
    reviewers = draw_reviewers(
        len(work.submissions),
        practice=life.size.practice,
        chance=Chance("verdicts", seed=life.size.seed),
    )
    return work, Installation(
        arm=arm,
        truth=firm.truth,
        train=train,
        desk=Desk(
            reviewers=reviewers,
            minutes_a_day=life.minutes_a_day,
            truth=firm.truth,
            seed=life.size.seed,
        ),
        facts=Facts(work, cut=life.ends),
        history=History(codes=codes),
        terms=Terms.build(work.reference, codes=codes),
        codes=codes,
    )


def _without_live_verdicts(work: PastWork, *, live_from: datetime) -> PastWork:
    """What came before the live months was read by the firm's own reviewers, to the last item."""
    earlier = {item.item_id for received_at, item in work.submissions if received_at < live_from}
    labels = tuple(
        one for one in work.labels if one.source is LabelSource.OUTCOME or one.item_id in earlier
    )
    return replace(work, labels=labels)
