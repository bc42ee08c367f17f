"""Reads of cases that have something in common: unfinished ones, and decided ones as examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, false, func, or_, select

from data.schemas.assessment import SCORES_OF_ITEMS, Assessment
from data.schemas.catalogue import ExceptionCode
from data.schemas.decision import Decision
from data.schemas.vocabulary import FINAL_VERDICTS, PostingStatus
from service.domain.wall import Wall
from service.store.case_rows import case_number
from service.store.case_screens import case_summaries, cases_with_assessments
from service.store.cases import EFFECT_FREE, FINISHED
from service.store.decisions import is_no_mere_opinion, is_not_undone
from service.store.tables import decision, posting, review_case
from service.store.walls import within
from service.wire.known_cases import (
    RelativePage,
    RelativeView,
    Shared,
    SimilarCase,
    SimilarPage,
)

LOOKED_AT = 200
"""Newest cases of the same client, person or project that are compared."""
NEWEST_NUMBERS = 2_000
"""A finding alone is looked for among the newest cases only: it stands inside the assessment."""
RELATIVES_SHOWN, SIMILAR_SHOWN = 20, 5
OUTCOMES: dict[PostingStatus, str] = {
    PostingStatus.PENDING: "its bill is on its way to the ledger",
    PostingStatus.DONE: "billed",
    PostingStatus.CANCELLED: "its bill was cancelled",
    PostingStatus.REFUSED: "the ledger refused its bill",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Of:
    """The case whose kin is looked for."""

    row: Row[Any]
    codes: frozenset[ExceptionCode]

    def shares(self, row: Row[Any]) -> tuple[Shared, ...]:
        """Say what another case has in common with it."""
        found: list[Shared] = []
        if row.client_id == self.row.client_id:
            found.append("client")
        if row.project_id is not None and row.project_id == self.row.project_id:
            found.append("project")
        if row.person_id is not None and row.person_id == self.row.person_id:
            found.append("person")
        if self.codes & _codes(row):
            found.append("finding")
        return tuple(found)


def relatives_of(case_id: str, *, wall: Wall, connection: Connection) -> RelativePage | None:
    """Give the unfinished cases that share something with a case, most in common first."""
    one = _find(case_id, wall=wall, connection=connection)
    if one is None:
        return None
    rows = _kin(one, review_case.c.status.not_in(FINISHED), wall=wall, connection=connection)
    best = _most_in_common(rows, one)[:RELATIVES_SHOWN]
    cases = case_summaries(best, connection)
    return RelativePage(
        relatives=tuple(
            RelativeView(case=case, shares=one.shares(row))
            for row, case in zip(best, cases, strict=True)
        )
    )


def similar_to(case_id: str, *, wall: Wall, connection: Connection) -> SimilarPage | None:
    """Give the newest decided cases that are most like a case, with what became of them."""
    one = _find(case_id, wall=wall, connection=connection)
    if one is None:
        return None
    is_decided = review_case.c.status == "decided"
    rows = _kin(one, is_decided, wall=wall, connection=connection)
    best = _most_in_common(rows, one)[:SIMILAR_SHOWN]
    return SimilarPage(similar=tuple(_examples(best, one, connection)))


def _find(case_id: str, *, wall: Wall, connection: Connection) -> _Of | None:
    query = cases_with_assessments().where(review_case.c.number == case_number(case_id))
    row = connection.execute(within(query, review_case, wall)).one_or_none()
    return None if row is None else _Of(row=row, codes=_codes(row))


def _kin(
    one: _Of, wanted: ColumnElement[bool], *, wall: Wall, connection: Connection
) -> list[Row[Any]]:
    base = (
        within(cases_with_assessments(), review_case, wall)
        .where(
            wanted,
            review_case.c.lane.not_in(EFFECT_FREE),
            review_case.c.item_id != one.row.item_id,
        )
        .order_by(review_case.c.number.desc())
        .limit(LOOKED_AT)
    )
    near = connection.execute(base.where(_shares_a_name(one))).all()
    known = {row.number for row in near}
    alike = [row for row in connection.execute(_by_finding(base, one)) if row.number not in known]
    return [*near, *alike]


def _shares_a_name(one: _Of) -> ColumnElement[bool]:
    row, c = one.row, review_case.c
    names = [c.client_id == row.client_id]
    if row.person_id is not None:
        names.append(c.person_id == row.person_id)
    return or_(*names)


def _by_finding(base: Select[Any], one: _Of) -> Select[Any]:
    newest = select(func.max(review_case.c.number) - NEWEST_NUMBERS).scalar_subquery()
    said = base.selected_columns.said
    codes = [said.contains(f'"code":"{code.value}"') for code in sorted(one.codes)]
    return base.where(review_case.c.number > newest, or_(false(), *codes))


def _most_in_common(rows: Sequence[Row[Any]], one: _Of) -> list[Row[Any]]:
    shared = [row for row in rows if one.shares(row)]
    return sorted(shared, key=lambda row: (-len(one.shares(row)), -row.number))


def _examples(rows: Sequence[Row[Any]], one: _Of, connection: Connection) -> Iterator[SimilarCase]:
    decided = _decisions([row.number for row in rows], connection)
    for row, case in zip(rows, case_summaries(rows, connection), strict=True):
        if row.number not in decided:
            continue
        body, posted = decided[row.number]
        verdict = Decision.model_validate_json(body)
        yield SimilarCase(
            case_id=case.id,
            title=case.title,
            shares=one.shares(row),
            verdict=verdict.verdict,
            reason_codes=verdict.reason_codes,
            approved_minor=verdict.approved_minor,
            amount_minor=case.amount_minor,
            currency=case.currency,
            decided_at=verdict.decided_at,
            outcome="not billed" if posted is None else OUTCOMES[PostingStatus(posted)],
        )


def _decisions(numbers: Sequence[int], connection: Connection) -> dict[int, tuple[str, str | None]]:
    """The decision in force on each case, and how its bill fares."""
    query = (
        select(decision.c.case_number, decision.c.body, posting.c.status)
        .outerjoin(posting, posting.c.decision_id == decision.c.id)
        .where(
            decision.c.case_number.in_(numbers),
            decision.c.verdict.in_([one.value for one in FINAL_VERDICTS]),
            is_not_undone(),
            is_no_mere_opinion(),
        )
        .order_by(decision.c.decided_at, decision.c.id)
    )
    return {row.case_number: (row.body, row.status) for row in connection.execute(query)}


def _codes(row: Row[Any]) -> frozenset[ExceptionCode]:
    said = Assessment.model_validate_json(row.said)
    return frozenset(one.code for one in said.findings) - SCORES_OF_ITEMS
