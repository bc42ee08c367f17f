"""The files that a run leaves for people: its card and its pictures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from data.schemas.questions import Question
from models.bundle import Bundle
from training.card import CardFacts, card_of
from training.comparison import Comparison
from training.evaluate import measure_slices
from training.fit import table_sha256
from training.gates import Gate
from training.plots import precision_recall, reliability_curve, risk_and_coverage
from training.side_models import SideModels
from training.splits import DAY_US, Slices
from training.versions import code_version


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """The files by path, and the hash of each question's table."""

    files: Mapping[str, bytes]
    data_sha256: Mapping[str, str]


def papers_of(
    bundle: Bundle,
    *,
    comparison: Comparison,
    slices: Mapping[Question, Slices],
    gate: Gate,
    dropped: Mapping[Question, Sequence[str]],
    side: SideModels,
    rows: int,
    now: datetime,
) -> Papers:
    """Write the card, and draw calibration and ranking of each head and what is cleared."""
    data_sha256 = {question.value: _sha256(parts) for question, parts in slices.items()}
    certified = comparison.heads[Question.ANY_FAULT]
    facts = CardFacts(
        name=f"Bundle {bundle.id}",
        code=code_version(),
        trained_at=now,
        rows=rows,
        data_sha256=data_sha256,
        gaps_days={question.value: _gap_days(parts) for question, parts in slices.items()},
        gate=gate,
        dropped=dropped,
        missing=side.missing,
        slices=measure_slices(certified.test, probability=certified.probability),
    )
    regression = {
        question: _without(comparison.metrics, prefix=f"{question.value}_regression_")
        for question in comparison.heads
    }
    certificates = bundle.document.certificates
    card = card_of(facts, heads=comparison.heads, regression=regression, certificates=certificates)
    files = {
        "card.md": card.encode(),
        "gate.json": (gate_text(gate, dropped=dropped) + "\n").encode(),
        "plots/cleared.svg": risk_and_coverage(
            certified.test,
            probability=certified.probability,
            certificates=certificates,
            cleared_share=comparison.cleared.share_of_cases,
            wrong_share=comparison.cleared.wrong_share_of_cases,
        ),
    }
    return Papers(files=files | _curves(comparison), data_sha256=data_sha256)


def gate_text(gate: Gate, *, dropped: Mapping[Question, Sequence[str]]) -> str:
    """Say what the gate said, as JSON."""
    said = {"outcome": gate.outcome, "reasons": list(getattr(gate, "reasons", ()))}
    left_out = {question.value: list(reasons) for question, reasons in dropped.items()}
    return json.dumps(said | {"left_out": left_out}, indent=1)


def _curves(comparison: Comparison) -> dict[str, bytes]:
    files = {}
    for question, head in comparison.heads.items():
        if "auc" in head.figures:
            files[f"plots/{question.value}.calibration.svg"] = reliability_curve(
                head.test, probability=head.probability
            )
            files[f"plots/{question.value}.ranking.svg"] = precision_recall(
                head.test, probability=head.probability
            )
    return files


def _sha256(parts: Slices) -> str:
    """One hash for the slices of a question: what was learned from, in this cut."""
    hashes = "\n".join(table_sha256(part) for part in parts.parts)
    return hashlib.sha256(hashes.encode()).hexdigest()


def _gap_days(parts: Slices) -> float:
    earlier = [part for part in parts.parts[:-1] if len(part)]
    if not earlier or len(parts.test) == 0:
        return 0.0
    last = max(int(np.max(part.assessed_us)) for part in earlier)
    return (int(np.min(parts.test.assessed_us)) - last) / DAY_US


def _without(metrics: Mapping[str, float], *, prefix: str) -> dict[str, float]:
    return {
        name.removeprefix(prefix): value
        for name, value in metrics.items()
        if name.startswith(prefix) and "." not in name
    }
