"""What a client demands beyond the ordinary: bundles of clauses as whole trades sign them."""

from __future__ import annotations

from data.schemas.vocabulary import ClauseKind, ContractType

Duties = frozenset[ClauseKind]

_TRAVEL = {ClauseKind.EXPENSE_SUBSTANTIATION, ClauseKind.TRAVEL_POLICY, ClauseKind.EXPENSES}
_HOURLY: tuple[Duties, ...] = (
    # A public authority: funds by the year, qualified people, nothing worked in advance.
    frozenset({ClauseKind.FUNDING, ClauseKind.LABOR_QUALIFICATIONS, ClauseKind.OVERTIME,
               ClauseKind.BILLING_INCREMENT, ClauseKind.TIMEKEEPING, ClauseKind.CHANGE_CONTROL}),
    # A corporation: chosen people, telling narratives, travel by its policy.
    frozenset({ClauseKind.BILLING_GUIDELINES, ClauseKind.EXCLUSIONS, ClauseKind.KEY_PERSONNEL,
               ClauseKind.BILLING_INCREMENT, *_TRAVEL}),
    # A builder: a fixed scope, site calendars, materials at cost.
    frozenset({ClauseKind.WORKING_CALENDAR, ClauseKind.SCOPE, ClauseKind.CHANGE_CONTROL,
               ClauseKind.MATERIALS, *_TRAVEL}),
    # A regulated company: who works, and when, is audited.
    frozenset({ClauseKind.OVERTIME, ClauseKind.LABOR_QUALIFICATIONS, ClauseKind.TIMEKEEPING,
               ClauseKind.KEY_PERSONNEL, *_TRAVEL}),
    # A managed service: whole weeks of a standing team, recorded by the cut-off.
    frozenset({ClauseKind.BILLING_CUT_OFF, ClauseKind.WORKING_CALENDAR, ClauseKind.FUNDING,
               ClauseKind.BILLING_GUIDELINES}),
    # A legal department: billing guidelines to the letter.
    frozenset({ClauseKind.BILLING_GUIDELINES, ClauseKind.EXCLUSIONS, ClauseKind.SCOPE,
               ClauseKind.BILLING_INCREMENT, ClauseKind.MATERIALS, *_TRAVEL}),
)  # fmt: skip
_FIXED: tuple[Duties, ...] = (
    frozenset({ClauseKind.BILLING_SCHEDULE, ClauseKind.LIQUIDATED_DAMAGES}),
    frozenset({ClauseKind.BILLING_SCHEDULE, ClauseKind.PROGRESS_BILLING,
               ClauseKind.CHANGE_CONTROL}),
    frozenset({ClauseKind.LIQUIDATED_DAMAGES, ClauseKind.PROGRESS_BILLING}),
)  # fmt: skip


def deal_duties(number: int, *, cycle: tuple[ContractType, ...], is_hourly: list[bool]) -> Duties:
    """The bundle of the contract at this place: dealt out in turn, shifted with each cycle.

    The shift lets every type of contract meet every bundle.
    """
    rounds, place = divmod(number, len(cycle))
    bundles = _HOURLY if is_hourly[place] else _FIXED
    alike = [at for at in range(len(cycle)) if is_hourly[at] is is_hourly[place]]
    return bundles[(rounds * len(alike) + alike.index(place) + rounds) % len(bundles)]
