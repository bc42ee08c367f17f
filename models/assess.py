"""Everything that is said of items at one time. Read this first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from data.schemas.assessment import Assessment, Finding, Versions
from data.schemas.items import AnyItem, content_sha256
from data.schemas.questions import Question
from models.bundle import NO_BUNDLE, Bundle
from models.columns import Batch
from models.explain import Spoken, explain, likely
from models.features.compute import compute
from models.likely.check import suspect
from models.likely.money import expected_exposure
from models.past.history import History
from models.policy import Routing
from models.routing import promise_of, route
from models.rules.check import RULES_VERSION, prove
from models.rules.exposure import net_exposure
from models.rules.facts import Facts
from models.scores import Scores, score
from models.terms import Terms


def assess(  # noqa: PLR0913 - everything an answer depends on is an argument
    batch: Batch,
    *,
    history: History,
    terms: Terms,
    bundle: Bundle | None,
    decided_at: datetime,
    coin: Callable[[str], float],
    new_id: Callable[[], str],
    cleared: int = 0,
    frozen: frozenset[str] = frozenset(),
) -> list[Assessment]:
    """Give one assessment per item, in order; serving, training and replay all come through here.

    1. Past: what was known before `decided_at`, without the batch's own items.
    2. Findings: every rule of every clause, with its price; beside them what is likely wrong.
    3. Features: the vector the models see; it is stored with the assessment.
    4. Probabilities: an answer to every question that has a head; none without a bundle.
    5. Route: by policy, certificate and coin, with the propensity of asking a person.
    6. Reasons: for what goes to a person or looks bad, and the findings of the models.

    `coin` gives a number in [0, 1) for an item id and its hash, joined by a unit separator.
    `cleared` is how many items this bundle has cleared before, for its certificates end with that;
    `frozen` names the segments whose clearing an alarm has stopped.
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
    scores = score(batch, table=table, bundle=bundle)
    # 5
    hashes = [content_sha256(item) for item in batch.items]
    coins = [coin(f"{item.item_id}\x1f{hashes[i]}") for i, item in enumerate(batch.items)]
    routing = route(
        batch,
        proved=proved,
        suspected=suspected,
        probability=scores.answers[Question.ANY_FAULT],
        coins=coins,
        promise=promise_of(bundle, decided_at=decided_at, cleared=cleared, frozen=frozen),
    )
    # 6
    said = likely(batch, scores=scores, proved=proved, suspected=suspected, bundle=bundle)
    spoken = explain(batch, scores=scores, lanes=routing.lane, bundle=bundle)
    versions = Versions(
        rules=RULES_VERSION,
        bundle=NO_BUNDLE if bundle is None else bundle.id,
        policy=NO_BUNDLE if bundle is None else bundle.policy_id,
        history_through=history.through,
    )
    return [
        _assessment(
            _Item(item, hashes[i], int(batch.amount_minor[i]), proved[i], said[i], spoken[i]),
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
    likely: tuple[Finding, ...]
    spoken: Spoken


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
    answers = scores.known_answers(index)
    violation = answers.get(Question.ANY_FAULT)
    risk_minor, leak_minor = _exposure(one, violation=violation)
    return Assessment(
        id=new_id(),
        item_id=one.item.item_id,
        item_sha256=one.sha256,
        kind=one.item.kind,
        assessed_at=decided_at,
        amount_minor=one.amount_minor,
        currency=one.item.currency,
        findings=(*one.proved, *one.likely, *one.spoken.findings),
        violation_probability=violation,
        delay_probability=answers.get(Question.MISSED_CUT_OFF),
        risk_minor=risk_minor,
        leak_minor=leak_minor,
        route=routing.route[index],
        route_reason=routing.reason[index],
        lane=routing.lane[index],
        propensity=float(routing.propensity[index]),
        reasons=one.spoken.reasons,
        features=scores.vector(index),
        versions=versions,
        probabilities=answers,
        bill_days=scores.bill_days(index),
        review_minutes=scores.review_minutes(index),
        review_error=scores.review_error(one.item.kind),
    )


def _exposure(one: _Item, *, violation: float | None) -> tuple[int, int]:
    """Proved risk, plus the expected loss on the rest; leaks add up.

    A likely fault and the probability of any hidden one speak of the same money: the larger counts.
    """
    risk_minor, leak_minor = net_exposure(one.proved, one.item)
    rest_minor = one.amount_minor - risk_minor
    expected_risk, expected_leak = expected_exposure(one.likely, one.item)
    hidden_minor = 0 if violation is None else round(violation * rest_minor)
    waiting = sum(min(finding.exposure_minor, 0) for finding in one.spoken.findings)
    return (
        risk_minor + max(hidden_minor, min(expected_risk, rest_minor)),
        leak_minor + expected_leak + abs(waiting),
    )
