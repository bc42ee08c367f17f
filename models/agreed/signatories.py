"""Who may sign how much, compiled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from data.schemas.people import Person
from models.codes import Codes
from models.columns import Ints
from models.timeline import ALWAYS, Span, Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatories:
    """The authority of everybody we know."""

    _authority_minor: Timeline

    @classmethod
    def build(cls, people: Iterable[Person], *, codes: Codes) -> Signatories:
        """Compile the people; names not yet in `codes` are added to it."""
        spans = (
            Span(codes.person.code(one.id), ALWAYS, None, one.authority_limit_minor)
            for one in people
        )
        return cls(_authority_minor=Timeline.build(spans, missing=0))

    def authority_minor(self, person: Ints) -> Ints:
        """Give what each person may approve in one item; nothing for somebody unknown."""
        return self._authority_minor.at(person, np.zeros(len(person), dtype=np.int64))
