"""A firm replayed as it happened: what the rules say of each item at the time it arrived."""

from __future__ import annotations

from collections import defaultdict

from data.firm.records import Firm
from data.schemas.catalogue import ExceptionCode
from models.evaluation.rule_recall import Told, found_faults, true_faults

Places = dict[ExceptionCode, set[str]]


def found_places(firm: Firm) -> Places:
    """Items by the codes that rules find, item by item in order of arrival."""
    return _places(found_faults(firm))


def true_places(firm: Firm) -> Places:
    """Items by the codes that the generator knows rules can prove."""
    return _places(true_faults(firm))


def _places(told: Told) -> Places:
    places: Places = defaultdict(set)
    for item_id, code in told:
        places[code].add(item_id)
    return dict(places)
