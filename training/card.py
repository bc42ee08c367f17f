"""The model card: what a bundle is for, what it learned from, how good it is, and its limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from data.schemas.questions import ASKED, Question
from models.certificate import Certificate
from training.gates import Gate, HeadEvidence, Refused

FIGURES = ("rows", "positives", "base_rate", "auc", "pr_auc", "brier", "log_loss", "ece")
LIMITS = (
    "Probabilities hold for items like those it learned from; drift monitors and audits say when "
    "that ends.",
    "A certificate ends on its day or after its number of items, whichever comes first, and an "
    "alarm of the audits freezes it before.",
    "Labels are what reviewers found; a fault that every reviewer misses is learned as good work.",
    "It never judges a person: features describe items and the track record of their sources.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    """What a card tells beside the figures of the heads."""

    name: str
    code: str
    trained_at: datetime
    rows: int
    data_sha256: Mapping[str, str]
    """The hash of the table of each question."""
    gaps_days: Mapping[str, float]
    """Days kept free before the test slice of each question."""
    gate: Gate
    dropped: Mapping[Question, Sequence[str]]
    missing: Sequence[str]
    """What could not be learned beside the heads, and why."""
    slices: Mapping[str, Mapping[str, float]]
    """Figures of the certified question, by slice."""


def card_of(
    facts: CardFacts,
    *,
    heads: Mapping[Question, HeadEvidence],
    regression: Mapping[Question, Mapping[str, float]],
    certificates: Iterable[Certificate],
) -> str:
    """Write the card as Markdown."""
    parts = [
        f"# {facts.name}",
        _purpose(facts),
        _data(facts, heads=heads),
        _figures(heads, regression=regression),
        _slices(facts.slices),
        _certificates(certificates),
        _gate(facts),
        "## Limits\n\n" + "\n".join(f"- {limit}" for limit in LIMITS),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _purpose(facts: CardFacts) -> str:
    return (
        "## Purpose\n\nSays of a timesheet, milestone or expense report, before it is billed, how "
        "likely a full review finds a fault that no rule proves, how likely its value is given up "
        "or disputed, and whether its invoice leaves late. Its certificates let policy clear "
        "items without a person within a proven error limit; nothing else is decided by it.\n\n"
        f"Trained {facts.trained_at:%Y-%m-%d %H:%M} UTC by version {facts.code}."
    )


def _data(facts: CardFacts, *, heads: Mapping[Question, HeadEvidence]) -> str:
    rows = []
    for question, head in heads.items():
        sha256 = facts.data_sha256.get(question.value, "")[:12]
        gap = facts.gaps_days.get(question.value, 0.0)
        rows.append((question.value, ASKED[question].source.value, str(len(head.fit)),
                     str(len(head.test)), f"{gap:.0f}", sha256))  # fmt: skip
    table = _table(
        ("question", "answered by", "rows to fit", "rows to test", "gap before test (days)",
         "data (SHA-256)"), rows)  # fmt: skip
    return (
        f"## Data and questions\n\n{facts.rows} rows of the trail and the past, cut by time: fit, "
        f"tune, calibrate, test. Figures below are those of the test slice.\n\n{table}"
    )


def _figures(
    heads: Mapping[Question, HeadEvidence],
    *,
    regression: Mapping[Question, Mapping[str, float]],
) -> str:
    rows = []
    for question, head in heads.items():
        rows.append((question.value, *_cells(head.figures)))
        rows.append(("- regression", *_cells(regression.get(question, {}))))
    return "## Figures\n\n" + _table(("question", *FIGURES), rows)


def _slices(slices: Mapping[str, Mapping[str, float]]) -> str:
    rows = [(name, *_cells(figures)) for name, figures in slices.items()]
    return "## Slices of the certified question\n\n" + _table(("slice", *FIGURES), rows)


def _certificates(certificates: Iterable[Certificate]) -> str:
    rows = [
        (one.segment, "none" if one.threshold is None else f"{one.threshold:.4f}",
         f"{one.alpha_cases:.1%}", f"{one.alpha_money:.1%}", f"{one.delta:.1%}",
         f"{one.share_of_cases:.1%}", f"{one.share_of_money:.1%}", f"{one.expires_at:%Y-%m-%d}")
        for one in certificates
    ]  # fmt: skip
    columns = ("segment", "threshold", "alpha of cases", "alpha of money", "delta",
               "cases cleared", "money cleared", "expires")  # fmt: skip
    return "## Certificates\n\n" + _table(columns, rows)


def _gate(facts: CardFacts) -> str:
    told = [f"## Gate\n\n{facts.gate.outcome.capitalize()}."]
    if isinstance(facts.gate, Refused):
        told += [f"- {reason}" for reason in facts.gate.reasons]
    told += [
        f"- left out: {question.value} ({'; '.join(reasons)})"
        for question, reasons in facts.dropped.items()
    ]
    told += [f"- not learned: {one}" for one in facts.missing]
    return "\n".join(told)


def _cells(figures: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(_cell(name, figures.get(name)) for name in FIGURES)


def _cell(name: str, value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if name in {"rows", "positives"} else f"{value:.3f}"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return "None."
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
