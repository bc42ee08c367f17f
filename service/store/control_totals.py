"""Counts for the control totals, over the tables and over the trail, at one moment."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Exists, and_, exists, func, select
from sqlalchemy import case as sql_case

from data.schemas.vocabulary import AuditEvent, CaseStatus, PostingStatus, Route
from service.domain.queue import EFFECT_FREE
from service.ports.control_totals import ItemTally, PostingTally, TrailTally
from service.store.cases import FINISHED
from service.store.json_text import AsJson, whole_number
from service.store.tables import assessment, audit, item, posting, review_case

_REPEATED = [lane.value for lane in EFFECT_FREE]
"""Cases that show another case's item again say nothing of where it stands."""
_CURRENCY = AsJson(audit.c.body)["facts", "currency"].as_string()


class SqlControlBooks:
    """Both books over one connection, whose transaction sees one moment."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def items(self) -> ItemTally:
        """Count the versions of items, each where it stands."""
        place = sql_case(
            (assessment.c.id.is_(None), "history"),
            (item.c.withdrawn_at.is_not(None), "withdrawn"),
            (item.c.superseded_by.is_not(None), "replaced"),
            (_has_case(review_case.c.status.not_in(FINISHED)), "queued"),
            (_has_case(review_case.c.status == CaseStatus.DECIDED.value), "decided"),
            (assessment.c.route == Route.AUTO_CLEAR.value, "auto_cleared"),
            (_has_case(review_case.c.status == CaseStatus.CLOSED.value), "closed"),
            else_="lost",
        ).label("place")
        query = (
            select(place, func.count().label("number"))
            .select_from(item)
            .outerjoin(assessment, assessment.c.item_seq == item.c.seq)
            .group_by("place")
        )
        return ItemTally(**{row.place: row.number for row in self._connection.execute(query)})

    def rejected_rows(self) -> int:
        """Count the rows that arrivals of the trail say they rejected."""
        query = select(func.sum(whole_number(audit.c.body, "facts", "rejected"))).where(
            audit.c.event == AuditEvent.BATCH_RECEIVED.value
        )
        return int(self._connection.execute(query).scalar() or 0)

    def postings(self) -> Mapping[PostingStatus, PostingTally]:
        """Count the postings by state, with what they come to."""
        query = select(
            posting.c.status, posting.c.currency,
            func.count().label("number"), func.sum(posting.c.total_minor).label("minor"),
        ).group_by(posting.c.status, posting.c.currency)  # fmt: skip
        found: dict[PostingStatus, PostingTally] = {}
        for row in self._connection.execute(query):
            before = found.get(PostingStatus(row.status), PostingTally())
            found[PostingStatus(row.status)] = PostingTally(
                postings=before.postings + row.number,
                minor={**before.minor, row.currency: int(row.minor)},
            )
        return found

    def trail(self) -> TrailTally:
        """Count what the trail tells."""
        count = self._events()
        opened_minor = {
            row.currency: int(row.minor)
            for row in self._connection.execute(
                select(
                    _CURRENCY.label("currency"),
                    func.sum(whole_number(audit.c.body, "facts", "total_minor")).label("minor"),
                )
                .where(audit.c.event == AuditEvent.POSTING_ENQUEUED.value)
                .group_by("currency")
            )
        }
        history = self._connection.execute(
            select(func.sum(whole_number(audit.c.body, "facts", "items"))).where(
                audit.c.event == AuditEvent.HISTORY_TAKEN.value
            )
        ).scalar()
        return TrailTally(
            received=count.get(AuditEvent.ITEM_RECEIVED, 0),
            rejected=count.get(AuditEvent.ITEM_REJECTED, 0),
            history=int(history or 0),
            opened=count.get(AuditEvent.POSTING_ENQUEUED, 0),
            opened_minor=opened_minor,
            posted=count.get(AuditEvent.POSTING_DONE, 0)
            + count.get(AuditEvent.POSTING_MARKED_POSTED, 0),
        )

    def _events(self) -> Mapping[str, int]:
        query = select(audit.c.event, func.count().label("number")).group_by(audit.c.event)
        return {row.event: row.number for row in self._connection.execute(query)}


def _has_case(condition: object) -> Exists:
    return exists().where(
        and_(
            review_case.c.item_id == item.c.item_id,
            review_case.c.item_seq == item.c.seq,
            review_case.c.lane.not_in(_REPEATED),
            condition,  # type: ignore[arg-type]  # a SQL expression
        )
    )
