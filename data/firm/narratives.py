"""What people write beside their hours: an activity, an object of the task, and a detail."""

from __future__ import annotations

from data.firm.chance import Chance
from data.firm.trade import ACTIVITIES, DETAILS, EMPTY, OVERHEAD, THEMES, VAGUE

HAS_DETAIL_PROBABILITY = 0.7
HAS_REFERENCE_PROBABILITY = 0.2


def write_narrative(theme: str, *, task: str, chance: Chance) -> str:
    """A sentence about the task, such as a careful person writes."""
    words = f"{chance.pick(ACTIVITIES)} {chance.pick(THEMES[theme][task])}"
    if chance.happens(HAS_DETAIL_PROBABILITY):
        words = f"{words} {chance.pick(DETAILS)}"
    if chance.happens(HAS_REFERENCE_PROBABILITY):
        words = f"{words} (ticket {chance.between(1_000, 9_999)})"
    return words


def write_vaguely(chance: Chance) -> str:
    """A few words that say nothing."""
    return chance.pick(VAGUE)


def write_nothing(chance: Chance) -> str:
    """What no billing guideline takes for a narrative."""
    return chance.pick(EMPTY)


def write_overhead(chance: Chance) -> str:
    """Words of an activity that clients usually do not pay for."""
    return f"{chance.pick(OVERHEAD)}{chance.pick(('', ', half day', ' with the practice'))}"


def write_foreign(theme: str, *, chance: Chance) -> str:
    """A sentence about the work of another project."""
    task = chance.pick(tuple(THEMES[theme]))
    return write_narrative(theme, task=task, chance=chance)


def write_again(narrative: str, *, chance: Chance) -> str:
    """The same sentence once more, with a word added: equal to the eye, not to a rule."""
    return f"{narrative} {chance.pick(('continued', 'again', 'cont', 'part 2', 'rest'))}"


def tell_apart(narrative: str, *, number: int) -> str:
    """The sentence with a step number, for a second entry of the same day and task."""
    return f"{narrative}, step {number}"
