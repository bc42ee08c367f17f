"""The audit trail, folded for training: who said what of each assessment, and what is in force.

Everybody who judged an assessment by itself is a rater of it: the one who decided, a second person
who did not know of it, and a third who ruled between them. No label is what was decided in bulk
or by policy, and what was said of a practice case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from data.schemas.vocabulary import FINAL_VERDICTS, AuditEvent, Lane, Verdict
from service.domain.actor import POLICY
from service.domain.queue import EFFECT_FREE
from service.ports.stores import UnitOfWork

VERDICTS = (
    AuditEvent.CASE_DECIDED,
    AuditEvent.DECISION_CORRECTED,
    AuditEvent.SECOND_SIGNATURE_GIVEN,
    AuditEvent.CASE_ADJUDICATED,
)
"""Entries that carry a verdict."""
Body = Mapping[str, Any]


@dataclass(slots=True)
class TrailOfVerdicts:
    """What was assessed, and every final verdict of each assessment, oldest first."""

    assessed: dict[str, str] = field(default_factory=dict)
    """The hash that the trail vouches for, by assessment."""
    _said: dict[str, list[Body]] = field(default_factory=lambda: defaultdict(list))
    _gone: set[str] = field(default_factory=set)
    """Decisions that were undone, or that a later one took the place of."""
    _repeats: set[str] = field(default_factory=set)
    """Decisions on blind repeats."""

    @classmethod
    def read(cls, uow: UnitOfWork) -> TrailOfVerdicts:
        """Fold the whole trail."""
        trail = cls()
        for body in uow.audit.entries(
            AuditEvent.ITEM_ASSESSED, AuditEvent.DECISION_UNDONE, *VERDICTS
        ):
            trail._follow(body)
        return trail

    def labels_of(self, assessment_id: str) -> Sequence[Body]:
        """Give the verdicts that are labels of an assessment, oldest first."""
        return [body for body in self._standing(assessment_id) if _is_label(body)]

    def verdict_in_force(self, assessment_id: str) -> Verdict | None:
        """Give what the item is billed, or not billed, by; None where nobody decided."""
        having_effect = [body for body in self._standing(assessment_id) if self._has_effect(body)]
        return Verdict(having_effect[-1]["facts"]["verdict"]) if having_effect else None

    def _follow(self, body: Body) -> None:
        facts = body["facts"]
        match body["event"]:
            case AuditEvent.ITEM_ASSESSED:
                self.assessed[facts["assessment"]] = facts["assessment_sha256"]
            case AuditEvent.DECISION_UNDONE:
                self._gone.add(facts["decision"])
            case _ if "verdict" in facts and Verdict(facts["verdict"]) in FINAL_VERDICTS:
                self._said[facts["assessment"]].append(body)
                self._note_place(body)
            case _:
                pass

    def _note_place(self, body: Body) -> None:
        facts = body["facts"]
        if body["event"] == AuditEvent.CASE_ADJUDICATED:
            return
        if Lane(facts["lane"]) in EFFECT_FREE:
            self._repeats.add(facts["decision"])
        if facts.get("supersedes") is not None:
            self._gone.add(facts["supersedes"])

    def _standing(self, assessment_id: str) -> list[Body]:
        return [
            body
            for body in self._said.get(assessment_id, ())
            if body["facts"]["decision"] not in self._gone
        ]

    def _has_effect(self, body: Body) -> bool:
        facts = body["facts"]
        if body["event"] == AuditEvent.SECOND_SIGNATURE_GIVEN:
            return False
        judged = facts["second"] if body["event"] == AuditEvent.CASE_ADJUDICATED else None
        return (judged or facts["decision"]) not in self._repeats


def _is_label(body: Body) -> bool:
    facts = body["facts"]
    is_practice = Lane(facts["lane"]) is Lane.GOLD
    return facts.get("bulk") is None and body["actor"] != POLICY.id and not is_practice
