"""What holds for every test of the tree."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# Machines differ and are shared: a property is about what holds, never about how fast.
settings.register_profile(
    "any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any-machine")
