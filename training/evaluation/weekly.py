"""What an installation does with what it has learned: train again, and watch the promise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from data.schemas.questions import Question
from models.audits import Audit
from models.bundle import Bundle
from models.watch import Watch, WatchSettings, follow
from models.watched_promise import frozen_segments
from training.evaluation.unreleased import fit_bundle
from training.fit import NothingToLearnError
from training.row_columns import RowColumns
from training.settings import TrainingSettings
from training.splits import settled_table, slices_of

LEARNED = (Question.ANY_FAULT, Question.MISSED_CUT_OFF)
"""The two that routing needs; the kinds of faults only explain."""
WEEK = timedelta(days=7)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
WITHOUT_END = 10**9

Train = Callable[[RowColumns, datetime], Bundle | None]
"""What is known at a time -> a bundle, or None where that is too little."""


@dataclass(slots=True)
class Promises:
    """How many items the bundle in force has cleared, and what the checks of them say."""

    cleared: int = 0
    watches: dict[str, Watch] = field(default_factory=dict)
    alarms: dict[str, datetime] = field(default_factory=dict)
    """The newest of each segment."""

    def frozen(self, bundle: Bundle | None) -> frozenset[str]:
        """The segments whose alarm no certificate of the bundle has seen."""
        return frozen_segments(self.alarms, bundle=bundle)

    def heard(
        self, one: Audit, *, promise: WatchSettings, drawn_at: datetime, now: datetime
    ) -> bool:
        """Count one more check; say whether it raised an alarm. After one the watch begins anew."""
        alarm = self.alarms.get(one.segment)
        if alarm is not None and drawn_at <= alarm:
            return False
        before = self.watches.get(one.segment, Watch(segment=one.segment))
        after = follow(before, one, settings=promise)
        self.watches[one.segment] = Watch(segment=one.segment) if after.is_alarm else after
        if after.is_alarm:
            self.alarms[one.segment] = now
        return after.is_alarm


def train_on(known: RowColumns, now: datetime) -> Bundle | None:
    """Train on what is known; None where that is too little."""
    settings = TrainingSettings().slices
    tables = {
        question: slices_of(
            settled_table(known, question, cut=now, settings=settings), question, settings=settings
        )
        for question in LEARNED
    }
    try:
        return fit_bundle(tables, now=now)
    except NothingToLearnError:
        return None


def without_end(bundle: Bundle) -> Bundle:
    """Give the bundle with certificates that never end, as if nobody had read them."""
    lasting = tuple(
        one.model_copy(update={"expires_at": NEVER, "expires_after_clears": WITHOUT_END})
        for one in bundle.document.certificates
    )
    document = bundle.document.model_copy(update={"certificates": lasting})
    return replace(bundle, document=document)
