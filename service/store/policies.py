"""SQL of the review policy: its drafts and versions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from data.schemas.review_policy import STANDARD_REVIEW_POLICY, ReviewPolicy
from data.schemas.vocabulary import CaseStatus, DraftStatus, ItemKind, Lane
from service.domain.policy_draft import PolicyDraft, PolicyVersion
from service.domain.policy_effect import OpenWork
from service.store.cursors import newest_behind
from service.store.desk_tables import policy_draft, policy_version
from service.store.tables import review_case

ENDED = (CaseStatus.DECIDED.value, CaseStatus.CLOSED.value)


class SqlPolicyStore:
    """The review policy; versions are append-only, a draft is settled once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def in_force(self) -> ReviewPolicy:
        """Give the policy in force: the standard one until somebody publishes another."""
        query = select(policy_version.c.body).order_by(policy_version.c.version.desc()).limit(1)
        body = self._connection.execute(query).scalar()
        return STANDARD_REVIEW_POLICY if body is None else ReviewPolicy.model_validate_json(body)

    def version(self) -> int:
        """Give the number of the version in force, 0 for the standard policy."""
        query = select(func.max(policy_version.c.version))
        return self._connection.execute(query).scalar() or 0

    def versions(self) -> list[PolicyVersion]:
        """Give every version that was ever published, newest first."""
        query = select(policy_version).order_by(policy_version.c.version.desc())
        return [_version_of(row) for row in self._connection.execute(query)]

    def publish(self, draft: PolicyDraft) -> PolicyVersion:
        """Append a published draft as the next version; the database wants two people too."""
        query = (
            insert(policy_version)
            .values(
                draft_id=draft.id,
                body=draft.policy.model_dump_json(),
                note=draft.note,
                author_id=draft.author_id,
                publisher_id=draft.settled_by_id,
                published_at=draft.settled_at,
            )
            .returning(policy_version)
        )
        return _version_of(self._connection.execute(query).one())

    def add_draft(self, draft: PolicyDraft) -> None:
        """Store a new draft."""
        self._connection.execute(
            insert(policy_draft).values(
                id=draft.id,
                body=draft.policy.model_dump_json(),
                note=draft.note,
                based_on=draft.based_on,
                author_id=draft.author_id,
                drafted_at=draft.drafted_at,
                status=draft.status.value,
            )
        )

    def draft(self, draft_id: str) -> PolicyDraft | None:
        """Give a draft."""
        query = select(policy_draft).where(policy_draft.c.id == draft_id)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _draft_of(row)

    def drafts(self, *, before: str | None, limit: int) -> list[PolicyDraft]:
        """Give the newest drafts, or those before one of them, newest first."""
        query = newest_behind(
            select(policy_draft).limit(limit),
            before,
            order=(policy_draft.c.drafted_at, policy_draft.c.id),
            connection=self._connection,
        )
        return [_draft_of(row) for row in self._connection.execute(query)]

    def settle(self, draft: PolicyDraft) -> None:
        """Write down that a draft was published or withdrawn."""
        self._connection.execute(
            update(policy_draft)
            .where(policy_draft.c.id == draft.id)
            .values(
                status=draft.status.value,
                settled_by_id=draft.settled_by_id,
                settled_at=draft.settled_at,
            )
        )

    def open_work(self) -> list[OpenWork]:
        """Give every case that is neither decided nor closed, as a policy looks at it."""
        query = select(
            review_case.c.kind,
            review_case.c.lane,
            review_case.c.amount_minor,
            review_case.c.currency,
            review_case.c.doubt,
            review_case.c.opened_at,
        ).where(review_case.c.status.not_in(ENDED))
        return [
            OpenWork(
                kind=ItemKind(row.kind),
                lane=Lane(row.lane),
                amount_minor=row.amount_minor,
                currency=row.currency,
                doubt=row.doubt,
                opened_at=row.opened_at,
            )
            for row in self._connection.execute(query)
        ]


def _draft_of(row: Row[Any]) -> PolicyDraft:
    return PolicyDraft(
        id=row.id,
        policy=ReviewPolicy.model_validate_json(row.body),
        note=row.note,
        based_on=row.based_on,
        author_id=row.author_id,
        drafted_at=row.drafted_at,
        status=DraftStatus(row.status),
        settled_by_id=row.settled_by_id,
        settled_at=row.settled_at,
    )


def _version_of(row: Row[Any]) -> PolicyVersion:
    return PolicyVersion(
        version=row.version,
        draft_id=row.draft_id,
        policy=ReviewPolicy.model_validate_json(row.body),
        note=row.note,
        author_id=row.author_id,
        publisher_id=row.publisher_id,
        published_at=row.published_at,
    )
