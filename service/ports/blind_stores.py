"""What is kept of blind work: what people were told, and the items whose answer is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from data.schemas.vocabulary import ItemKind, Verdict
from service.domain.actor import Actor
from service.domain.case import Case
from service.domain.exposure import Exposure
from service.domain.known_answer import KnownAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCount:
    """Verdicts on cases with a known answer: how many, and how many of them wrong."""

    wrong: int
    known: int


class ExposureStore(Protocol):
    """What each person was told of each assessment: appended, never changed."""

    def find(self, case: Case, *, actor_id: str) -> Exposure | None:
        """Give what a person was told of the case as it is assessed now."""
        ...

    def of_assessment(self, assessment_id: str, *, actor_id: str) -> Exposure | None:
        """Give what a person was told last of an assessment, in whichever case they met it."""
        ...

    def add(self, exposure: Exposure) -> Exposure:
        """Append what a person is told, and give it with its id."""
        ...

    def add_own_call(self, exposure: Exposure, *, verdict: Verdict, at: datetime) -> None:
        """Append what the person would do, before they are told."""
        ...


class KnownAnswerStore(Protocol):
    """Known answers: appended, and ended by an entry beside them."""

    def add(self, answer: KnownAnswer) -> bool:
        """Append a known answer; says False where the item version has one already."""
        ...

    def get(self, answer_id: str) -> KnownAnswer | None:
        """Give a known answer."""
        ...

    def of_item(self, item_seq: int) -> KnownAnswer | None:
        """Give the known answer of a version of an item, in force or ended."""
        ...

    def in_force(self) -> list[KnownAnswer]:
        """Give every known answer in force, newest first."""
        ...

    def end(self, answer_id: str, *, by_id: str, at: datetime) -> None:
        """Append that an answer is shown no more."""
        ...

    def new_to(self, actor: Actor) -> list[KnownAnswer]:
        """Give the answers in force on items this person may see, never judged and never saw."""
        ...

    def count_shown_to(self, actor_id: str) -> int:
        """Count the known answers a person was given."""
        ...

    def met(self) -> dict[int, ErrorCount]:
        """Count the verdicts on each known answer, by the version of its item."""
        ...

    def errors(self, *, is_trainee: bool) -> Mapping[ItemKind, ErrorCount]:
        """Count the newest verdicts of a group of reviewers on known answers, by kind."""
        ...
