"""What a challenger would have said of items that the champion decided."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowScore:
    """The answers of both bundles to one assessed item; only the champion's had any effect."""

    assessment_id: str
    bundle: str
    probabilities: dict[str, float]
    """The challenger's answers, by question."""
    fault_probability: float | None
    would_clear: bool
    champion: str
    champion_probability: float | None
    is_cleared: bool
    is_proved: bool
    """A rule proved a fault: no question of probability."""
    propensity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedShadow:
    """The same beside what a person said of the item, None where nobody has."""

    score: ShadowScore
    is_wrong: bool | None
