"""The terms of all contracts, compiled: what was agreed for a line on a day, in columns.

Only clauses that a person confirmed are in force, and only executed change orders amend them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data.schemas.clauses import PeriodOfPerformance
from data.schemas.contracts import Clause, Client
from data.schemas.reference import Reference
from data.schemas.vocabulary import ClauseKind
from models import spans
from models.agreed.ceilings import NO_CEILING, AgreedCeilings, Level
from models.agreed.change_orders import AgreedOrders
from models.agreed.clause_figures import ClauseFigures
from models.agreed.funding import AgreedFunding
from models.agreed.increments import increments
from models.agreed.namesakes import Namesakes
from models.agreed.qualifications import Qualifications
from models.agreed.rates import Rates
from models.agreed.signatories import Signatories
from models.agreed.staffing import Staffing
from models.agreed.travel import Travel
from models.agreed.work_scope import AgreedScope
from models.agreed.working_days import WorkingDays
from models.codes import UNKNOWN, Codes
from models.columns import NO_DAY, Flags, Ints, day_number
from models.timeline import ALWAYS, Timeline, pair

NO_LIMIT = NO_CEILING
"""More than any sum can reach, with room to add to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceilings:
    """Limits in force for each row, at line and at contract level; NO_LIMIT without a clause."""

    line_minor: Ints
    line_clause: Ints
    contract_minor: Ints
    contract_clause: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was agreed, by the codes of one assessor; a clause is named by its place in `clauses`.

    A change order counts from its effective day on, over the figure its clause states: a clause
    that is restated later states the figure without the change orders.
    """

    reference: Reference
    clauses: tuple[Clause, ...]
    _clauses_by_kind: dict[ClauseKind, Timeline]
    _figures: dict[str, Ints]
    not_to_exceed: AgreedCeilings
    funding: AgreedFunding
    _moved_end: Timeline
    _hours_cap: Timeline
    _project_place: Timeline
    _task_place: Timeline
    _known_line: Timeline
    _increment: Timeline
    rates: Rates
    staffing: Staffing
    qualifications: Qualifications
    working_days: WorkingDays
    travel: Travel
    clause_figures: ClauseFigures
    scope: AgreedScope
    orders: AgreedOrders
    signatories: Signatories
    namesakes: Namesakes

    @classmethod
    def build(cls, reference: Reference, *, codes: Codes) -> Terms:
        """Compile the reference objects; names not yet in `codes` are added to it."""
        contracts = tuple(reference.contracts.values())
        placed = spans.placed_clauses(contracts)
        clauses = tuple(one.clause for one in placed)
        by_kind = spans.clauses_of_lines(placed, codes=codes)
        places = reference.assignments
        return cls(
            reference=reference,
            clauses=clauses,
            _clauses_by_kind={kind: Timeline.build(own) for kind, own in by_kind.items()},
            _figures=_figures([one.clause for one in placed]),
            not_to_exceed=AgreedCeilings.build(contracts, placed=placed, codes=codes),
            funding=AgreedFunding.build(contracts, placed=placed, codes=codes),
            _moved_end=Timeline.build(spans.moved_ends(contracts, codes=codes)),
            _hours_cap=Timeline.build(spans.hours_caps(placed, codes=codes)),
            _project_place=Timeline.build(spans.project_assignments(places, codes=codes)),
            _task_place=Timeline.build(spans.task_assignments(places, codes=codes)),
            _known_line=Timeline.build(spans.known_lines(contracts, codes=codes)),
            _increment=Timeline.build(increments(reference, codes=codes)),
            rates=Rates.build(contracts, codes=codes),
            staffing=Staffing.build(places, clauses=clauses, codes=codes),
            qualifications=Qualifications.build(reference.people, clauses=clauses, codes=codes),
            working_days=WorkingDays.build(reference, clauses=clauses, codes=codes),
            travel=Travel.build(reference, clauses=clauses, codes=codes),
            clause_figures=ClauseFigures.build(clauses),
            scope=AgreedScope.build(reference, clauses=clauses, codes=codes),
            orders=AgreedOrders.build(contracts, codes=codes),
            signatories=Signatories.build(reference.people.values(), codes=codes),
            namesakes=Namesakes.build(reference, codes=codes),
        )

    def clause(self, kind: ClauseKind, line: Ints, day: Ints) -> Ints:
        """Give the clause of a kind in force on each day, as a place in `clauses`, or UNKNOWN.

        The period of performance always has one if the line has any: before the first takes
        force the first governs, after one ends it governs on, for nothing else permits work.
        """
        timeline = self._clauses_by_kind.get(kind)
        if timeline is None:
            return np.full(len(line), UNKNOWN, dtype=np.int64)
        return timeline.at(line, day)

    def period(self, line: Ints, day: Ints) -> tuple[Ints, Ints]:
        """Give the first and last day of performance as agreed on each day, both included.

        Without a period clause they are -NO_DAY and NO_DAY, so that no day lies outside.
        """
        clause = self.clause(ClauseKind.PERIOD_OF_PERFORMANCE, line, day)
        moved = self._moved_end.at(line, day)
        is_moved = (clause != UNKNOWN) & (moved != UNKNOWN)
        end = np.where(is_moved, moved, self._figures["end"][clause])
        return self._figures["start"][clause], end

    def ceilings(self, line: Ints, contract: Ints, day: Ints) -> Ceilings:
        """Give the not-to-exceed limits in force on each day, change orders included."""
        of_line = self.not_to_exceed.at(Level.LINE, line, day)
        of_contract = self.not_to_exceed.at(Level.CONTRACT, contract, day)
        return Ceilings(
            line_minor=of_line.hard_minor,
            line_clause=of_line.clause,
            contract_minor=of_contract.hard_minor,
            contract_clause=of_contract.clause,
        )

    def hours_cap(self, line: Ints, category: Ints, day: Ints) -> tuple[Ints, Ints]:
        """Give the cap of a category on a line in minutes, NO_LIMIT without, and its clause."""
        clause = self._hours_cap.at(pair(line, category), day)
        return self._figures["cap_minutes"][clause], clause

    def daily_minutes(self, clause: Ints) -> Ints:
        """Give the most minutes a day of each working-time clause; NO_LIMIT where UNKNOWN."""
        return self._figures["max_daily_minutes"][clause]

    def late_days(self, clause: Ints) -> Ints:
        """Give the days allowed by each timely-billing clause; NO_LIMIT where UNKNOWN."""
        return self._figures["late_days"][clause]

    def increment_of(self, line: Ints) -> Ints:
        """Give the minutes of the billing increment that the client practises, or else its region.

        UNKNOWN where neither names one. A clause of the contract outranks it.
        """
        return self._increment.at(line, np.full_like(line, ALWAYS))

    def is_assigned(self, person: Ints, project: Ints, task: Ints, day: Ints) -> Flags:
        """Say whether each person has a place on the project or the task on that day."""
        on_project = self._project_place.at(pair(person, project), day)
        on_task = self._task_place.at(pair(person, task), day)
        return np.asarray((on_project != UNKNOWN) | (on_task != UNKNOWN))

    def is_known(self, line: Ints) -> Flags:
        """Say whether each line belongs to a contract we hold, confirmed or not."""
        known = self._known_line.at(line, np.full(len(line), ALWAYS, dtype=np.int64))
        return np.asarray(known != UNKNOWN)

    def client_of_contract(self, contract_id: str) -> Client | None:
        """Give who is billed under a contract, if both are known."""
        contract = self.reference.contracts.get(contract_id)
        return None if contract is None else self.reference.clients.get(contract.client_id)


def _figures(clauses: Sequence[Clause]) -> dict[str, Ints]:
    """The numbers of clauses by place; one more row at the end answers for UNKNOWN, which is -1."""
    whole = ("cap_minutes", "max_daily_minutes", "late_days")
    figures = {
        name: [getattr(clause.terms, name, NO_LIMIT) for clause in clauses] + [NO_LIMIT]
        for name in whole
    }
    periods = [
        (day_number(clause.terms.start), day_number(clause.terms.end))
        if isinstance(clause.terms, PeriodOfPerformance)
        else (-NO_DAY, NO_DAY)
        for clause in clauses
    ]
    starts, ends = zip(*periods, (-NO_DAY, NO_DAY), strict=True)
    figures |= {"start": list(starts), "end": list(ends)}
    return {name: np.array(column, dtype=np.int64) for name, column in figures.items()}
