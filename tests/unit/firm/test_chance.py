"""Seeded streams of chance, and the sizes a firm may have."""

import pytest

from data.firm.chance import PARTS, Chance, logistic
from data.firm.records import FirmSize, FirmTooSmallError


def draws(chance):
    return [chance.between(0, 10**9) for _ in range(5)]


def test_equal_seed_and_part_give_equal_draws():
    assert draws(Chance("work", seed=7)) == draws(Chance("work", seed=7))


def test_every_part_has_a_stream_of_its_own():
    assert len({tuple(draws(Chance(part, seed=7))) for part in PARTS}) == len(PARTS)


def test_a_sample_has_no_option_twice_and_no_more_than_there_are():
    assert sorted(Chance("work", seed=1).sample("abcd", count=9)) == list("abcd")


def test_an_option_without_weight_is_never_drawn():
    chance = Chance("work", seed=1)
    assert {chance.weighted("ab", weights=(0.0, 1.0)) for _ in range(50)} == {"b"}


def test_even_log_odds_are_an_even_chance():
    assert logistic(0.0) == pytest.approx(0.5)


@pytest.mark.parametrize(("field", "asked"), [("people", 5), ("contracts", 0), ("months", 0)])
def test_a_firm_too_small_to_work_is_refused_with_the_size_to_ask_for(field, asked):
    with pytest.raises(FirmTooSmallError, match=f"{field}={asked}") as refused:
        FirmSize(**{field: asked})
    assert refused.value.fewest > asked
