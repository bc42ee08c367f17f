"""The figures of a desk at which nothing has happened yet."""

from __future__ import annotations

from datetime import UTC, datetime

from service.wire.operations import (
    DecidedWork,
    HoursView,
    Named,
    OpenWork,
    OperationsView,
    PostedWork,
    StraightThrough,
)

_NO_HOURS = HoursView(count=0, p50_hours=None, p90_hours=None)


def quiet_operations(*, clients: tuple[Named, ...] = ()) -> OperationsView:
    """Give an operations page without any work on it."""
    now = datetime.now(UTC)
    return OperationsView(
        since=now,
        until=now,
        open=OpenWork(
            cases=0, late=0, amount_minor={}, backlog_minutes=0.0,
            by_kind=(), by_client=(), by_age=(), by_status=(),
        ),
        straight_through=StraightThrough(items=0, cleared=0, assessed_minor={}, cleared_minor={}),
        decided=DecidedWork(
            cases=0, by_verdict={}, overrides=0, override_share=None, money=(),
            hours_to_decision=_NO_HOURS, capacity_minutes=None,
        ),
        found=(),
        posted=PostedWork(by_status={}, billed_minor={}, cycle=_NO_HOURS),
        days=(),
        clients=clients,
        business_units=(),
    )  # fmt: skip
