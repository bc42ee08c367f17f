"""The signatures that a flat table holds: one of a manager and one of the client a sheet."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.schemas.items import Timesheet, entries_sha256
from data.schemas.vocabulary import ApprovalStep, ApprovalVerdict
from models.approvals import NO_LIMIT_GIVEN, STEPS, VERDICTS, ApprovalColumns
from models.bulk.table_columns import Columns
from models.bulk.table_items import SIGNATURES, TableItems
from models.codes import UNKNOWN, Codes
from models.columns import Flags


def table_approvals(head: Columns, items: TableItems, *, codes: Codes) -> ApprovalColumns:
    """The signatures of all sheets; for each sheet the manager's stands first."""
    signed = [_signature(head, step, items=items) for step in SIGNATURES]
    joined = {name: np.concatenate([one[name] for one in signed]) for name in signed[0]}
    order = np.argsort(joined["item"], kind="stable")
    ordered = {name: column[order] for name, column in joined.items()}
    place, people = pd.factorize(ordered["actor_id"])
    actor = np.array([codes.person.code(one) for one in people], dtype=np.int64)
    return ApprovalColumns(**ordered, actor=actor[place])


def _signature(head: Columns, step: ApprovalStep, *, items: TableItems) -> dict[str, np.ndarray]:
    name = SIGNATURES[step]
    actor_place, actors = head.optional_places(f"{name}_by")
    item = np.flatnonzero(actor_place != UNKNOWN)
    limit = (
        head.optional_numbers("authority_limit_minor", missing=NO_LIMIT_GIVEN)
        if step is ApprovalStep.MANAGER
        else np.full(len(head), NO_LIMIT_GIVEN, dtype=np.int64)
    )
    return {
        "item": item,
        "step": np.full(len(item), STEPS.index(step), dtype=np.int64),
        "verdict": np.full(len(item), VERDICTS.index(ApprovalVerdict.APPROVE), dtype=np.int64),
        "actor_id": np.array(actors, dtype=object)[actor_place[item]],
        "at_us": head.optional_moments(f"{name}_at")[item],
        "authority_limit_minor": limit[item],
        "is_current": _is_current(head, f"{name}_sha256", items=items)[item],
    }


def _is_current(head: Columns, name: str, *, items: TableItems) -> Flags:
    """Compare hashes where they are given: only then are sheets made of the rows."""
    place, hashes = head.optional_places(name)
    is_current = np.ones(len(head), dtype=np.bool_)
    for one in np.flatnonzero(place != UNKNOWN).tolist():
        sheet = items[one]
        if isinstance(sheet, Timesheet):
            is_current[one] = hashes[place[one]] == entries_sha256(sheet.entries)
    return is_current
