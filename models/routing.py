"""From what was found of a batch to the columns that policy looks at, and its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from data.schemas.assessment import Finding, is_held_back, is_suspect
from data.schemas.items import AnyItem, Milestone
from data.schemas.vocabulary import Severity
from models.bundle import Bundle
from models.certificate import Certificate, limits_of
from models.columns import Batch, Flags, Floats
from models.policy import PolicyColumns, PolicySettings, Routing, certificates_in_force, decide
from models.reporting_currency import REPORTING_RATES, reporting_minor
from models.segments import segment_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What a released bundle may do at one time; the empty promise clears nothing."""

    settings: PolicySettings | None = None
    certificates: Mapping[str, Certificate] = field(default_factory=dict)
    """By segment, those in force."""
    cleared: int = 0
    """How many items the bundle has cleared before."""
    frozen: frozenset[str] = frozenset()
    """Segments whose clearing an alarm has stopped."""


def promise_of(
    bundle: Bundle | None, *, decided_at: datetime, cleared: int, frozen: frozenset[str]
) -> Promise:
    """Give what a bundle may do at a time; nothing without one."""
    if bundle is None:
        return Promise()
    return Promise(
        settings=bundle.document.policy,
        certificates=certificates_in_force(bundle.document.certificates, at=decided_at),
        cleared=cleared,
        frozen=frozen,
    )


def route(
    batch: Batch,
    *,
    proved: Sequence[Sequence[Finding]],
    suspected: Sequence[Sequence[Finding]],
    probability: Floats,
    coins: Sequence[float],
    promise: Promise,
) -> Routing:
    """Route every item of a batch.

    While a bundle is in force its certified probability decides over what models are asked, and
    only other suspicions hold an item back; without one every suspicion does.
    """
    rates = promise.settings.reporting_rates if promise.settings else REPORTING_RATES
    amounts = [
        reporting_minor(int(batch.amount_minor[i]), currency=item.currency, rates=rates)
        for i, item in enumerate(batch.items)
    ]
    segments = [
        segment_of(item.kind, amount_reporting_minor=amounts[i])
        for i, item in enumerate(batch.items)
    ]
    granted = [promise.certificates.get(segment) for segment in segments]
    holds_back = is_held_back if promise.settings else is_suspect
    columns = PolicyColumns(
        is_unready=_flags([_is_unready(item) for item in batch.items]),
        has_critical=_flags([_has_critical(findings) for findings in proved]),
        has_other=_flags([bool(findings) for findings in proved]),
        is_suspected=_flags([holds_back(said) for said in suspected]),
        is_frozen=_flags([segment in promise.frozen for segment in segments]),
        probability=probability,
        amount=_floats(amounts),
        threshold=limits_of(granted, amounts=amounts),
        clears_left=_floats(
            [one.expires_after_clears - promise.cleared if one else None for one in granted]
        ),
        coin=_floats(coins),
    )
    return decide(columns, settings=promise.settings)


def _is_unready(item: AnyItem) -> bool:
    return isinstance(item, Milestone) and not item.is_ready_to_bill


def _has_critical(findings: Sequence[Finding]) -> bool:
    return any(finding.severity is Severity.CRITICAL for finding in findings)


def _flags(values: Sequence[bool]) -> Flags:
    return np.array(values, dtype=np.bool_)


def _floats(values: Sequence[float | None]) -> Floats:
    return np.array(values, dtype=np.float64)
