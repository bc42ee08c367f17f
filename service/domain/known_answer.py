"""Items whose right answer is known: shown among the work, they measure how well it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from data.schemas.vocabulary import Verdict


class AnswerSource(StrEnum):
    """How the answer came to be known."""

    NAMED = "named"
    """An approver or administrator said so."""
    AGREED = "agreed"
    """Two people said so, neither knowing of the other."""
    ADJUDICATED = "adjudicated"
    """Two people disagreed, and a third one said what stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAnswer:
    """The right answer on one version of an item; `is_faulty` says that billing it was wrong."""

    id: str
    item_id: str
    item_seq: int
    assessment_id: str
    is_faulty: bool
    source: AnswerSource
    why: str
    named_by_id: str
    at: datetime
    ended_at: datetime | None = None

    def is_matched_by(self, verdict: Verdict) -> bool:
        """Say whether a verdict is right: to bill as it stands, or not to."""
        return self.is_faulty == (verdict is not Verdict.APPROVE)

    def feedback(self, verdict: Verdict) -> str:
        """Tell a person after their verdict how it compares; the case moved no money."""
        truth = "billing it as it stands is wrong" if self.is_faulty else "it may be billed"
        judged = "Right" if self.is_matched_by(verdict) else "Not this time"
        return (
            f"{judged}: this was a practice case whose answer is known, and {truth}. "
            f"{self.why} Nothing was billed by your verdict."
        )
