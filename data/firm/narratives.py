"""What people write beside their hours: an activity, an object of the task, and a detail."""

from __future__ import annotations

from data.firm.chance import Chance
from data.firm.phrases import (
    FAVOUR_OPENINGS,
    FAVOURS,
    JOINERS,
    OVERHEAD,
    OVERHEAD_ENDINGS,
    PAID_LOOK_ALIKES,
    PLANNED_EXTRAS,
    SLANG,
    VAGUE_ENDINGS,
    VAGUE_OBJECTS,
    VAGUE_OPENINGS,
)
from data.firm.trade import ACTIVITIES, DETAILS, EMPTY, THEMES

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
    words = f"{chance.pick(VAGUE_OPENINGS)} {chance.pick(VAGUE_OBJECTS)}"
    return words + chance.pick(VAGUE_ENDINGS)


def write_nothing(chance: Chance) -> str:
    """What no billing guideline takes for a narrative."""
    return chance.pick(EMPTY)


def write_overhead(chance: Chance) -> str:
    """Words of an activity that clients usually do not pay for."""
    return chance.pick(OVERHEAD) + chance.pick(OVERHEAD_ENDINGS)


def write_like_overhead(theme: str, *, task: str, chance: Chance) -> str:
    """Work that the client pays for, in words that sound like overhead."""
    return chance.pick(PAID_LOOK_ALIKES).format(thing=chance.pick(THEMES[theme][task]))


def write_favour(chance: Chance) -> str:
    """Something the client asked for that nobody agreed on."""
    return f"{chance.pick(FAVOUR_OPENINGS)} {chance.pick(FAVOURS)}"


def write_like_favour(theme: str, *, task: str, chance: Chance) -> str:
    """Agreed work, in words that sound like a favour."""
    return chance.pick(PLANNED_EXTRAS).format(thing=chance.pick(THEMES[theme][task]))


def write_block(theme: str, *, parts: int, chance: Chance) -> str:
    """Several activities in one sentence, so that nobody sees how long each of them took."""
    tasks = tuple(THEMES[theme])
    activities = chance.sample(ACTIVITIES, count=parts)
    words = activities[0]
    for place, activity in enumerate(activities):
        thing = chance.pick(THEMES[theme][chance.pick(tasks)])
        told = f"{activity} {thing}" if place == 0 else f"{activity.casefold()} {thing}"
        words = told if place == 0 else f"{words}{chance.pick(JOINERS)}{told}"
    return words


def write_foreign(theme: str, *, chance: Chance) -> str:
    """A sentence about the work of another project."""
    task = chance.pick(tuple(THEMES[theme]))
    return write_narrative(theme, task=task, chance=chance)


def write_with_example(narrative: str, *, theme: str, chance: Chance) -> str:
    """The sentence with a comparison to another project's work; it is still this project's."""
    task = chance.pick(tuple(THEMES[theme]))
    return f"{narrative}, as done for the {chance.pick(THEMES[theme][task])}"


def write_slang(narrative: str, *, client_number: int, chance: Chance) -> str:
    """The sentence as the people of a client would say it."""
    own = [SLANG[(client_number * 5 + step) % len(SLANG)] for step in range(3)]
    return f"{narrative} {chance.pick(own)}"


def write_again(narrative: str, *, chance: Chance) -> str:
    """The same sentence once more, with a word added: equal to the eye, not to a rule."""
    return f"{narrative} {chance.pick(('continued', 'again', 'cont', 'part 2', 'rest'))}"


def tell_apart(narrative: str, *, number: int) -> str:
    """The sentence with a step number, for a second entry of the same day and task."""
    return f"{narrative}, step {number}"
