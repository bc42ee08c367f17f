"""How much is measured: one size for figures that count, one to see that all runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.firm.generate import FirmSize

END = date(2026, 8, 31)
"""A fixed last day of work, so that every run measures the same firm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadShape:
    """How a server is asked: items a request, concurrent clients, and requests in all."""

    batch: int
    clients: int
    requests: int

    @property
    def name(self) -> str:
        """Name the shape in a table."""
        clients = "1 client" if self.clients == 1 else f"{self.clients} clients"
        return f"batch of {self.batch}, {clients}"

    @property
    def items(self) -> int:
        """How many items are sent in all."""
        return self.batch * self.requests


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Everything that differs between a whole run and a quick one."""

    is_quick: bool
    trained: FirmSize
    """The firm the champion learns from."""
    served: FirmSize
    """The firm whose items are assessed, imported and checked."""
    months_to_bill: int
    """Its last months are sent as items; the months before are taken as history."""
    shapes: tuple[LoadShape, ...]
    import_rows: int
    rule_entries: int
    """Time entries that rules read from one file."""
    streamed_entries: int
    """The same in a stream that is larger than memory should be."""
    drawn_people: int
    """How many people the large generated firm has."""
    practice_people: int
    """How many of them one practice has at most."""
    audit_entries: int
    demo_people: int
    demo_months: int


def _firm(people: int, *, months: int) -> FirmSize:
    return FirmSize(
        people=people,
        clients=max(4, people * 25 // 60),
        contracts=max(6, people * 40 // 60),
        months=months,
        end=END,
    )


WHOLE = Scale(
    is_quick=False,
    trained=_firm(60, months=24),
    served=_firm(320, months=12),
    months_to_bill=4,
    shapes=(
        LoadShape(batch=1, clients=1, requests=400),
        LoadShape(batch=1, clients=16, requests=800),
        LoadShape(batch=500, clients=1, requests=4),
        LoadShape(batch=500, clients=4, requests=8),
    ),
    import_rows=20_000,
    rule_entries=1_000_000,
    streamed_entries=10_000_000,
    drawn_people=3_400,
    practice_people=125,
    audit_entries=100_000,
    demo_people=60,
    demo_months=27,
)
QUICK = Scale(
    is_quick=True,
    trained=_firm(30, months=14),
    served=_firm(100, months=8),
    months_to_bill=4,
    shapes=(
        LoadShape(batch=1, clients=1, requests=100),
        LoadShape(batch=1, clients=16, requests=200),
        LoadShape(batch=500, clients=1, requests=1),
        LoadShape(batch=500, clients=4, requests=2),
    ),
    import_rows=2_000,
    rule_entries=100_000,
    streamed_entries=500_000,
    drawn_people=80,
    practice_people=20,
    audit_entries=10_000,
    demo_people=16,
    demo_months=8,
)
WARM_UP_REQUESTS = 20
