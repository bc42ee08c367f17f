"""The one random stream: repeatable, uniform, and committed to before the first draw."""

from __future__ import annotations

import hashlib
import stat

import pytest

from service.scoring.coin import Coin, load_coin


def test_a_draw_is_fixed_by_seed_and_name():
    coin = Coin(b"seed")
    assert coin("item") == Coin(b"seed")("item")
    assert coin("item") != coin("other")
    assert coin("item") != Coin(b"another")("item")


def test_draws_lie_in_the_unit_interval_evenly():
    draws = [Coin(b"seed")(f"item-{number}") for number in range(10_000)]
    assert all(0 <= draw < 1 for draw in draws)
    # A share of 5 % of 10,000 has a standard deviation of 0.22 points.
    assert sum(draw < 0.05 for draw in draws) / len(draws) == pytest.approx(0.05, abs=0.01)
    assert sum(draws) / len(draws) == pytest.approx(0.5, abs=0.015)


def test_the_commitment_is_the_hash_of_the_seed():
    assert Coin(b"seed").commitment == hashlib.sha256(b"seed").hexdigest()


def test_the_seed_is_made_once_and_for_its_owner_alone(tmp_path):
    first, again = load_coin(tmp_path / "secrets"), load_coin(tmp_path / "secrets")
    assert first.commitment == again.commitment
    (seed,) = (tmp_path / "secrets").iterdir()
    assert stat.S_IMODE(seed.stat().st_mode) == 0o400
    assert load_coin(tmp_path / "elsewhere").commitment != first.commitment
