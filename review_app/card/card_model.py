"""What stands on the card of a case: text only, every figure formatted, every row marked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One entry of a timesheet; `marks` names the findings it proves, `fields` the cells.

    `category` is empty where it is the same as in the row before.
    """

    id: str
    day: str
    task: str
    category: str
    worked: str
    billable: str
    rate: str
    amount: str
    narrative: str
    marks: tuple[str, ...]
    fields: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpenseRowView:
    """One expense of a report, with its marks and the cells in question."""

    id: str
    day: str
    category: str
    merchant: str
    receipt: str
    """`yes` or `no`."""
    cost: str
    billed: str
    description: str
    marks: tuple[str, ...]
    fields: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """One thing a milestone needs, and whether it is there."""

    name: str
    state: str
    is_met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceView:
    """What stands in one row, and what the clause expects there."""

    place: str
    actual: str
    expected: str
    exposure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseView:
    """The words of the contract, and where they stand."""

    text: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """One finding with its proof, its clause and its price.

    What a rule proved stands against the contract; what a model suspects, against what is usual.
    """

    mark: str
    is_proved: bool
    is_named: bool
    """The address names this finding."""
    title: str
    catalogue_id: str
    severity: str
    proof: str
    summary: str
    exposure: str
    evidence: tuple[EvidenceView, ...]
    clause: ClauseView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonView:
    """One reason of the model; the sign is a word, not a colour."""

    sign: str
    direction: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """One line of the history."""

    at: str
    text: str
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A named amount of money or time."""

    name: str
    amount: str
    is_strong: bool = False
    meaning: str = ""
    """What the figure means, as the documents define it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """Everything on the card of one case."""

    case_id: str
    version: int
    is_unfolded: bool
    """Everything stands open, as paper cannot be unfolded."""
    kind: str
    title: str
    client: str
    contract: str
    status: str
    due: str
    is_overdue: bool
    amount: str
    period: str
    rows: tuple[RowView, ...]
    expenses: tuple[ExpenseRowView, ...]
    checks: tuple[CheckView, ...]
    signatures: tuple[EventView, ...]
    findings: tuple[FindingView, ...]
    summary: str
    """The facts of the case in a few sentences; empty for who does not want them."""
    figures: tuple[Figure, ...]
    opinion: str
    """What to know of the models' opinion: that it comes later, or what one said before it."""
    likelihoods: tuple[Figure, ...]
    reasons: tuple[ReasonView, ...]
    why_next: str | None
    why_figures: tuple[Figure, ...]
    history: tuple[EventView, ...]
    decisions: tuple[EventView, ...]
