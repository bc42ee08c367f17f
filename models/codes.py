"""Names as dense integers: the codebooks that items, terms and history share."""

from __future__ import annotations

from dataclasses import dataclass, field

UNKNOWN = -1


@dataclass(slots=True)
class Codebook:
    """Names as dense integers, in the order they were first met."""

    _codes: dict[str, int] = field(default_factory=dict)
    _names: list[str] = field(default_factory=list)

    def code(self, name: str) -> int:
        """Give the number of `name`, making one if it is new."""
        code = self._codes.setdefault(name, len(self._names))
        if code == len(self._names):
            self._names.append(name)
        return code

    def find(self, name: str) -> int:
        """Give the number of `name`, or UNKNOWN."""
        return self._codes.get(name, UNKNOWN)

    def __len__(self) -> int:
        return len(self._names)

    def name(self, code: int) -> str:
        """Give the name of a number."""
        return self._names[code]

    def names(self) -> list[str]:
        """All names, so that `names()[code]` is the name."""
        return list(self._names)


@dataclass(slots=True)
class Codes:
    """The codebooks shared by items, terms and history of one assessor."""

    person: Codebook = field(default_factory=Codebook)
    contract: Codebook = field(default_factory=Codebook)
    line: Codebook = field(default_factory=Codebook)
    project: Codebook = field(default_factory=Codebook)
    task: Codebook = field(default_factory=Codebook)
    category: Codebook = field(default_factory=Codebook)
    location: Codebook = field(default_factory=Codebook)
    activity: Codebook = field(default_factory=Codebook)
    change_order: Codebook = field(default_factory=Codebook)
    client: Codebook = field(default_factory=Codebook)
    expense_category: Codebook = field(default_factory=Codebook)
    merchant: Codebook = field(default_factory=Codebook)
    currency: Codebook = field(default_factory=Codebook)
    trip: Codebook = field(default_factory=Codebook)
    preapproval: Codebook = field(default_factory=Codebook)


def line_name(contract_id: str, line_id: str) -> str:
    """A line's name across contracts."""
    return f"{contract_id}\x1f{line_id}"


def task_name(project_id: str, task_id: str) -> str:
    """A task's name across projects."""
    return f"{project_id}\x1f{task_id}"
