"""Milestones that a system of delivery plans and nobody has reached: the work is not over yet."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from service.ports.stores import UnitOfWork

KIND = "milestones_ahead"


def note_milestones_ahead(
    item_ids: Sequence[str], *, contract_id: str, line_id: str, uow: UnitOfWork, now: datetime
) -> None:
    """Keep which milestones of a contract line are not reached; none of them is an item yet."""
    body = json.dumps({"ahead": sorted(item_ids)})
    uow.references.put(KIND, f"{contract_id}.{line_id}", body=body, at=now)


def is_a_milestone_ahead(*, contract_id: str, line_id: str, uow: UnitOfWork) -> bool:
    """Say whether a milestone of the line is still to be reached."""
    body = uow.references.get(KIND, f"{contract_id}.{line_id}")
    return body is not None and bool(json.loads(body)["ahead"])
