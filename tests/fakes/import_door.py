"""A way into the service that keeps what came through, and may break at any batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from data.schemas.batch import FieldProblem, Rejection, parse_items
from data.schemas.reference import Reference
from service.wire.assessments import AssessmentResponse, ItemOutcome, ItemResult
from tests.builders.contracts import reference


class ProcessKilledError(Exception):
    """Stands for the end of the process in the middle of an import."""


@dataclass
class FakeDoor:
    """Takes everything that is well formed; refuses items whose contract is `unknown`."""

    reference: Reference = field(default_factory=reference)
    put_calls: list[tuple[str, list[str]]] = field(default_factory=list)
    batches: list[list[str]] = field(default_factory=list)
    dies_at_batch: int | None = None
    seen: set[str] = field(default_factory=set)

    def known(self) -> Reference:
        return self.reference

    def put(self, kind, objects) -> int:
        self.put_calls.append((kind, [name for name, _ in objects]))
        return len(objects)

    def assess(self, items: list[dict[str, Any]]) -> AssessmentResponse:
        if len(self.batches) == self.dies_at_batch:
            self.dies_at_batch = None
            raise ProcessKilledError
        batch = parse_items(items)
        assert batch.rejected == ()
        self.batches.append([item.external_id for _, item in batch.accepted])
        results = [self._result(row, item) for row, item in batch.accepted]
        counts = [one.outcome for one in results]
        return AssessmentResponse(
            batch_id="batch",
            received=len(items),
            assessed=counts.count(ItemOutcome.ASSESSED),
            unchanged=counts.count(ItemOutcome.UNCHANGED),
            rejected=counts.count(ItemOutcome.REJECTED),
            results=tuple(results),
        )

    def _result(self, row, item) -> ItemResult:
        if item.contract_id == "unknown":
            problem = FieldProblem(field="contract_id", value="unknown", reason="is not known")
            refused = Rejection(row=row, external_id=item.external_id, problems=(problem,))
            return ItemResult(row=row, outcome=ItemOutcome.REJECTED, rejection=refused)
        is_known = item.item_id in self.seen
        self.seen.add(item.item_id)
        outcome = ItemOutcome.UNCHANGED if is_known else ItemOutcome.ASSESSED
        return ItemResult(row=row, outcome=outcome)
