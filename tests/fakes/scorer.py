"""A scorer that says what a test told it to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from data.schemas.assessment import Assessment, Finding, Versions
from data.schemas.catalogue import ExceptionCode
from data.schemas.contracts import Contract, ContractLine
from data.schemas.vocabulary import Lane, Proof, Route, Severity
from models.watch import watch_settings
from service.domain.check import CheckDraw
from service.domain.shadow import ShadowScore
from service.ports.clock import Ids
from service.ports.stores import Fact, StoredItem, UnitOfWork
from tests.builders.contracts import contract

SHARE = 0.0371
"""Of what is cleared or held, drawn for a check; a figure that stands nowhere else."""
REVIEW: Mapping[str, Any] = {"route": Route.REVIEW, "lane": Lane.INDEX, "propensity": 1.0}
CLEAR: Mapping[str, Any] = {"route": Route.AUTO_CLEAR, "lane": None, "propensity": SHARE}
CHECK: Mapping[str, Any] = {"route": Route.AUTO_CLEAR, "lane": Lane.AUDIT, "propensity": SHARE}
HOLD: Mapping[str, Any] = {"route": Route.AUTO_HOLD, "lane": None, "propensity": SHARE}

SEGMENT = "timesheet.regular"
PROMISE = watch_settings(
    alpha_cases=0.05,
    alpha_money=0.05,
    delta=0.05,
    cap_reporting_minor=800_000.0,
    audit_share=SHARE,
).model_dump_json()
"""At most one in twenty is wrong, as a bundle promises it."""

TWO_LINES = tuple(
    ContractLine(id=name, project_id=project, name=name)
    for name, project in (("L-1", "P-1"), ("L-2", "P-2"))
)


class BrokenModelError(Exception):
    """The scorer was told to fail on an item."""


def finding(**overrides: Any) -> Finding:
    """A proved rate fault of 100.00."""
    given = {
        "code": ExceptionCode.RATE_MISMATCH,
        "severity": Severity.HIGH,
        "proof": Proof.RULE,
        "clause_id": "CL-rate_schedule",
        "summary": "The rate differs from the rate card",
        "evidence": (),
        "exposure_minor": 100_00,
    }
    return Finding(**(given | overrides))


class FakeScorer:
    """Sends every item to review unless `says` told otherwise.

    It knows the contracts in `contracts` and in `units` who delivers their lines, remembers in
    `learned` what it was taught and in `calls` how many items each call brought; an item in
    `broken` makes the whole call fail. With a name in `challenger` every item gets a shadow score
    of it.
    """

    def __init__(self) -> None:
        self.contracts = {"C-1": contract(lines=TWO_LINES)}
        self.units: dict[tuple[str, str], str] = {}
        self.learned: list[Fact] = []
        self.calls: list[int] = []
        self.broken: set[str] = set()
        self.promise = PROMISE
        self.challenger = ""
        self._said: dict[str, Mapping[str, Any]] = {}

    def says(self, item_id: str, **fields: Any) -> None:
        """Set fields of the assessment of an item, such as `**CLEAR` or `risk_minor=5`."""
        self._said[item_id] = fields

    def catch_up(self, uow: UnitOfWork) -> None:
        self.learned += uow.facts.since(self.learned[-1].seq if self.learned else 0)

    def assess(self, items: Sequence[StoredItem], *, now: datetime, ids: Ids) -> list[Assessment]:
        self.calls.append(len(items))
        if self.broken & {stored.item.item_id for stored in items}:
            raise BrokenModelError
        return [self._assessment(stored, now=now, ids=ids) for stored in items]

    def drawn(self, items: Sequence[StoredItem], said: Sequence[Assessment]) -> list[CheckDraw]:
        return [
            CheckDraw(
                assessment_id=one.id,
                item_id=one.item_id,
                item_seq=stored.seq,
                segment=SEGMENT,
                bundle=one.versions.bundle,
                propensity=one.propensity,
                amount_reporting_minor=float(one.amount_minor),
                promise=self.promise,
                drawn_at=one.assessed_at,
            )
            for stored, one in zip(items, said, strict=True)
            if one.route is Route.AUTO_CLEAR and one.lane is Lane.AUDIT
        ]

    def shadowed(
        self, items: Sequence[StoredItem], said: Sequence[Assessment]
    ) -> list[ShadowScore]:
        return [
            ShadowScore(
                assessment_id=one.id,
                bundle=self.challenger,
                probabilities={"any_fault": 0.1},
                fault_probability=0.1,
                would_clear=True,
                champion=one.versions.bundle,
                champion_probability=one.violation_probability,
                is_cleared=one.route is Route.AUTO_CLEAR,
                is_proved=False,
                propensity=one.propensity,
            )
            for one in said
            if self.challenger
        ]

    def contract_of(self, contract_id: str) -> Contract | None:
        return self.contracts.get(contract_id)

    def business_unit_of(self, contract_id: str, line_id: str) -> str | None:
        return self.units.get((contract_id, line_id))

    def _assessment(self, stored: StoredItem, *, now: datetime, ids: Ids) -> Assessment:
        item = stored.item
        given = {
            "id": ids.new("asm"),
            "item_id": item.item_id,
            "item_sha256": stored.sha256,
            "kind": item.kind,
            "assessed_at": now,
            "amount_minor": item.amount_minor,
            "currency": item.currency,
            "findings": (),
            "violation_probability": 0.3,
            "delay_probability": 0.2,
            "risk_minor": 0,
            "leak_minor": 0,
            "route_reason": "told by the test",
            "reasons": (),
            "features": {"amount": 1.0, "unknown": None},
            "versions": Versions(rules="r", bundle="b", policy="p", history_through=0),
        }
        return Assessment(**(given | REVIEW | self._said.get(item.item_id, {})))
