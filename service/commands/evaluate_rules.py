"""`countersign evaluate rules`: generated firms, and how many of their faults the rules find."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from data.firm.generate import generate_firm
from data.firm.records import FirmSize
from data.schemas.catalogue import CATALOGUE
from models.evaluation.rule_recall import KindRecall, RuleRecall, evaluate_rules, join

PROCESSES = 2
CLIENTS_A_PERSON, CONTRACTS_A_PERSON = 25 / 60, 40 / 60
"""As in the firm of the demonstration."""
FEWEST_CLIENTS, FEWEST_CONTRACTS = 4, 6
HEADINGS = ("kind", "faults", "found", "missed", "false", "recall", "precision", "price error")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationPlan:
    """How many firms to generate, and how large; equal plans give equal figures."""

    seeds: int = 20
    people: int = 24
    months: int = 6

    def sizes(self) -> list[FirmSize]:
        """The size of each firm: one a seed, from 1 on."""
        return [
            FirmSize(
                people=self.people,
                clients=max(FEWEST_CLIENTS, round(self.people * CLIENTS_A_PERSON)),
                contracts=max(FEWEST_CONTRACTS, round(self.people * CONTRACTS_A_PERSON)),
                months=self.months,
                seed=seed,
            )
            for seed in range(1, self.seeds + 1)
        ]


def evaluate_firms(plan: EvaluationPlan, *, say: Callable[[str], None]) -> RuleRecall:
    """Generate the firms, check their items as they arrived, and put the figures together."""
    parts = []
    sizes = plan.sizes()
    for size, part in zip(sizes, _each(sizes), strict=True):
        parts.append(part)
        total = part.total
        say(
            f"seed {size.seed} of {plan.seeds}: {total.found} of {total.faults} faults found, "
            f"{total.false_alarms} false alarms"
        )
    return join(parts)


def as_table(result: RuleRecall) -> list[str]:
    """The figures of each kind as lines of text, with the sum below."""
    rows: list[tuple[str, ...]] = [HEADINGS]
    rows += [_cells(f"{CATALOGUE[code].id} {code}", one) for code, one in result.kinds.items()]
    rows.append(_cells("all", result.total))
    return [f"{row[0]:<46}" + "".join(f"{cell:>12}" for cell in row[1:]) for row in rows]


def as_figures(result: RuleRecall) -> dict[str, object]:
    """The same as one JSON object."""
    total = result.total
    return {
        "recall": total.recall,
        "precision": total.precision,
        "kinds": sum(one.faults > 0 for one in result.kinds.values()),
        "faults": total.faults,
        "exposure_error_minor": total.exposure_error_minor,
        "table": {
            code.value: {
                "faults": one.faults,
                "found": one.found,
                "missed": one.missed,
                "false_alarms": one.false_alarms,
                "recall": one.recall,
                "precision": one.precision,
                "exposure_minor": one.exposure_minor,
                "exposure_error_minor": one.exposure_error_minor,
            }
            for code, one in result.kinds.items()
        },
    }


def shown_disagreements(result: RuleRecall, *, count: int) -> list[str]:
    """The first rows on which rules and truth differ."""
    return [
        f"{one.code}: item {one.item_id}, row {one.row_id}: {one.what}"
        for one in result.disagreements[:count]
    ]


def report_lines(result: RuleRecall, *, as_json: bool, show: int) -> Iterator[str]:
    """Everything to print; with JSON its one line comes last."""
    yield from as_table(result)
    yield from shown_disagreements(result, count=show)
    if as_json:
        yield json.dumps(as_figures(result))


def _each(sizes: Sequence[FirmSize]) -> Iterator[RuleRecall]:
    """One firm after the other, two at a time where there is more than one."""
    if len(sizes) == 1:
        yield evaluate_firm(sizes[0])
        return
    # A fresh interpreter for each worker: a forked one would inherit the threads of this one.
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        yield from pool.map(evaluate_firm, sizes)


def evaluate_firm(size: FirmSize) -> RuleRecall:
    """Generate one firm and evaluate the rules on it."""
    return evaluate_rules(generate_firm(size))


def _cells(name: str, one: KindRecall) -> tuple[str, ...]:
    figures = (one.faults, one.found, one.missed, one.false_alarms)
    shares = (f"{one.recall:.4f}", f"{one.precision:.4f}")
    return (name, *(str(figure) for figure in figures), *shares, str(one.exposure_error_minor))
