"""Walls: which clients and business units somebody sees at all."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """What lies on a person's or a key's side of the wall; None stands for everything."""

    client_ids: frozenset[str] | None = None
    business_units: frozenset[str] | None = None

    @property
    def is_open(self) -> bool:
        """Say whether nothing is hidden."""
        return self.client_ids is None and self.business_units is None

    def admits(self, *, client_id: str, business_unit: str | None) -> bool:
        """Say whether an item of this client and business unit may be seen.

        What belongs to no business unit is hidden from whoever is held to some.
        """
        is_client = self.client_ids is None or client_id in self.client_ids
        is_unit = self.business_units is None or business_unit in self.business_units
        return is_client and is_unit

    def covers(self, other: Wall) -> bool:
        """Say whether everything on the other wall's side is on this one's too."""
        return _covers(self.client_ids, other.client_ids) and _covers(
            self.business_units, other.business_units
        )

    def facts(self) -> dict[str, list[str] | None]:
        """Give both sides as sorted lists, for the audit trail; None stands for everything."""
        return {
            "client_ids": _listed(self.client_ids),
            "business_units": _listed(self.business_units),
        }


def _listed(names: frozenset[str] | None) -> list[str] | None:
    return None if names is None else sorted(names)


def _covers(mine: frozenset[str] | None, theirs: frozenset[str] | None) -> bool:
    return mine is None or (theirs is not None and theirs <= mine)


OPEN_WALL = Wall()
