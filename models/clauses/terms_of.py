"""Reads the typed terms of a clause out of its text, or says which fields the text does not give.

Every figure comes from the patterns; a field with a default in `data.schemas.clauses` keeps it
where the text says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from data.schemas import clauses as schema
from data.schemas.vocabulary import ClauseKind
from models.clauses import figures
from models.clauses.patterns import TimeUnit, amounts, days_of, shares

LAST_CUT_OFF_DAY = 28
_FORFEIT = (
    r"\b(?:forfeit|lapse|waive|(?:may|shall|can|will) ?not be (?:invoiced|billed|charged|claimed)"
    r"|(?:not|no longer) (?:be )?(?:payable|billable|chargeable|paid))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Terms, or the fields that are missing for them."""

    terms: schema.ClauseTerms | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The text of a clause and what must be known to read it.

    `hints` are words for a field that somebody pointed out; they count where they stand in the
    text.
    """

    text: str
    currency: str
    signed_on: date
    hints: Mapping[str, str]

    def says(self, pattern: str) -> bool:
        """Say whether the text holds a pattern, in any case."""
        return re.search(pattern, self.text, re.IGNORECASE) is not None

    def names_money(self) -> bool:
        """Say whether the text holds a sum in any currency."""
        return bool(amounts(self.text, currency=self.currency))

    def hint(self, field: str) -> str | None:
        """Give the word pointed out for a field, if it stands in the text."""
        word = self.hints.get(field, "").strip()
        return word if word and word.casefold() in self.text.casefold() else None


def read_terms_of(kind: ClauseKind, passage: Passage) -> Reading:
    """Read the terms of a clause of this kind."""
    reader = _READERS.get(kind)
    if reader is None:
        return Reading(terms=_WITHOUT_FIGURES[kind]())
    return reader(passage)


def _period(passage: Passage) -> Reading:
    found = [one.day for one in days_of(passage.text)]
    if len(found) >= 2 and found[0] <= found[-1]:  # noqa: PLR2004 - a start and an end
        return Reading(terms=schema.PeriodOfPerformance(start=min(found), end=max(found)))
    if len(found) == 1:
        is_end = passage.says(r"\b(?:until|through|expire|end(?:s|ing)?|no later than|terminat)")
        return Reading(missing=("start",) if is_end else ("end",))
    return Reading(missing=("start", "end"))


def _not_to_exceed(passage: Passage) -> Reading:
    limits = figures.own_amounts(passage.text, currency=passage.currency)
    if not limits:
        return Reading(missing=("limit_minor",))
    limit = max(limits)
    warns = passage.says(r"\b(?:notif|inform|warn|alert|soft|advis)")
    soft = min(limits) if warns and min(limits) < limit else None
    share = next((one.share for one in shares(passage.text) if 0 < one.share < 1), None)
    if warns and soft is None and share is not None:
        soft = int(limit * share)
    return Reading(terms=schema.NotToExceed(limit_minor=limit, soft_limit_minor=soft))


def _funding(passage: Passage) -> Reading:
    funds = figures.own_amounts(passage.text, currency=passage.currency)
    if not funds:
        return Reading(missing=("funded_minor",))
    given: dict[str, float | int] = {}
    share = figures.share_of(passage.text)
    if share is not None:
        given["notice_share"] = share
    days = figures.count_of(passage.text, TimeUnit.DAY)
    if days is not None:
        given["forecast_days"] = days
    return Reading(terms=schema.Funding.model_validate({"funded_minor": max(funds), **given}))


def _labor_category_hours(passage: Passage) -> Reading:
    minutes = figures.longest_minutes(passage.text)
    category = figures.labor_category(passage.text, hint=passage.hint("labor_category"))
    if minutes is None or category is None:
        return _lacks(labor_category=category, cap_minutes=minutes)
    return Reading(terms=schema.LaborCategoryHours(labor_category=category, cap_minutes=minutes))


def _qualifications(passage: Passage) -> Reading:
    category = figures.labor_category(passage.text, hint=passage.hint("labor_category"))
    if category is None:
        return Reading(missing=("categories",))
    needed = schema.Qualification(
        labor_category=category,
        min_degree=figures.degree(passage.text),
        min_years=figures.years(passage.text),
    )
    return Reading(terms=schema.LaborQualifications(categories=(needed,)))


def _key_personnel(passage: Passage) -> Reading:
    # A text names people; the list takes their ids, and an empty one would bar everybody.
    del passage
    return Reading(missing=("approved",))


def _staffing(passage: Passage) -> Reading:
    tolerance = figures.share_of(passage.text)
    return Reading(terms=schema.StaffingPlan(effort_tolerance=tolerance or 0.0))


def _working_time(passage: Passage) -> Reading:
    minutes = figures.daily_minutes(passage.text)
    if minutes is None:
        return Reading(missing=("max_daily_minutes",))
    return Reading(terms=schema.WorkingTime(max_daily_minutes=minutes))


def _overtime(passage: Passage) -> Reading:
    is_weekly = passage.says(r"\b(?:per|a|each|in any|any|weekly)\s?(?:one\s)?(?:calendar\s)?week")
    period = schema.OvertimePeriod.WEEK if is_weekly else schema.OvertimePeriod.DAY
    return Reading(terms=schema.Overtime(period=period))


def _timely(passage: Passage) -> Reading:
    # Where one sentence sets the habit and another the loss, the days of the loss are meant.
    in_loss = figures.count_in_sentence(passage.text, TimeUnit.DAY, words=_FORFEIT)
    days = figures.count_of(passage.text, TimeUnit.DAY) if in_loss is None else in_loss
    if days is None:
        return Reading(missing=("late_days",))
    cut_off = figures.day_of_month(passage.text)
    is_forfeit = passage.says(_FORFEIT)
    return Reading(
        terms=schema.TimelyBilling(
            late_days=days,
            cut_off_day=cut_off if cut_off is not None and cut_off <= LAST_CUT_OFF_DAY else None,
            is_forfeit_when_late=is_forfeit,
        )
    )


def _cut_off(passage: Passage) -> Reading:
    tolerance = figures.longest_minutes(passage.text) if passage.says("toleran|deviat|gap") else 0
    return Reading(terms=schema.BillingCutOff(tolerance_minutes=tolerance or 0))


def _guidelines(passage: Passage) -> Reading:
    block = figures.longest_minutes(passage.text)
    return Reading(
        terms=schema.BillingGuidelines(
            min_words=figures.word_count(passage.text) or 0,
            banned_phrases=figures.quoted(passage.text),
            block_minutes=block if block is not None and block <= figures.DAY_MINUTES else None,
        )
    )


def _exclusions(passage: Passage) -> Reading:
    named = figures.listed(passage.text, hint=passage.hint("activities"))
    if not named:
        return Reading(missing=("activities",))
    return Reading(terms=schema.Exclusions(activities=named))


def _increment(passage: Passage) -> Reading:
    minutes = figures.shortest_minutes(passage.text)
    if minutes is None or not 1 <= minutes <= 60:  # noqa: PLR2004 - the schema's bounds
        return Reading(missing=("increment_minutes",))
    rounding = schema.Rounding.NEAREST
    if passage.says(r"\b(?:round\w* up|next (?:full|whole|higher)|upward)"):
        rounding = schema.Rounding.UP
    elif passage.says(r"\b(?:round\w* down|downward|full increments only)"):
        rounding = schema.Rounding.DOWN
    return Reading(terms=schema.BillingIncrement(increment_minutes=minutes, rounding=rounding))


def _approval(passage: Passage) -> Reading:
    is_client = passage.says(
        r"(?:client|customer|buyer)\w*(?:['\u2019]s)?\s(?:\w+\s){0,4}?(?:sign|countersign|approv|accept)"
        r"|(?:sign|countersign|approv)\w*\s(?:\w+\s){0,4}?by the (?:client|customer|buyer)"
    )
    return Reading(terms=schema.ApprovalTerms(is_client_sign_off_required=is_client))


def _payment(passage: Passage) -> Reading:
    days = figures.count_near(
        passage.text, TimeUnit.DAY, words=r"\bdisput|\bobject|contest|challeng"
    )
    if days is None:
        return Reading(missing=("dispute_window_days",))
    return Reading(terms=schema.PaymentTerms(dispute_window_days=days))


def _substantiation(passage: Passage) -> Reading:
    found = figures.own_amounts(passage.text, currency=passage.currency)
    if not found:
        # A threshold in another currency is still one: "any expense above" it is not every expense.
        is_every = passage.says(r"\b(?:every|each|all|any)\b") and not passage.names_money()
        terms = schema.ExpenseSubstantiation(receipt_threshold_minor=0) if is_every else None
        return Reading(terms=terms, missing=() if terms else ("receipt_threshold_minor",))
    return Reading(terms=schema.ExpenseSubstantiation(receipt_threshold_minor=min(found)))


def _travel(passage: Passage) -> Reading:
    rates = figures.daily_rates(passage.text, currency=passage.currency)
    if not rates:
        return Reading(missing=("rates",))
    share = figures.share_of(passage.text)
    return Reading(
        terms=schema.TravelPolicy(
            rates=tuple(
                schema.PerDiem(place=place, daily_minor=minor, valid_from=passage.signed_on)
                for place, minor in rates
            ),
            travel_day_share=0.75 if share is None else share,
        )
    )


def _expenses(passage: Passage) -> Reading:
    found = figures.own_amounts(passage.text, currency=passage.currency)
    excluded = figures.listed(passage.text, hint=passage.hint("excluded_categories"))
    if not found and not excluded:
        return Reading(missing=("preapproval_above_minor",))
    return Reading(
        terms=schema.ExpenseTerms(
            excluded_categories=excluded, preapproval_above_minor=min(found) if found else None
        )
    )


def _materials(passage: Passage) -> Reading:
    found = figures.own_amounts(passage.text, currency=passage.currency)
    markup = figures.share_of(passage.text)
    if markup is None and not found and not passage.says(r"\bat (?:actual )?cost\b"):
        return Reading(missing=("markup",))
    return Reading(
        terms=schema.Materials(markup=markup or 0.0, cap_minor=max(found) if found else None)
    )


def _acceptance(passage: Passage) -> Reading:
    bill_words = r"\b(?:invoic|bill)"
    bill = figures.count_in_sentence(passage.text, TimeUnit.DAY, words=bill_words)
    sentences = re.split(r"(?<=[.;])\s", passage.text)
    judging = " ".join(one for one in sentences if not re.search(bill_words, one, re.IGNORECASE))
    window = figures.count_near(
        judging, TimeUnit.DAY, words=r"accept|reject|review|inspect|object|submi"
    )
    if window is None and bill is None:
        return Reading(missing=("window_days",))
    given = {"window_days": window, "bill_within_days": bill}
    return Reading(
        terms=schema.Acceptance.model_validate(
            {
                "is_deemed_after_window": passage.says(
                    r"\bdeemed|considered (?:as )?accepted|silence"
                ),
                "is_lapsed_when_unbilled": passage.says(r"\blapse|forfeit"),
                **{name: days for name, days in given.items() if days is not None},
            }
        )
    )


def _schedule(passage: Passage) -> Reading:
    # A text numbers the instalments; the schedule takes the milestones' external ids.
    del passage
    return Reading(missing=("milestones",))


def _damages(passage: Passage) -> Reading:
    daily, cap = figures.daily_and_cap(passage.text, currency=passage.currency)
    if daily is None or cap is None:
        return _lacks(daily_minor=daily, cap_minor=cap)
    grace = figures.count_near(passage.text, TimeUnit.DAY, words=r"grace")
    return Reading(
        terms=schema.LiquidatedDamages(daily_minor=daily, cap_minor=cap, grace_days=grace or 0)
    )


def _progress(passage: Passage) -> Reading:
    tolerance = figures.share_of(passage.text) if passage.says("toleran|exceed|more than") else None
    return Reading(terms=schema.ProgressBilling(tolerance=tolerance or 0.0))


def _lacks(**fields: object) -> Reading:
    return Reading(missing=tuple(name for name, value in fields.items() if value is None))


_READERS: Mapping[ClauseKind, Callable[[Passage], Reading]] = {
    ClauseKind.PERIOD_OF_PERFORMANCE: _period,
    ClauseKind.NOT_TO_EXCEED: _not_to_exceed,
    ClauseKind.FUNDING: _funding,
    ClauseKind.LABOR_CATEGORY_HOURS: _labor_category_hours,
    ClauseKind.LABOR_QUALIFICATIONS: _qualifications,
    ClauseKind.KEY_PERSONNEL: _key_personnel,
    ClauseKind.STAFFING_PLAN: _staffing,
    ClauseKind.WORKING_TIME: _working_time,
    ClauseKind.OVERTIME: _overtime,
    ClauseKind.TIMELY_BILLING: _timely,
    ClauseKind.BILLING_CUT_OFF: _cut_off,
    ClauseKind.BILLING_GUIDELINES: _guidelines,
    ClauseKind.EXCLUSIONS: _exclusions,
    ClauseKind.BILLING_INCREMENT: _increment,
    ClauseKind.APPROVAL: _approval,
    ClauseKind.PAYMENT: _payment,
    ClauseKind.EXPENSE_SUBSTANTIATION: _substantiation,
    ClauseKind.TRAVEL_POLICY: _travel,
    ClauseKind.EXPENSES: _expenses,
    ClauseKind.MATERIALS: _materials,
    ClauseKind.ACCEPTANCE: _acceptance,
    ClauseKind.BILLING_SCHEDULE: _schedule,
    ClauseKind.LIQUIDATED_DAMAGES: _damages,
    ClauseKind.PROGRESS_BILLING: _progress,
}

_WITHOUT_FIGURES: Mapping[ClauseKind, Callable[[], schema.ClauseTerms]] = {
    ClauseKind.RATE_SCHEDULE: schema.RateSchedule,
    ClauseKind.ESCALATION: schema.Escalation,
    ClauseKind.WORKING_CALENDAR: schema.WorkingCalendarTerms,
    ClauseKind.TIMEKEEPING: schema.Timekeeping,
    ClauseKind.DOUBLE_BILLING: schema.DoubleBilling,
    ClauseKind.SCOPE: schema.WorkScope,
    ClauseKind.DELIVERABLES: schema.Deliverables,
    ClauseKind.CHANGE_CONTROL: schema.ChangeControl,
}
