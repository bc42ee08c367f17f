"""The word of a head as a finding: its probability, the rows it speaks of, and what is at stake."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from data.schemas.assessment import EvidenceRow, Finding, Reason
from data.schemas.catalogue import CATALOGUE, ExceptionCode
from data.schemas.items import AnyItem, ExpenseReport, Timesheet
from data.schemas.questions import ASKED, Question
from data.schemas.vocabulary import Proof
from models.likely.check import weighed
from models.likely.money import WEIGHED_ALREADY
from models.model_findings import evidence_of
from models.stakes import stake_minor
from models.words_model.model import WordsModel

LONGEST_QUOTE = 120
OF_THE_ITEM = frozenset({ExceptionCode.LIKELY_WRITE_OFF, ExceptionCode.LIKELY_CLIENT_DISPUTE})
"""Codes that speak of all of an item; any other speaks of a row of it."""


def head_finding(
    question: Question,
    *,
    probability: float,
    item: AnyItem,
    baseline: Finding | None,
    reasons: Sequence[Reason],
    usual: dict[str, float | None],
    words: WordsModel | None,
) -> Finding:
    """Give the finding of a head that says yes.

    Where the documented baseline had found rows, they stay as evidence with their money, under the
    head's probability. Else the row whose words say it most stands there, or the item.
    """
    code = ASKED[question].code
    if baseline is not None:
        own = _repriced(baseline, probability=probability)
    else:
        own = (_row(question, item=item, probability=probability, words=words),)
    finding = Finding(
        code=code,
        severity=CATALOGUE[code].severity,
        proof=Proof.MODEL,
        probability=probability,
        clause_id=None if baseline is None else baseline.clause_id,
        summary=_summary(question, probability=probability),
        evidence=(*own, *evidence_of(reasons, item_id=item.item_id, usual=usual)),
        exposure_minor=sum(row.exposure_minor for row in own),
    )
    return weighed(finding, currency=item.currency)


def _summary(question: Question, *, probability: float) -> str:
    asked = ASKED[question]
    about = "" if asked.reason is None else f", over {asked.reason.value.replace('_', ' ')}"
    return f"{CATALOGUE[asked.code].title}{about}: likely with a probability of {probability:.0%}"


def _repriced(baseline: Finding, *, probability: float) -> tuple[EvidenceRow, ...]:
    """The rows of the baseline; an expected loss is weighed by the new probability instead."""
    is_weighed = baseline.code in WEIGHED_ALREADY and baseline.probability > 0
    scale = probability / baseline.probability if is_weighed else 1.0
    return tuple(
        row.model_copy(update={"exposure_minor": round(row.exposure_minor * scale)})
        for row in baseline.evidence
    )


def _row(
    question: Question, *, item: AnyItem, probability: float, words: WordsModel | None
) -> EvidenceRow:
    code = ASKED[question].code
    amount_minor, row_id, quote = _spoken_of(question, item=item, words=words)
    return EvidenceRow(
        row_id=row_id,
        field="item" if quote is None else "narrative",
        actual=f"Likely with a probability of {probability:.0%}" if quote is None else quote,
        expected="None of this kind",
        exposure_minor=stake_minor(code, amount_minor=amount_minor, probability=probability),
    )


def _spoken_of(
    question: Question, *, item: AnyItem, words: WordsModel | None
) -> tuple[int, str, str | None]:
    """The amount, the row and its words; where no row is known, an average row of the item."""
    if ASKED[question].code in OF_THE_ITEM:
        return item.amount_minor, item.item_id, None
    if isinstance(item, ExpenseReport):
        return item.amount_minor // len(item.expenses), item.item_id, None
    if not isinstance(item, Timesheet):
        return item.amount_minor, item.item_id, None
    if words is None or question not in words.document.questions:
        return item.amount_minor // len(item.entries), item.item_id, None
    margins = words.margins([entry.narrative for entry in item.entries])
    entry = item.entries[int(np.argmax(margins[:, words.document.questions.index(question)]))]
    return entry.amount_minor, entry.id, entry.narrative[:LONGEST_QUOTE] or None
