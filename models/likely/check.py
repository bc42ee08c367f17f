"""What is likely wrong with a batch of items: every documented baseline, in catalogue order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from data.schemas.assessment import Finding
from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import Severity
from models.likely import (
    corrections,
    disputes,
    expenses,
    funds,
    milestones,
    narratives,
    projects,
    repeats,
    scope,
)
from models.likely.money import expected_loss_minor
from models.reporting_currency import reporting_minor
from models.rules.facts import Facts
from models.rules.hits import Hits, Rule, to_findings
from models.rules.only_where import with_entries, with_expenses, with_milestones

LIKELY: tuple[tuple[ExceptionCode, Rule], ...] = (
    (ExceptionCode.FUNDING_NOTICE_DUE, with_entries(funds.funding_notice_forecast)),
    (ExceptionCode.DUPLICATE_TIME_ENTRY, with_entries(repeats.near_duplicate_time_entry)),
    (ExceptionCode.NARRATIVE_INSUFFICIENT, with_entries(narratives.vague_narrative)),
    (ExceptionCode.BLOCK_BILLING, with_entries(narratives.block_billing)),
    (ExceptionCode.NONBILLABLE_ACTIVITY_BILLED, with_entries(scope.unpaid_words)),
    (ExceptionCode.OUT_OF_SCOPE_WORK, with_entries(scope.far_from_scope)),
    (ExceptionCode.MISCODED_PROJECT, with_entries(projects.miscoded_project)),
    (ExceptionCode.LIKELY_WRITE_OFF, corrections.likely_write_off),
    (ExceptionCode.LIKELY_CLIENT_DISPUTE, with_entries(disputes.line_dispute)),
    (ExceptionCode.LIKELY_CLIENT_DISPUTE, with_milestones(disputes.milestone_dispute)),
    (ExceptionCode.EXPENSE_DUPLICATE, with_expenses(expenses.likely_expense_duplicate)),
    (ExceptionCode.MILESTONE_LATE_PENALTY, with_milestones(milestones.forecast_late)),
)
"""Every baseline in the order of the catalogue; `docs/likely.md` says each formula."""

REVIEW_COST_REPORTING_MINOR = 500.0
"""Five minutes of a person at 60.00 an hour: a suspicion that costs less to be wrong about is a
note, and sends no item to a person."""


def suspect(
    facts: Facts, *, proved: Sequence[Sequence[Finding]]
) -> tuple[tuple[Finding, ...], ...]:
    """Give what is likely wrong with each item, each finding with a probability below one.

    Rows on which a rule proved the same code are left to the rule. A finding below high severity
    whose expected loss is less than a review costs is given as a note, of low severity.
    """
    found: list[list[Finding]] = [[] for _ in range(len(facts.batch))]
    known = _proved_rows(proved)
    for code, likely in LIKELY:
        hits = _without(likely(facts), code, known=known)
        for item, finding in to_findings(code, hits, facts=facts):
            found[item].append(weighed(finding, currency=str(facts.batch.currency[item])))
    return tuple(tuple(findings) for findings in found)


def _proved_rows(
    proved: Sequence[Sequence[Finding]],
) -> dict[tuple[ExceptionCode, int], set[str]]:
    known: dict[tuple[ExceptionCode, int], set[str]] = {}
    for item, findings in enumerate(proved):
        for finding in findings:
            rows = known.setdefault((finding.code, item), set())
            rows.update(row.row_id for row in finding.evidence)
    return known


def _without(
    hits: Hits, code: ExceptionCode, *, known: dict[tuple[ExceptionCode, int], set[str]]
) -> Hits:
    """The hits on rows that no rule has proved the code on."""
    kept = np.array(
        [
            place
            for place, item in enumerate(hits.item.tolist())
            if hits.row_id[place] not in known.get((code, item), ())
        ],
        dtype=np.int64,
    )
    if len(kept) == len(hits):
        return hits
    return replace(
        hits,
        item=hits.item[kept],
        row_id=hits.row_id[kept],
        clause=hits.clause[kept],
        exposure_minor=hits.exposure_minor[kept],
        is_critical=hits.is_critical[kept],
        probability=None if hits.probability is None else hits.probability[kept],
        evidence=lambda place: hits.evidence(int(kept[place])),
    )


def weighed(finding: Finding, *, currency: str) -> Finding:
    """Give the finding, as a note if being wrong about it costs less than to look."""
    if finding.severity in {Severity.CRITICAL, Severity.HIGH}:
        return finding
    loss_minor = round(expected_loss_minor(finding))
    loss = reporting_minor(loss_minor, currency=currency)
    if loss is not None and loss <= REVIEW_COST_REPORTING_MINOR:
        return finding.model_copy(update={"severity": Severity.LOW})
    return finding
