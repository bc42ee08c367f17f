"""The cleared items that the coin sent to a person, each with the promise that its check tests."""

from __future__ import annotations

from collections.abc import Sequence

from data.schemas.assessment import Assessment
from data.schemas.vocabulary import Lane, Route
from models.bundle import Bundle
from models.reporting_currency import reporting_minor
from models.segments import segment_of
from models.watched_promise import watched_promise
from service.domain.check import CheckDraw
from service.ports.stores import StoredItem


def draws_of(
    items: Sequence[StoredItem], said: Sequence[Assessment], *, bundle: Bundle | None
) -> list[CheckDraw]:
    """Give the cleared items that the coin sent to a person, with the promise they test."""
    if bundle is None:
        return []
    return [
        _draw(stored, one, bundle=bundle)
        for stored, one in zip(items, said, strict=True)
        if one.route is Route.AUTO_CLEAR and one.lane is Lane.AUDIT
    ]


def _draw(stored: StoredItem, said: Assessment, *, bundle: Bundle) -> CheckDraw:
    amount = reporting_minor(
        said.amount_minor, currency=said.currency, rates=bundle.document.policy.reporting_rates
    )
    segment = segment_of(said.kind, amount_reporting_minor=amount)
    return CheckDraw(
        assessment_id=said.id,
        item_id=said.item_id,
        item_seq=stored.seq,
        segment=segment,
        bundle=bundle.id,
        propensity=said.propensity,
        amount_reporting_minor=float(amount or 0),
        promise=watched_promise(bundle, segment).model_dump_json(),
        drawn_at=said.assessed_at,
    )
