"""No vector knows its own future, and a vector computed again is the one that was stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.firm.generate import generate_firm
from data.firm.records import FirmSize
from data.schemas.assessment import Assessment
from data.schemas.billing import Payment
from data.schemas.vocabulary import InvoiceStatus
from models.assess import assess
from models.columns import to_batch
from models.features.catalogue import FEATURE_NAMES
from models.features.compute import compute
from models.features.parity import differences
from models.thinning import uniform
from tests.builders.streams import Known, Stream, decisions, stream_of, vectors

SEEDS = (3, 11)
CHECKED_SHARE = 0.03


@cache
def whole(seed):
    return stream_of(
        generate_firm(FirmSize(people=10, clients=4, contracts=6, months=4, seed=seed))
    )


@cache
def of_whole(seed):
    return vectors(whole(seed))


def moment(stream, share):
    """A moment between the first arrival and the last."""
    times = sorted(one.received_at for one in stream.submissions)
    return times[0] + share * (times[-1] - times[0])


def differing(mine, theirs):
    """The decisions made in both streams whose vectors differ; decided days must not shift."""
    shared = mine.keys() & theirs.keys()
    return [one for one in shared if not np.array_equal(mine[one], theirs[one], equal_nan=True)]


@settings(max_examples=3, deadline=None)
@given(seed=st.sampled_from(SEEDS), share=st.floats(0.3, 1.0))
def test_cutting_the_stream_anywhere_leaves_the_vectors_before_the_cut(seed, share):
    stream = whole(seed)
    at = moment(stream, share)
    cut = vectors(stream.cut(at))
    # Items that came on the day of the cut are decided together, later if more of them came.
    assert {key for key in cut if key[0].date() < at.date()} <= of_whole(seed).keys()
    assert differing(cut, of_whole(seed)) == []


@settings(max_examples=3, deadline=None)
@given(seed=st.sampled_from(SEEDS), share=st.floats(0.3, 0.6), days=st.integers(0, 10))
def test_no_fact_known_at_or_after_a_decision_changes_its_vector(seed, share, days):
    stream = whole(seed)
    at = moment(stream, share)
    late = at + timedelta(days=days)
    # Every fact is told once more, as if it became known at or after that moment.
    told_late = [Known(late, _renamed(one.fact)) for one in stream.facts if one.at < at]
    more = vectors(replace(stream, facts=(*stream.facts, *told_late)))
    before = {key: row for key, row in of_whole(seed).items() if key[0] <= late}
    assert differing(before, more) == []
    assert differing(of_whole(seed), more)  # The facts do count once they are known.


def _renamed(fact):
    return fact.model_copy(update={"id": f"{fact.id}-late"}) if hasattr(fact, "id") else fact


def reads_status(_stream):
    """A planted leak: how many bills are paid, by the status that they have in the end."""

    def leaking(batch, *, history, **known):
        table = compute(batch, history=history, **known)
        bills = history._invoices.values()
        table[:, 0] = sum(one.status is InvoiceStatus.PAID for one in bills)
        return table

    return leaking


def joins_a_ledger(stream):
    """Another: how many of the bills have a payment in the ledger as it stands today."""
    paid = {one.fact.invoice_id for one in stream.facts if isinstance(one.fact, Payment)}

    def leaking(batch, *, history, **known):
        table = compute(batch, history=history, **known)
        table[:, 0] = len(paid & history._invoices.keys())
        return table

    return leaking


@pytest.mark.parametrize("leak", [reads_status, joins_a_ledger])
def test_the_harness_finds_a_feature_that_reads_the_current_state(leak):
    stream = whole(SEEDS[0])
    cut = stream.cut(moment(stream, 0.6))
    assert differing(vectors(cut, features=leak(cut)), vectors(stream, features=leak(stream)))


def test_the_harness_finds_facts_that_are_told_too_early():
    stream = whole(SEEDS[0])
    early = tuple(Known(one.at - timedelta(days=20), one.fact) for one in stream.facts)
    cut_at = moment(stream, 0.6)
    told_early = Stream(stream.reference, stream.submissions, early)
    assert differing(vectors(stream.cut(cut_at)), vectors(told_early))


def test_a_sample_of_stored_assessments_is_computed_again_byte_for_byte():
    stored = {}
    for said, at in _assessments(whole(SEEDS[0])):
        stored[at, said.item_id] = Assessment.model_validate_json(said.model_dump_json())
    ordered = sorted(stored)
    chosen = ordered[:: int(1 / CHECKED_SHARE)]
    assert len(chosen) >= 3
    for at, item_id in chosen:
        until = whole(SEEDS[0]).cut(at + timedelta(microseconds=1))
        again = vectors(until)[at, item_id]
        assert differences(stored[at, item_id].features, np.array(again)) == []


def test_parity_names_what_differs_by_the_last_bit_and_what_is_missing():
    row = np.arange(len(FEATURE_NAMES), dtype=np.float64)
    row[3] = np.nan
    stored = {name: None if np.isnan(value) else value for name, value in
              zip(FEATURE_NAMES, row.tolist(), strict=True)}  # fmt: skip
    assert differences(stored, row) == []
    first, second, third, unknown = FEATURE_NAMES[:4]
    off = {**stored, second: float(np.nextafter(1.0, 2.0)), unknown: 0.0, first: -0.0, "old": 1.0}
    del off[third]
    assert differences(off, row) == [third, "old", first, second, unknown]


def _assessments(stream):
    for desk, at, items in decisions(stream):
        for said in assess(
            to_batch(items, codes=desk.codes),
            history=desk.history,
            terms=desk.terms,
            bundle=None,
            decided_at=at,
            coin=lambda name: uniform(name, salt="parity"),
            new_id=iter(f"A-{n}" for n in range(len(items))).__next__,
        ):
            yield said, at
