"""What models are asked about an item: one head, one kind of label and one truth for each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from data.schemas.billing import DisputeReason
from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import ItemKind


class LabelSource(StrEnum):
    """Verdicts and outcomes are kept apart: people err, invoices do not."""

    VERDICT = "verdict"
    OUTCOME = "outcome"


class Question(StrEnum):
    """A yes-or-no question about an item, named by what is true if the answer is yes."""

    ANY_FAULT = "any_fault"
    DUPLICATE_TIME = "duplicate_time"
    NARRATIVE_INSUFFICIENT = "narrative_insufficient"
    BLOCK_BILLING = "block_billing"
    NONBILLABLE_ACTIVITY = "nonbillable_activity"
    OUT_OF_SCOPE = "out_of_scope"
    MISCODED_PROJECT = "miscoded_project"
    DUPLICATE_EXPENSE = "duplicate_expense"
    WRITE_OFF = "write_off"
    DISPUTED_REFERENCE = "disputed_reference"
    DISPUTED_PRICE = "disputed_price"
    DISPUTED_QUANTITY = "disputed_quantity"
    DISPUTED_ITEM = "disputed_item"
    DISPUTED_QUALITY = "disputed_quality"
    MISSED_CUT_OFF = "missed_cut_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who answers a question in the end, of which items it is asked, and what a yes is called."""

    question: Question
    code: ExceptionCode
    source: LabelSource
    kinds: frozenset[ItemKind]
    reason: DisputeReason | None = None

    @property
    def is_hidden_fault(self) -> bool:
        """Whether it asks for one kind of fault that a full review finds and no rule proves."""
        return self.source is LabelSource.VERDICT and self.question is not Question.ANY_FAULT


_SHEETS = frozenset({ItemKind.TIMESHEET})
_EXPENSES = frozenset({ItemKind.EXPENSE_REPORT})
_ALL = frozenset(ItemKind)
_VERDICT, _OUTCOME = LabelSource.VERDICT, LabelSource.OUTCOME
_Q, _C = Question, ExceptionCode


def _asked(
    question: Question,
    code: ExceptionCode,
    source: LabelSource,
    kinds: frozenset[ItemKind],
    reason: DisputeReason | None = None,
) -> Asked:
    return Asked(question=question, code=code, source=source, kinds=kinds, reason=reason)


ASKED: dict[Question, Asked] = {
    one.question: one
    for one in (
        _asked(_Q.ANY_FAULT, _C.LIKELY_VIOLATION, _VERDICT, _ALL),
        _asked(_Q.DUPLICATE_TIME, _C.DUPLICATE_TIME_ENTRY, _VERDICT, _SHEETS),
        _asked(_Q.NARRATIVE_INSUFFICIENT, _C.NARRATIVE_INSUFFICIENT, _VERDICT, _SHEETS),
        _asked(_Q.BLOCK_BILLING, _C.BLOCK_BILLING, _VERDICT, _SHEETS),
        _asked(_Q.NONBILLABLE_ACTIVITY, _C.NONBILLABLE_ACTIVITY_BILLED, _VERDICT, _SHEETS),
        _asked(_Q.OUT_OF_SCOPE, _C.OUT_OF_SCOPE_WORK, _VERDICT, _SHEETS),
        _asked(_Q.MISCODED_PROJECT, _C.MISCODED_PROJECT, _VERDICT, _SHEETS),
        _asked(_Q.DUPLICATE_EXPENSE, _C.EXPENSE_DUPLICATE, _VERDICT, _EXPENSES),
        _asked(_Q.WRITE_OFF, _C.LIKELY_WRITE_OFF, _OUTCOME, _ALL),
        *(
            _asked(question, _C.LIKELY_CLIENT_DISPUTE, _OUTCOME, _ALL, reason)
            for question, reason in (
                (_Q.DISPUTED_REFERENCE, DisputeReason.REFERENCE),
                (_Q.DISPUTED_PRICE, DisputeReason.PRICE),
                (_Q.DISPUTED_QUANTITY, DisputeReason.QUANTITY),
                (_Q.DISPUTED_ITEM, DisputeReason.ITEM),
                (_Q.DISPUTED_QUALITY, DisputeReason.QUALITY),
            )
        ),
        _asked(_Q.MISSED_CUT_OFF, _C.INVOICE_DELAY_RISK, _OUTCOME, _ALL),
    )
}
"""Every question, in the order in which heads are fitted, stored and shown."""

QUESTION_OF_REASON: dict[DisputeReason, Question] = {
    one.reason: one.question for one in ASKED.values() if one.reason is not None
}


def questions_for(kind: ItemKind, *, source: LabelSource | None = None) -> tuple[Question, ...]:
    """Give the questions asked of a kind of item, answered by one source or by any."""
    return tuple(
        one.question for one in ASKED.values() if kind in one.kinds and source in {None, one.source}
    )
