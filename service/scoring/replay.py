"""Say again what was said: terms, history, model and coin as they stood, and the same code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from data.schemas.assessment import Assessment
from models.assess import assess
from models.bundle import NO_BUNDLE, Bundle
from models.columns import to_batch
from models.rules.check import RULES_VERSION
from models.watched_promise import frozen_segments
from service.domain.cut_off import CUT_OFF_DAY
from service.domain.errors import NotFoundError
from service.ports.stores import FactKind, StoredItem, UnitOfWork
from service.scoring.memory import Memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What was said then, and what is said now of the same facts."""

    stored: Assessment
    again: Assessment
    rules_now: str = RULES_VERSION

    @property
    def differences(self) -> tuple[str, ...]:
        """The fields that differ; none when every byte is equal."""
        if self.stored.model_dump_json() == self.again.model_dump_json():
            return ()
        return tuple(
            name
            for name in Assessment.model_fields
            if getattr(self.stored, name) != getattr(self.again, name)
        ) or ("(the order of members)",)


def replay(
    assessment_id: str,
    *,
    uow: UnitOfWork,
    bundle_of: Callable[[str], Bundle],
    coin: Callable[[str], float],
    cut_off_day: int = CUT_OFF_DAY,
) -> Replay:
    """Assess an item once more as of the moment of its assessment.

    Items that were assessed together are assessed together again. Raises NotFoundError for an
    unknown assessment, and what `bundle_of` raises where the model is gone.
    """
    # 1. What was said, and on whose word.
    found = uow.items.assessed(assessment_id)
    if found is None:
        raise NotFoundError("assessment", assessment_id)
    _, stored = found
    versions = stored.versions
    bundle = None if versions.bundle == NO_BUNDLE else bundle_of(versions.bundle)
    # 2. What was known: every fact up to that moment, in the same order.
    memory = Memory(cut_off_day=cut_off_day)
    memory.learn_until(versions.history_through, uow)
    # 3. The items of the same call, in the same order.
    together = _together(versions.history_through, uow=uow)
    said = [one for _, one in together]
    ids = iter([one.id for one in said])
    assert memory.terms is not None  # noqa: S101 - learn_until loads them
    again = assess(
        to_batch([item.item for item, _ in together], codes=memory.codes),
        history=memory.history,
        terms=memory.terms,
        bundle=bundle,
        decided_at=stored.assessed_at,
        coin=coin,
        new_id=lambda: next(ids),
        cleared=(
            0
            if bundle is None
            else uow.items.count_cleared_before(bundle.id, seq=together[0][0].seq)
        ),
        frozen=frozen_segments(memory.alarms, bundle=bundle),
    )
    place = [one.id for one in said].index(assessment_id)
    return Replay(stored=stored, again=again[place])


def _together(through: int, *, uow: UnitOfWork) -> Sequence[tuple[StoredItem, Assessment]]:
    """The items whose facts follow the last fact known: one call stored them all."""
    batch: list[tuple[StoredItem, Assessment]] = []
    for fact in uow.facts.since(through):
        if fact.kind is not FactKind.ITEM:
            break
        said = uow.items.assessment_of(int(fact.subject_id))
        if said is None or said.versions.history_through != through:
            break
        batch.append((uow.items.version(int(fact.subject_id)), said))
    return batch
