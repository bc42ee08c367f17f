"""The money of a verdict: what is billed, given up, moved and not billed, to the minor unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from data.schemas.decision import Adjustment, MoveTarget
from data.schemas.items import AnyItem, Expense, Milestone, TimeEntry, Timesheet
from data.schemas.values import amount_minor
from data.schemas.vocabulary import BILLING_VERDICTS, Verdict
from service.domain.errors import InvalidRequestError


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedMoney:
    """The parts a verdict splits an item's money into; in minor units, none below zero."""

    approved_minor: int = 0
    written_off_minor: int = 0
    moved_minor: int = 0
    not_billed_minor: int = 0
    """Left to whoever submitted the item: neither billed, nor given up, nor moved."""

    @property
    def total_minor(self) -> int:
        """The sum of the parts: after a final verdict what the item asks for.

        Only where a verdict bills more minutes than were asked (up to those worked) is it more.
        """
        return (
            self.approved_minor + self.written_off_minor + self.moved_minor + self.not_billed_minor
        )

    def plus(self, other: DecidedMoney) -> DecidedMoney:
        """Add part by part."""
        return DecidedMoney(
            approved_minor=self.approved_minor + other.approved_minor,
            written_off_minor=self.written_off_minor + other.written_off_minor,
            moved_minor=self.moved_minor + other.moved_minor,
            not_billed_minor=self.not_billed_minor + other.not_billed_minor,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedMinutes:
    """Minutes of one entry that belong to another contract line, at this line's rate."""

    row_id: str
    minutes: int
    amount_minor: int
    to: MoveTarget


def decided_money(
    item: AnyItem,
    *,
    verdict: Verdict,
    adjustments: Sequence[Adjustment] = (),
    approved_minor: int | None = None,
) -> DecidedMoney:
    """Split the money of an item as a verdict says; `approved_minor` is for a milestone.

    What is billed is the sum of the lines its bill has. A verdict that is not final splits nothing.
    Raises InvalidRequestError for figures that the item does not bear.
    """
    _refuse_idle_figures(item, verdict, adjustments, approved_minor)
    _refuse_unready(item, verdict)
    match verdict:
        case Verdict.APPROVE:
            return DecidedMoney(approved_minor=item.amount_minor)
        case Verdict.REJECT:
            return DecidedMoney(not_billed_minor=item.amount_minor)
        case Verdict.WRITE_OFF:
            return DecidedMoney(written_off_minor=item.amount_minor)
        case Verdict.ADJUST:
            return _adjusted(item, adjustments, approved_minor)
        case Verdict.REQUEST_INFORMATION | Verdict.ESCALATE:
            return DecidedMoney()


def moved_minutes(item: AnyItem, adjustments: Sequence[Adjustment]) -> Iterator[MovedMinutes]:
    """Give what the adjustments of a timesheet move to other contract lines."""
    if not isinstance(item, Timesheet):
        return
    entries = {entry.id: entry for entry in item.entries}
    for one in adjustments:
        if one.moved_to is not None:
            yield MovedMinutes(
                row_id=one.row_id,
                minutes=one.minutes_moved,
                amount_minor=_entry_money(entries[one.row_id], one).moved_minor,
                to=one.moved_to,
            )


def _adjusted(
    item: AnyItem, adjustments: Sequence[Adjustment], approved_minor: int | None
) -> DecidedMoney:
    if isinstance(item, Milestone):
        return _milestone_money(item, approved_minor)
    money = DecidedMoney()
    if isinstance(item, Timesheet):
        changed = _changed_rows(adjustments, {entry.id for entry in item.entries}, noun="entry")
        for entry in item.entries:
            money = money.plus(_entry_money(entry, changed.get(entry.id)))
        return money
    changed = _changed_rows(adjustments, {one.id for one in item.expenses}, noun="expense")
    for expense in item.expenses:
        money = money.plus(_expense_money(expense, changed.get(expense.id)))
    return money


def _milestone_money(item: Milestone, approved_minor: int | None) -> DecidedMoney:
    if approved_minor is None:
        raise InvalidRequestError("approved_minor", None, "say how much of the milestone to bill")
    if approved_minor > item.amount_minor:
        raise InvalidRequestError(
            "approved_minor", approved_minor,
            f"exceeds the milestone's {item.amount_minor}; bill at most that",
        )  # fmt: skip
    return DecidedMoney(
        approved_minor=approved_minor, not_billed_minor=item.amount_minor - approved_minor
    )


def _entry_money(entry: TimeEntry, changed: Adjustment | None) -> DecidedMoney:
    """Split one entry; each part is rounded as the step it makes on the running total.

    So the billed part is exactly the line of the bill, and the parts add up to the whole.
    """
    if changed is None:
        return DecidedMoney(approved_minor=entry.amount_minor)
    billed = _checked_minutes(entry, changed)
    given_up = billed + changed.minutes_written_off
    moved = given_up + changed.minutes_moved
    stands = [
        amount_minor(minutes=minutes, rate_minor=entry.hourly_rate_minor)
        for minutes in (billed, given_up, moved, max(moved, entry.minutes_billable))
    ]
    return DecidedMoney(
        approved_minor=stands[0],
        written_off_minor=stands[1] - stands[0],
        moved_minor=stands[2] - stands[1],
        not_billed_minor=stands[3] - stands[2],
    )


def _checked_minutes(entry: TimeEntry, changed: Adjustment) -> int:
    """The minutes to bill; what is billed, given up and moved was worked, or asked for."""
    billed = changed.minutes_billable
    if billed is None:
        raise InvalidRequestError(
            "adjustments", entry.id, "an entry is adjusted by minutes_billable; give them"
        )
    # A billing increment may have rounded up what was worked.
    most = max(entry.minutes_worked, entry.minutes_billable)
    if billed > most:
        raise InvalidRequestError(
            "adjustments", billed,
            f"entry {entry.id} was worked {entry.minutes_worked} minutes; bill at most {most}",
        )  # fmt: skip
    split = billed + changed.minutes_written_off + changed.minutes_moved
    if split > most:
        raise InvalidRequestError(
            "adjustments", split,
            f"entry {entry.id} has {most} minutes; bill, write off and move at most that together",
        )  # fmt: skip
    return billed


def _expense_money(expense: Expense, changed: Adjustment | None) -> DecidedMoney:
    asked = expense.billable_minor
    if changed is None:
        return DecidedMoney(approved_minor=asked)
    billed = changed.billable_minor
    if billed is None:
        raise InvalidRequestError(
            "adjustments", expense.id, "an expense is adjusted by billable_minor; give it"
        )
    if billed > asked:
        raise InvalidRequestError(
            "adjustments", billed, f"expense {expense.id} asks for {asked}; bill at most that"
        )
    return DecidedMoney(approved_minor=billed, not_billed_minor=asked - billed)


def _refuse_unready(item: AnyItem, verdict: Verdict) -> None:
    """A milestone that is not ready cannot be billed by anybody's word."""
    is_unready = isinstance(item, Milestone) and not item.is_ready_to_bill
    if is_unready and verdict in BILLING_VERDICTS:
        raise InvalidRequestError(
            "verdict", verdict.value,
            "the milestone is not ready to bill; ask for information, or wait for its new version",
        )  # fmt: skip


def _refuse_idle_figures(
    item: AnyItem, verdict: Verdict, adjustments: Sequence[Adjustment], approved_minor: int | None
) -> None:
    """Figures that would not count are refused: whoever sent them meant them."""
    is_adjust = verdict is Verdict.ADJUST
    if adjustments and (not is_adjust or isinstance(item, Milestone)):
        raise InvalidRequestError(
            "adjustments", len(adjustments),
            "only an adjust of a timesheet or an expense report changes rows; leave them out",
        )  # fmt: skip
    if approved_minor is not None and (not is_adjust or not isinstance(item, Milestone)):
        raise InvalidRequestError(
            "approved_minor", approved_minor,
            "only an adjust of a milestone names an amount; leave it out",
        )  # fmt: skip


_ROWS_OF: Mapping[str, tuple[str, str]] = {
    "entry": ("entries", "timesheet"),
    "expense": ("expenses", "expense report"),
}


def _changed_rows(
    adjustments: Sequence[Adjustment], known: set[str], *, noun: str
) -> dict[str, Adjustment]:
    """The adjustments by row, each named once and known."""
    rows, item = _ROWS_OF[noun]
    if not adjustments:
        raise InvalidRequestError("adjustments", [], f"say which {rows} change, and to how much")
    changed = {one.row_id: one for one in adjustments}
    if len(changed) < len(adjustments):
        raise InvalidRequestError(
            "adjustments", len(adjustments), f"names an {noun} twice; name each once"
        )
    for row_id in changed:
        if row_id not in known:
            raise InvalidRequestError("adjustments", row_id, f"is not an {noun} of this {item}")
    return changed
