"""The certified head: a head of any fault, joined with one for each kind of hidden fault.

A fault of any kind is rare, and its kinds show themselves by different things. A head of one kind
learns what its own sign looks like and a head of any fault learns what they share; together they
rank better than either. The heads of kinds are its own: they learn from no label that tests the
certificate, and stay as they are when a head that people read is left out of a bundle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from pydantic import field_validator

from data.schemas.questions import ASKED, Question
from data.schemas.values import ContradictionError, Probability, Record
from models.boosting import Head
from models.columns import Floats

REST = Question.ANY_FAULT
"""Among kinds: a fault of no kind that has a question of its own, or too seldom seen for a head."""
EDGE = 1e-9
"""Keeps log-odds finite."""


class JoinDocument(Record):
    """What the certified head listens to beside its own trees: those of kinds of hidden faults."""

    kinds: tuple[Question, ...]
    weight: Probability
    """The part of the kinds in the margin."""

    @field_validator("kinds")
    @classmethod
    def _are_hidden_faults(cls, kinds: tuple[Question, ...]) -> tuple[Question, ...]:
        if not kinds or len(set(kinds)) < len(kinds):
            raise ContradictionError("names a kind twice or none", field="kinds", value=kinds)
        if not all(ASKED[one].is_hidden_fault or one is REST for one in kinds):
            raise ContradictionError("names no hidden fault", field="kinds", value=kinds)
        return kinds


@dataclass(frozen=True, kw_only=True)
class JoinedHead(Head):
    """A head whose margin is partly that of at least one kind of fault, if kinds are independent.

    `kinds_weight` of the margin is the kinds'. Each head obeys its signs and the weights are not
    negative, so the sum obeys them as well.
    """

    kinds: Mapping[Question, Head]
    kinds_weight: float

    def scores(self, rows: Floats) -> Floats:
        """Give raw probabilities, before calibration."""
        if len(rows) == 0:
            return np.empty(0)
        own = log_odds(Head.scores(self, rows))
        found = log_odds(any_of(self._of_kinds(rows)))
        margin = (1.0 - self.kinds_weight) * own + self.kinds_weight * found
        result: Floats = 1.0 / (1.0 + np.exp(-margin))
        return result

    def contributions(self, rows: Floats) -> Floats:
        """Give each feature's change of the log-odds, without the base value.

        Log-odds of the kinds do not add up; each counts by its part in the chance of any, which is
        how far the joined log-odds move with its own.
        """
        own = Head.contributions(self, rows)
        if len(rows) == 0:
            return own
        of_kinds = self._of_kinds(rows)
        part = of_kinds / np.maximum(any_of(of_kinds), EDGE)[:, None]
        told = np.zeros_like(own)
        for column, head in enumerate(self.kinds.values()):
            told += part[:, [column]] * head.contributions(rows)
        result: Floats = (1.0 - self.kinds_weight) * own + self.kinds_weight * told
        return result

    def _of_kinds(self, rows: Floats) -> Floats:
        """Give the probability of each kind (rows, kinds)."""
        return np.column_stack([head.probabilities(rows) for head in self.kinds.values()])


def join(own: Head, *, kinds: Mapping[Question, Head], kinds_weight: float) -> Head:
    """Join a head with those of kinds, keeping its curve; it stands alone without kinds."""
    if not kinds or kinds_weight == 0.0:
        return own
    return JoinedHead(
        features=own.features,
        booster=own.booster,
        calibrator=own.calibrator,
        line=own.line,
        line_weight=own.line_weight,
        kinds=dict(kinds),
        kinds_weight=kinds_weight,
    )


def kinds_of(head: Head) -> Mapping[Question, Head]:
    """Give the heads of kinds that a head is joined with, none for one that stands alone."""
    return head.kinds if isinstance(head, JoinedHead) else {}


def join_document_of(head: Head) -> JoinDocument | None:
    """Write down how a head is joined, None for one that stands alone."""
    if not isinstance(head, JoinedHead):
        return None
    return JoinDocument(kinds=tuple(head.kinds), weight=head.kinds_weight)


def any_of(of_kinds: Floats) -> Floats:
    """Give the chance of at least one kind, from that of each (rows, kinds)."""
    result: Floats = 1.0 - np.prod(1.0 - of_kinds, axis=1)
    return result


def log_odds(probability: Floats) -> Floats:
    """Give log-odds."""
    inside = np.clip(probability, EDGE, 1.0 - EDGE)
    result: Floats = np.log(inside) - np.log1p(-inside)
    return result
