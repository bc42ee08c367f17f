"""Verdicts as they speak of how well people judge, and what was known beside each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from data.schemas.vocabulary import ItemKind, Lane, ReasonCode, ScoreExposure, Verdict

NO_OPINION, PROVED = 0.5, 1.0
"""What a case carries as its doubt where no model spoke, and where a rule proved a fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One final verdict of one person, with what they were told of the models' opinion."""

    decision_id: str
    item_seq: int
    actor_id: str
    kind: ItemKind
    lane: Lane
    amount_minor: int
    currency: str
    doubt: float | None
    """Probability of a fault as it was said of what was judged; None where that is not known."""
    verdict: Verdict
    reason_codes: tuple[ReasonCode, ...]
    opened_at: datetime
    decided_at: datetime
    active_seconds: float
    is_undone: bool = False
    is_first: bool = True
    """Neither a correction of an earlier verdict nor the second one on a large decision."""
    is_bulk: bool = False
    own_verdict: Verdict | None = None
    exposure: ScoreExposure | None = None
    """None where nothing is known of what the person was told."""
    exposure_propensity: float = 1.0
    shown_at: datetime | None = None

    @property
    def finds_fault(self) -> bool:
        """Say whether the person would not bill the item as it stands."""
        return self.verdict is not Verdict.APPROVE

    @property
    def model_finds_fault(self) -> bool | None:
        """Say what the models held likelier; None where a rule proved it, or no model spoke."""
        if self.doubt is None or self.doubt in {NO_OPINION, PROVED}:
            return None
        return self.doubt > NO_OPINION

    @property
    def is_override(self) -> bool | None:
        """Say whether the verdict goes against a proof or the likelier; None without either."""
        if self.doubt is None or self.doubt == NO_OPINION:
            return None
        return self.finds_fault != (self.doubt > NO_OPINION)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindPair:
    """Two verdicts on one item, neither person knowing of the other's."""

    first_actor_id: str
    second_actor_id: str
    first: Verdict
    second: Verdict
    propensity: float
    """Probability with which the second review was drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truths:
    """What is known of item versions whatever one person said, by their number: faulty or not."""

    known: Mapping[int, bool]
    """Every known answer: the truth for whoever meets the item as a practice case."""
    settled: Mapping[int, bool]
    """Without answers that are but the agreement of those who judged first."""

    def of(self, one: Judged) -> bool | None:
        """Give whether the item was faulty, None where it is not known beyond the verdict."""
        truths = self.known if one.lane is Lane.GOLD else self.settled
        return truths.get(one.item_seq)
