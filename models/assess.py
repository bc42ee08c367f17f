"""Everything that is said of items at one time. Read this first."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from data.schemas.assessment import Assessment, Finding, Versions
from data.schemas.items import AnyItem, Milestone, content_sha256
from data.schemas.vocabulary import Severity
from models.bundle import NO_BUNDLE, Bundle
from models.columns import Batch, Flags, Floats
from models.explain import Scores, Spoken, explain
from models.features.catalogue import FEATURE_NAMES
from models.features.compute import compute
from models.likely.check import suspect
from models.likely.money import expected_exposure
from models.past.history import History
from models.policy import PolicyColumns, Routing, certificates_in_force, decide
from models.reporting_currency import REPORTING_RATES, reporting_minor
from models.rules.check import RULES_VERSION, prove
from models.rules.exposure import net_exposure
from models.rules.facts import Facts
from models.segments import segment_of
from models.terms import Terms


def assess(
    batch: Batch,
    *,
    history: History,
    terms: Terms,
    bundle: Bundle | None,
    decided_at: datetime,
    coin: Callable[[str], float],
    new_id: Callable[[], str],
    cleared: int = 0,
) -> list[Assessment]:
    """Give one assessment per item, in order; serving, training and replay all come through here.

    1. Past: what was known before `decided_at`, without the batch's own items.
    2. Findings: every rule of every clause, with its price; beside them what is likely wrong.
    3. Features: the vector the models see; it is stored with the assessment.
    4. Probabilities: of a hidden fault and of a late invoice; none without a bundle.
    5. Route: by policy, certificate and coin, with the propensity of asking a person.
    6. Reasons: for what goes to a person or looks bad, and the findings of the models.

    `coin` gives a number in [0, 1) for an item id and its hash, joined by a unit separator.
    `cleared` is how many items this bundle has cleared before, for its certificates end with that.
    Raises FutureFactError if a fact later than `decided_at` was already added to the history.
    """
    # 1
    past = history.past(batch, decided_at=decided_at)
    # 2
    facts = Facts.gather(batch, past=past, terms=terms, decided_at=decided_at)
    proved = prove(facts)
    suspected = suspect(facts, proved=proved)
    # 3
    table = compute(batch, past=past, history=history, terms=terms, decided_at=decided_at)
    # 4
    scores = _score(table, bundle=bundle)
    # 5
    hashes = [content_sha256(item) for item in batch.items]
    coins = [coin(f"{item.item_id}\x1f{hashes[i]}") for i, item in enumerate(batch.items)]
    routing = _route(
        batch,
        proved=proved,
        suspected=suspected,
        probability=scores.violation,
        coins=coins,
        bundle=bundle,
        decided_at=decided_at,
        cleared=cleared,
    )
    # 6
    spoken = explain(batch, scores=scores, lanes=routing.lane, bundle=bundle)
    versions = Versions(
        rules=RULES_VERSION,
        bundle=NO_BUNDLE if bundle is None else bundle.id,
        policy=NO_BUNDLE if bundle is None else bundle.policy_id,
        history_through=history.through,
    )
    return [
        _assessment(
            _Item(item, hashes[i], int(batch.amount_minor[i]), proved[i], suspected[i], spoken[i]),
            index=i,
            scores=scores,
            routing=routing,
            versions=versions,
            decided_at=decided_at,
            new_id=new_id,
        )
        for i, item in enumerate(batch.items)
    ]


@dataclass(frozen=True, slots=True)
class _Item:
    """One item with all that was found."""

    item: AnyItem
    sha256: str
    amount_minor: int
    proved: tuple[Finding, ...]
    suspected: tuple[Finding, ...]
    spoken: Spoken


def _score(table: Floats, *, bundle: Bundle | None) -> Scores:
    if bundle is None:
        unknown = np.full(len(table), np.nan)
        return Scores(table, table, unknown, unknown)
    rows = bundle.rows(table)
    return Scores(
        table, rows, bundle.violation.probabilities(rows), bundle.delay.probabilities(rows)
    )


def _route(
    batch: Batch,
    *,
    proved: Sequence[tuple[Finding, ...]],
    suspected: Sequence[tuple[Finding, ...]],
    probability: Floats,
    coins: Sequence[float],
    bundle: Bundle | None,
    decided_at: datetime,
    cleared: int,
) -> Routing:
    settings = None if bundle is None else bundle.document.policy
    rates = REPORTING_RATES if settings is None else settings.reporting_rates
    amounts = [
        reporting_minor(int(batch.amount_minor[i]), currency=item.currency, rates=rates)
        for i, item in enumerate(batch.items)
    ]
    certificates = () if bundle is None else bundle.document.certificates
    in_force = certificates_in_force(certificates, at=decided_at)
    granted = [
        in_force.get(segment_of(item.kind, amount_reporting_minor=amounts[i]))
        for i, item in enumerate(batch.items)
    ]
    columns = PolicyColumns(
        is_unready=_flags([_is_unready(item) for item in batch.items]),
        has_critical=_flags([_has_critical(findings) for findings in proved]),
        has_other=_flags([bool(findings) for findings in proved]),
        is_suspected=_flags([any(one.is_suspicion for one in said) for said in suspected]),
        probability=probability,
        amount=_floats(amounts),
        threshold=_floats([one.threshold if one else None for one in granted]),
        clears_left=_floats(
            [one.expires_after_clears - cleared if one else None for one in granted]
        ),
        coin=_floats(coins),
    )
    return decide(columns, settings=settings)


def _assessment(
    one: _Item,
    *,
    index: int,
    scores: Scores,
    routing: Routing,
    versions: Versions,
    decided_at: datetime,
    new_id: Callable[[], str],
) -> Assessment:
    violation, delay = _known(scores.violation[index]), _known(scores.delay[index])
    risk_minor, leak_minor = _exposure(one, violation=violation)
    vector = map(_known, scores.table[index].tolist())
    return Assessment(
        id=new_id(),
        item_id=one.item.item_id,
        item_sha256=one.sha256,
        kind=one.item.kind,
        assessed_at=decided_at,
        amount_minor=one.amount_minor,
        currency=one.item.currency,
        findings=(*one.proved, *one.suspected, *one.spoken.findings),
        violation_probability=violation,
        delay_probability=delay,
        risk_minor=risk_minor,
        leak_minor=leak_minor,
        route=routing.route[index],
        route_reason=routing.reason[index],
        lane=routing.lane[index],
        propensity=float(routing.propensity[index]),
        reasons=one.spoken.reasons,
        features=dict(zip(FEATURE_NAMES, vector, strict=True)),
        versions=versions,
    )


def _exposure(one: _Item, *, violation: float | None) -> tuple[int, int]:
    """Proved risk, plus the expected loss on the rest; leaks add up.

    A likely fault and the probability of any hidden one speak of the same money: the larger counts.
    """
    risk_minor, leak_minor = net_exposure(one.proved, one.item)
    rest_minor = one.amount_minor - risk_minor
    expected_risk, expected_leak = expected_exposure(one.suspected, one.item)
    hidden_minor = 0 if violation is None else round(violation * rest_minor)
    waiting = sum(min(finding.exposure_minor, 0) for finding in one.spoken.findings)
    return (
        risk_minor + max(hidden_minor, min(expected_risk, rest_minor)),
        leak_minor + expected_leak + abs(waiting),
    )


def _is_unready(item: AnyItem) -> bool:
    return isinstance(item, Milestone) and not item.is_ready_to_bill


def _has_critical(findings: Sequence[Finding]) -> bool:
    return any(finding.severity is Severity.CRITICAL for finding in findings)


def _flags(values: Sequence[bool]) -> Flags:
    return np.array(values, dtype=np.bool_)


def _floats(values: Sequence[float | None]) -> Floats:
    return np.array(values, dtype=np.float64)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
