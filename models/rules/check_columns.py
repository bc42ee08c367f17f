"""Every rule over a batch, as columns: what a file of millions of entries is checked with."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from data.schemas.catalogue import ExceptionCode
from models.rules.check import RULES
from models.rules.facts import Facts
from models.rules.hits import Hits, Rule

Registered = tuple[ExceptionCode, Rule]
Found = list[tuple[ExceptionCode, Hits]]
RunAll = Callable[
    [Callable[[Registered], tuple[ExceptionCode, Hits]], Iterable[Registered]],
    Iterable[tuple[ExceptionCode, Hits]],
]
"""Like the builtin `map`: applies to each in order; that of a pool of threads uses two cores."""


def check_columns(facts: Facts, *, run_all: RunAll = map) -> Found:
    """Give the hits of each rule, in the order of the catalogue; no text is made.

    Rules do not look at each other, so any way of running them gives the same.
    """
    return list(run_all(lambda rule: (rule[0], rule[1](facts)), RULES))
