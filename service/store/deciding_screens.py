"""Reads of what waits for another person, of bulks, and of moved time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, select

from data.schemas.decision import Decision
from data.schemas.values import minor_per_major
from data.schemas.vocabulary import CaseStatus, Lane, TransferStatus
from service.domain.wall import Wall
from service.ports.deciding_screens import AwaitedCase
from service.store.bulks import bulk_of_row
from service.store.case_screens import case_summaries, cases_with_assessments
from service.store.cases import case_name
from service.store.cursors import newest_behind
from service.store.decision_screens import decision_views, decisions_query
from service.store.decisions import is_not_undone
from service.store.desk_tables import bulk, bulk_revert, transfer
from service.store.display_names import account_names, names_of
from service.store.tables import decision, item, review_case
from service.store.walls import within
from service.wire.cases import CaseSummary, DecisionView
from service.wire.deciding import BulkPage, BulkView, TransferPage, TransferView

AWAITED = (CaseStatus.AWAITING_SIGNATURE.value, CaseStatus.AWAITING_ADJUDICATION.value)
BLIND_RULE = "two people judged the item, neither knowing of the other, and came to different ends"
SECONDS_A_DAY = 86_400.0


class SqlDecidingScreens:
    """Answers from a reading engine; a reader never waits for the writer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def awaited(
        self, *, wall: Wall, now: datetime, limit: int, undo_window: timedelta
    ) -> tuple[AwaitedCase, ...]:
        """Give the cases that wait for a second or a third person, most money times age first."""
        query = cases_with_assessments().where(review_case.c.status.in_(AWAITED))
        query = within(query, review_case, wall).order_by(review_case.c.amount_minor.desc())
        with self._engine.connect() as connection:
            rows = connection.execute(query.limit(limit)).all()
            spoken = _spoken(rows, connection)
            words = [_words(row, spoken) for row in rows]
            told = _told(rows, words, connection, undo_window=undo_window, now=now)
            cases = case_summaries(rows, connection)
            found = [
                _awaited(row, case, said, told)
                for row, case, said in zip(rows, cases, words, strict=True)
            ]
        return tuple(sorted(found, key=lambda one: -_weight(one, now=now)))

    def bulk_page(
        self,
        *,
        actor_id: str | None,
        cursor: str | None,
        limit: int,
        undo_window: timedelta,
        now: datetime,
    ) -> BulkPage:
        """Give one page of bulks, newest first."""
        query = (
            select(bulk, bulk_revert.c.at.label("reverted_at"))
            .outerjoin(bulk_revert, bulk_revert.c.bulk_id == bulk.c.id)
            .limit(limit + 1)
        )
        if actor_id is not None:
            query = query.where(bulk.c.actor_id == actor_id)
        with self._engine.connect() as connection:
            behind = newest_behind(
                query, cursor, order=(bulk.c.at, bulk.c.id), connection=connection
            )
            rows = connection.execute(behind).all()
        shown = rows[:limit]
        return BulkPage(
            bulks=tuple(_bulk_view(row, undo_window=undo_window, now=now) for row in shown),
            next_cursor=shown[-1].id if len(rows) > limit else None,
        )

    def transfer_page(
        self, *, status: TransferStatus | None, wall: Wall, cursor: str | None, limit: int
    ) -> TransferPage:
        """Give one page of moved minutes, oldest first."""
        query = (
            select(transfer, decision.c.case_number, item.c.contract_id, item.c.line_id)
            .join(decision, decision.c.id == transfer.c.decision_id)
            .join(review_case, review_case.c.number == decision.c.case_number)
            .join(item, item.c.seq == review_case.c.item_seq)
            .order_by(transfer.c.id)
            .limit(limit + 1)
        )
        if status is not None:
            query = query.where(transfer.c.status == status.value)
        if cursor is not None:
            query = query.where(transfer.c.id > cursor)
        with self._engine.connect() as connection:
            rows = connection.execute(within(query, transfer, wall)).all()
            shown = rows[:limit]
            names = names_of("contracts", {row.to_contract_id for row in shown}, connection)
            people = account_names(
                {row.settled_by_id for row in shown if row.settled_by_id}, connection
            )
        views = tuple(_transfer_view(row, names=names, people=people) for row in shown)
        return TransferPage(
            transfers=views, next_cursor=views[-1].id if len(rows) > limit else None
        )


def _spoken(rows: Sequence[Row[Any]], connection: Connection) -> dict[int, list[Decision]]:
    """The decisions that stand on these cases, and on those they repeat, oldest first."""
    numbers = {row.number for row in rows} | {row.repeats_number for row in rows}
    query = (
        select(decision.c.case_number, decision.c.body)
        .where(decision.c.case_number.in_(numbers - {None}), is_not_undone())
        .order_by(decision.c.decided_at, decision.c.id)
    )
    spoken: dict[int, list[Decision]] = defaultdict(list)
    for row in connection.execute(query):
        spoken[row.case_number].append(Decision.model_validate_json(row.body))
    return spoken


def _words(row: Row[Any], spoken: dict[int, list[Decision]]) -> list[Decision]:
    """What was said of a case, and before that of the one it repeats."""
    repeated = [] if row.repeats_number is None else spoken[row.repeats_number]
    return [*_last_words(repeated), *_last_words(spoken[row.number])]


def _last_words(decisions: Sequence[Decision]) -> list[Decision]:
    """The last decision, and the second opinion to it."""
    firsts = [one for one in decisions if one.signs_id is None]
    return [one for one in decisions if firsts[-1].id in {one.id, one.signs_id}] if firsts else []


def _told(
    rows: Sequence[Row[Any]],
    words: Sequence[Sequence[Decision]],
    connection: Connection,
    *,
    undo_window: timedelta,
    now: datetime,
) -> dict[str, DecisionView]:
    """The decisions of those cases on which both people have spoken, by id."""
    disputed = CaseStatus.AWAITING_ADJUDICATION.value
    ids = [
        one.id
        for row, said in zip(rows, words, strict=True)
        if row.status == disputed
        for one in said
    ]
    query = decisions_query().where(decision.c.id.in_(ids))
    views = decision_views(query, connection, undo_window=undo_window, now=now)
    return {one.id: one for one in views}


def _awaited(
    row: Row[Any],
    case: CaseSummary,
    words: Sequence[Decision],
    told: dict[str, DecisionView],
) -> AwaitedCase:
    rules = [one.needs_second for one in words if one.needs_second]
    is_blind_repeat = row.lane == Lane.DOUBLE.value
    return AwaitedCase(
        case=case,
        rule=BLIND_RULE if is_blind_repeat else "".join(rules[-1:]),
        since=max((one.decided_at for one in words), default=row.opened_at),
        spoken_ids=frozenset(one.actor_id for one in words),
        disputed=tuple(told[one.id] for one in words if one.id in told),
    )


def _weight(one: AwaitedCase, *, now: datetime) -> float:
    major = one.case.amount_minor / minor_per_major(one.case.currency)
    return major * max((now - one.since).total_seconds() / SECONDS_A_DAY, 0.0)


def _bulk_view(row: Row[Any], *, undo_window: timedelta, now: datetime) -> BulkView:
    one = bulk_of_row(row)
    undo_until = one.at + undo_window
    is_open = row.reverted_at is None and now < undo_until
    return BulkView(
        id=one.id,
        verdict=one.verdict,
        reason_codes=one.reason_codes,
        note=one.note,
        decisions=one.decisions,
        at=one.at,
        undo_until=undo_until if is_open else None,
        is_reverted=row.reverted_at is not None,
    )


def _transfer_view(row: Row[Any], *, names: dict[str, str], people: dict[str, str]) -> TransferView:
    return TransferView(
        id=row.id,
        case_id=case_name(row.case_number),
        item_id=row.item_id,
        row_id=row.row_id,
        minutes=row.minutes,
        amount_minor=row.amount_minor,
        currency=row.currency,
        from_contract_id=row.contract_id,
        from_line_id=row.line_id,
        to_contract_id=row.to_contract_id,
        to_contract_name=names.get(row.to_contract_id, row.to_contract_id),
        to_line_id=row.to_line_id,
        status=TransferStatus(row.status),
        created_at=row.created_at,
        settled_by_name=people.get(row.settled_by_id, row.settled_by_id),
        settled_at=row.settled_at,
        note=row.note,
    )
