"""A firm lived day by day: what the models decide is what they learn from next."""

from __future__ import annotations

from datetime import datetime

from data.firm.dates import SATURDAY
from data.schemas.assessment import Assessment
from data.schemas.items import AnyItem
from data.schemas.vocabulary import Route
from models.audits import Audit
from models.columns import microseconds
from models.reporting_currency import reporting_minor
from models.segments import segment_of
from models.watched_promise import watched_promise
from training.dataset import label_rows
from training.evaluation.desk import Case, Decided, money
from training.evaluation.installation import Arm, Installation, Life, open_installation
from training.evaluation.months import Month
from training.evaluation.weekly import (
    LEARNED,
    WEEK,
    Train,
    train_on,
    without_end,
)
from training.history_rows import days_of
from training.row_columns import columns_of, together


def live(life: Life, *, arm: Arm, train: Train = train_on) -> dict[str, Month]:
    """Live through the last months of a firm in one arm; give what each month came to.

    1. Learn what became known. 2. Train, if a week is over. 3. Assess what arrived. 4. Clear,
    or put on the desk. 5. Let the reviewers work. Before the live months everything was reviewed,
    as the firm's own past says. What a rule holds goes back to its author in every arm alike and
    is on no desk; what waits at the end is billed as it stands.
    """
    work, own = open_installation(life, arm=arm, train=train)
    now = life.live_from
    for day, arrivals in days_of(work.submissions, cut=life.ends):
        now = max(received_at for received_at, _ in arrivals)
        items = [item for _, item in arrivals]
        # 1
        own.learn(until=now)
        is_live = now >= life.live_from
        # 2
        if is_live and own.is_learning and (own.trained_at is None or now - own.trained_at >= WEEK):
            _train(own, now=now)
        # 3
        said = own.assess(items, now=now, salt="live")
        for item, one in zip(items, said, strict=True):
            _note_past(own, item, one)
        if not is_live:
            continue
        # 4
        month = own.months[f"{day:%Y-%m}"]
        for item, one in zip(items, said, strict=True):
            _place(own, item, one, month=month)
        # 5
        if day.weekday() < SATURDAY:
            _review(own, now=now, month=month)
    for case in own.desk.waiting.values():
        own.months[f"{life.size.end:%Y-%m}"].missed += _leak(own, case)
    return dict(own.months)


def _train(own: Installation, *, now: datetime) -> None:
    own.trained_at = now
    own.known = together([own.known, columns_of(own.rows)])
    own.rows.clear()
    bundle = own.train(own.known.take(own.known.known_us <= microseconds(now)), now)
    if bundle is not None:
        own.bundle = without_end(bundle) if own.arm is Arm.FROZEN else bundle
        own.promises.cleared = 0


def _note_past(own: Installation, item: AnyItem, said: Assessment) -> None:
    """What the past or the ledger will say of an item; training waits until it is known."""
    if not own.is_learning:
        return
    known = [
        label
        for label in own.facts.labels.get(item.item_id, ())
        if label.known_at > said.assessed_at and not label.answers.keys().isdisjoint(LEARNED)
    ]
    own.rows += label_rows(said, item=item, labels=known) if known else []


def _place(own: Installation, item: AnyItem, said: Assessment, *, month: Month) -> None:
    month.arrived += 1
    if said.route is Route.REVIEW:
        own.desk.put(Case(item=item, said=said))
    if said.route is not Route.AUTO_CLEAR or own.bundle is None:
        return
    case = Case(item=item, said=said, promise=watched_promise(own.bundle, _segment(said)))
    amount = money(said.amount_minor, currency=said.currency)
    is_wrong = own.truth[item.item_id].is_violation
    own.promises.cleared += 1
    month.cleared += 1
    month.cleared_money += amount
    month.cleared_wrong += is_wrong
    month.cleared_wrong_money += amount * is_wrong
    if case.is_audit:
        own.desk.put(case)
    else:
        month.missed += _leak(own, case)


def _review(own: Installation, *, now: datetime, month: Month) -> None:
    for case in own.desk.given_up(now):
        month.missed += _leak(own, case)
    for decided in own.desk.work_a_day():
        _note_verdict(own, decided, now=now)
        leak = _leak(own, decided.case)
        month.reviewed += 1
        month.reviewer_seconds += decided.active_seconds
        month.caught += leak if decided.is_fault else 0.0
        month.missed += 0.0 if decided.is_fault else leak
        month.alarms += _raises_alarm(own, decided, now=now)


def _note_verdict(own: Installation, decided: Decided, *, now: datetime) -> None:
    case = decided.case
    own.verdicts.append((case.item, decided.is_fault))
    if not own.is_learning:
        return
    labels = [decided.label(known_at=now)]
    own.rows += label_rows(case.said, item=case.item, labels=labels)


def _raises_alarm(own: Installation, decided: Decided, *, now: datetime) -> bool:
    """Whether a check breaks the promise; the frozen arm does not listen."""
    case = decided.case
    if own.arm is not Arm.RETRAINED or case.promise is None:
        return False
    said = case.said
    audit = Audit(
        item_id=said.item_id,
        segment=_segment(said),
        is_wrong=decided.is_fault,
        amount_reporting_minor=reporting_minor(said.amount_minor, currency=said.currency) or 0.0,
        propensity=said.propensity,
    )
    return own.promises.heard(audit, promise=case.promise, drawn_at=said.assessed_at, now=now)


def _segment(said: Assessment) -> str:
    amount = reporting_minor(said.amount_minor, currency=said.currency)
    return segment_of(said.kind, amount_reporting_minor=amount)


def _leak(own: Installation, case: Case) -> float:
    """What billing the item as it stands would get wrong, in reporting currency."""
    truth, said = own.truth[case.item.item_id], case.said
    return money(abs(said.amount_minor - truth.correct_minor), currency=said.currency)
