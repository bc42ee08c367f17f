"""What a person chose for their own screens; nothing of it is a right."""

from __future__ import annotations

import zoneinfo
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from data.schemas.values import ContradictionError, Record
from data.schemas.vocabulary import Channel, NotificationKind

KEPT_FOR_STREAMLIT = frozenset("CR")
"""Streamlit takes these letters for itself, with and without modifiers."""
MOST_KEYS = 40


def _known_zone(name: str) -> str:
    if name and name not in zoneinfo.available_timezones():
        raise ValueError(f"{name!r} is no time zone; write one like Europe/Vienna")
    return name


Locale = Annotated[str, Field(pattern=r"^([a-z]{2,3}(-[A-Z]{2})?)?$")]
TimeZone = Annotated[str, Field(max_length=60), AfterValidator(_known_zone)]
Action = Annotated[str, Field(min_length=1, max_length=40)]
Letter = Annotated[str, Field(pattern=r"^[A-Z]$")]


class Preferences(Record):
    """A person's own settings; what is left empty follows the browser or the product."""

    locale: Locale = ""
    """How dates and amounts read, for example `de-AT`; empty for the browser's."""
    time_zone: TimeZone = ""
    """For example `Europe/Vienna`; empty for the browser's."""
    keys: dict[Action, Letter] = Field(default_factory=dict, max_length=MOST_KEYS)
    """Letters the person gave to actions, where they differ from ours."""
    are_keys_on: bool = True
    hides_summary: bool = False
    notify: dict[NotificationKind, tuple[Channel, ...]] = Field(default_factory=dict)
    """Which way the person wants to be told; what is left out comes in the app."""
    has_seen_guide: bool = False

    @model_validator(mode="after")
    def _each_letter_does_one_thing(self) -> Self:
        letters = list(self.keys.values())
        taken = KEPT_FOR_STREAMLIT.intersection(letters)
        if taken:
            reason = "belongs to the page itself; choose another letter"
            raise ContradictionError(reason, field="keys", value=min(taken))
        if len(set(letters)) != len(letters):
            doubled = next(one for one in letters if letters.count(one) > 1)
            raise ContradictionError("does two things", field="keys", value=doubled)
        return self
