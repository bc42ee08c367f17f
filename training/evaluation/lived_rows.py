"""The training rows that a firm leaves behind: a past that people read, then months with a model.

For notebooks and tries without an installation: verdicts, probabilities, random checks and what
nobody looked at, as a service would export them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from data.firm.dates import SATURDAY
from data.schemas.assessment import Assessment
from data.schemas.decision import Label, TrainingRow
from data.schemas.items import AnyItem
from data.schemas.vocabulary import Route
from training.dataset import label_rows
from training.evaluation.desk import Case
from training.evaluation.installation import Arm, Installation, Life, open_installation
from training.evaluation.weekly import Train, train_on
from training.history_rows import days_of
from training.row_columns import columns_of

BETWEEN_TRAININGS = timedelta(days=28)
"""Shorter than a certificate lasts, so that clearing goes on."""


@dataclass(slots=True, kw_only=True)
class _Lived:
    """An installation, and what it would export: every item with what was said of it."""

    own: Installation
    said: list[tuple[AnyItem, Assessment]] = field(default_factory=list)
    verdicts: dict[str, list[Label]] = field(default_factory=dict)


def lived_rows(
    life: Life, *, progress: Callable[[str], None], train: Train = train_on
) -> list[TrainingRow]:
    """Live through a firm's last months with a model, and give all its rows known at their end.

    1. Learn what became known. 2. From the live months on train every four weeks. 3. Assess what
    arrived. 4. Put on the desk what policy or the coin sends there, and let people read as much as
    they have time for. What came before the live months was read in full. An item that nobody read
    has a row without answers. Bundles are named by their content: the same firm, the same rows.
    """
    work, own = open_installation(life, arm=Arm.RETRAINED, train=train)
    lived = _Lived(own=own)
    for day, arrivals in days_of(work.submissions, cut=life.ends):
        now = max(received_at for received_at, _ in arrivals)
        # 1
        own.learn(until=now)
        # 2
        is_live = now >= life.live_from
        if is_live and (own.trained_at is None or now - own.trained_at >= BETWEEN_TRAININGS):
            _train(lived, now=now)
            progress(f"{day}: trained on what is known of {len(lived.said)} items")
        # 3
        said = _assess(lived, [item for _, item in arrivals], now=now)
        # 4
        if is_live:
            _put_on_desk(own, said)
            own.desk.given_up(now)
        if is_live and day.weekday() < SATURDAY:
            _read(lived, now=now)
    return _rows(lived, until=life.ends)


def _train(lived: _Lived, *, now: datetime) -> None:
    own = lived.own
    own.trained_at, own.promises.cleared = now, 0
    own.bundle = own.train(columns_of(_rows(lived, until=now)), now) or own.bundle


def _assess(
    lived: _Lived, items: Sequence[AnyItem], *, now: datetime
) -> list[tuple[AnyItem, Assessment]]:
    said = list(zip(items, lived.own.assess(items, now=now, salt="lived"), strict=True))
    lived.said += said
    return said


def _put_on_desk(own: Installation, said: Sequence[tuple[AnyItem, Assessment]]) -> None:
    for item, one in said:
        own.promises.cleared += one.route is Route.AUTO_CLEAR
        if one.lane is not None:
            own.desk.put(Case(item=item, said=one))


def _read(lived: _Lived, *, now: datetime) -> None:
    """A day at the desk."""
    for decided in lived.own.desk.work_a_day():
        item = decided.case.item
        lived.own.verdicts.append((item, decided.is_fault))
        lived.verdicts[item.item_id] = [decided.label(known_at=now)]


def _rows(lived: _Lived, *, until: datetime) -> list[TrainingRow]:
    """A row of every label known by then; one without answers where there is none."""
    rows: list[TrainingRow] = []
    for item, one in lived.said:
        past = lived.own.facts.labels.get(item.item_id, ())
        told = [label for label in past if label.known_at > one.assessed_at]
        told += lived.verdicts.get(item.item_id, [])
        known = [label for label in told if label.known_at <= until]
        rows += label_rows(one, item=item, labels=known)
    return rows
