"""The statistics of how people judge, against worked examples and their own invariants."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.agreement import (
    Pair,
    agreement,
    difference,
    effective_number,
    share,
    weighted_share,
)


def table(both, first_only, second_only, neither):
    """Pairs as a table of four counts."""
    cells = [
        (True, True, both),
        (True, False, first_only),
        (False, True, second_only),
        (False, False, neither),
    ]
    return [
        Pair(first=first, second=second) for first, second, count in cells for _ in range(count)
    ]


def figures(found):
    """The estimate with its ends, to be compared at once."""
    return pytest.approx((found.value, found.low, found.high), abs=5e-4)


def test_a_share_has_wilsons_interval():
    # (p + z^2 / 2n -+ z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n) with z = 1.96
    assert figures(share(17, 20)) == (0.85, 0.640, 0.948)
    # Newcombe 1998, table I: 81 of 263 and 15 of 148 and 0 of 20
    assert figures(share(81, 263)) == (0.308, 0.2553, 0.3662)
    assert figures(share(15, 148)) == (0.1014, 0.0624, 0.1605)
    assert figures(share(0, 20)) == (0.0, 0.0, 0.1611)


def test_nothing_has_no_share():
    assert share(0, 0) is None
    assert weighted_share([]) is None
    assert agreement([]) is None


@pytest.mark.parametrize(
    ("prevalence", "kappa", "reach_at_100", "reach_at_400"),
    [
        (0.5, 0.80, 0.12, 0.06),  # (.9 - .5) / .5, and 1.96 sqrt(.09 / n) / .5
        (0.3, 0.76, 0.14, 0.07),  # (.9 - .58) / .42
        (0.1, 0.44, 0.33, 0.16),  # (.9 - .82) / .18: the same agreement, and kappa collapses
    ],
)
def test_kappa_falls_with_prevalence_at_the_same_agreement(
    prevalence, kappa, reach_at_100, reach_at_400
):
    for number, reach in ((100, reach_at_100), (400, reach_at_400)):
        yes = round(prevalence * number - 0.05 * number)
        found = agreement(
            table(yes, round(0.05 * number), round(0.05 * number), round(0.9 * number) - yes)
        )
        assert found.raw.value == pytest.approx(0.9)
        assert found.kappa.value == pytest.approx(kappa, abs=5e-3)
        half = (found.kappa.high - found.kappa.low) / 2
        assert half == pytest.approx(reach, rel=0.05)


def test_ac1_stays_where_nearly_all_answers_are_the_same():
    found = agreement(table(5, 5, 5, 85))
    # By chance 2 x .1 x .9 = .18 agree, so that .72 of the .82 left are reached.
    assert found.ac1.value == pytest.approx(0.878, abs=1e-3)
    assert found.kappa.value == pytest.approx(0.444, abs=1e-3)


def test_cohens_own_example():
    # 20 and 15 agreed of 50, 5 and 10 not: .7 seen, .5 by chance
    found = agreement(table(20, 5, 10, 15))
    assert found.kappa.value == pytest.approx(0.4)


def test_two_people_who_always_say_the_same_one_thing_leave_nothing_to_chance():
    found = agreement(table(0, 0, 0, 40))
    assert found.kappa is None
    assert found.ac1.value == pytest.approx(1.0)
    assert found.raw.low < 1.0


def test_a_difference_has_newcombes_interval():
    # Newcombe 1998 (Statistics in Medicine 17, 873), method 10: 56 of 70 less 48 of 80
    assert figures(difference(share(56, 70), share(48, 80))) == (0.2, 0.0524, 0.3339)
    assert figures(difference(share(9, 10), share(3, 10))) == (0.6, 0.1705, 0.8090)


answers = st.lists(
    st.tuples(st.booleans(), st.floats(min_value=1.0, max_value=20.0)), min_size=1, max_size=60
)


@given(answers)
def test_a_weighted_share_lies_within_its_interval(found):
    told = weighted_share(found)
    assert 0.0 <= told.low <= told.value <= told.high <= 1.0


@given(st.integers(0, 200), st.integers(1, 200), st.floats(1.0, 20.0))
def test_equal_weights_change_nothing(part, more, weight):
    whole = part + more
    weighted = weighted_share([(True, weight)] * part + [(False, weight)] * more)
    plain = share(part, whole)
    assert math.isclose(weighted.low, plain.low, abs_tol=1e-9)
    assert math.isclose(weighted.high, plain.high, abs_tol=1e-9)


@given(st.lists(st.floats(min_value=1.0, max_value=1_000.0), min_size=1, max_size=50))
def test_weights_never_make_answers_worth_more_than_they_are(weights):
    assert effective_number(weights) <= len(weights) + 1e-6


pairs = st.lists(
    st.builds(
        Pair, first=st.booleans(), second=st.booleans(), weight=st.floats(min_value=1, max_value=50)
    ),
    min_size=1,
    max_size=60,
)


@given(pairs)
def test_agreement_is_the_same_whoever_is_called_the_first(found):
    told = agreement(found)
    turned = agreement(
        [Pair(first=one.second, second=one.first, weight=one.weight) for one in found]
    )
    assert told.raw.value == pytest.approx(turned.raw.value)
    assert (told.kappa is None) == (turned.kappa is None)
    if told.kappa is not None:
        assert told.kappa.value == pytest.approx(turned.kappa.value)
        assert -1.0 <= told.kappa.low <= told.kappa.value <= told.kappa.high <= 1.0 + 1e-9


@given(pairs)
def test_beyond_chance_is_never_more_than_agreement_itself(found):
    told = agreement(found)
    assert told.ac1.value <= told.raw.value + 1e-9
    if told.kappa is not None:
        assert told.kappa.value <= told.raw.value + 1e-9
