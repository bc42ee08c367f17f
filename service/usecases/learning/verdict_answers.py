"""What a person's verdict answers: which questions its reason codes settle, and which stay open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from data.schemas.questions import LabelSource, Question, questions_for
from data.schemas.vocabulary import ItemKind, ReasonCode, Verdict

QUESTION_OF_REASON: Mapping[tuple[ReasonCode, ItemKind], Question] = {
    (ReasonCode.DUPLICATE, ItemKind.TIMESHEET): Question.DUPLICATE_TIME,
    (ReasonCode.DUPLICATE, ItemKind.EXPENSE_REPORT): Question.DUPLICATE_EXPENSE,
    (ReasonCode.MISCODED, ItemKind.TIMESHEET): Question.MISCODED_PROJECT,
    (ReasonCode.NARRATIVE_INSUFFICIENT, ItemKind.TIMESHEET): Question.NARRATIVE_INSUFFICIENT,
    (ReasonCode.BLOCK_BILLED, ItemKind.TIMESHEET): Question.BLOCK_BILLING,
    (ReasonCode.NOT_BILLABLE, ItemKind.TIMESHEET): Question.NONBILLABLE_ACTIVITY,
    (ReasonCode.OUT_OF_SCOPE, ItemKind.TIMESHEET): Question.OUT_OF_SCOPE,
}
"""Which hidden fault a reason names, by the kind of item; any other reason names none of them."""


def verdict_answers(
    verdict: Verdict, *, kind: ItemKind, reasons: Iterable[ReasonCode]
) -> dict[Question, bool]:
    """Give what a final verdict says.

    Who approves found none of the faults. Who does not approve names what was found, and says
    nothing of the rest: nobody looks for a second reason once there is a first.
    """
    if verdict is Verdict.APPROVE:
        return dict.fromkeys(questions_for(kind, source=LabelSource.VERDICT), False)
    found = (QUESTION_OF_REASON.get((reason, kind)) for reason in reasons)
    return {Question.ANY_FAULT: True} | {one: True for one in found if one is not None}
