"""Groups work into timesheets: one per person, period and contract line, free of contradictions."""

from __future__ import annotations

import json
from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, overload

from pydantic import ValidationError

from data.schemas.items import TimeEntry, Timesheet
from data.schemas.values import MINUTES_PER_DAY, Identifier, Record
from data.schemas.vocabulary import ApprovalStep, ApprovalVerdict, ItemKind
from service.connectors.file_mapping import Mapping, Period
from service.connectors.file_reference import reference_of
from service.connectors.file_values import CellError
from service.connectors.file_work import Work

MAX_ENTRIES = 1_000
"""Entries of one timesheet; `data.schemas.items` refuses more."""

SHORT_TOGETHER = 120
"""Characters of a person and a line that, with the period between them, fit an item's id."""

RawItem = dict[str, Any]
"""An item as the API takes it."""


@dataclass(frozen=True, slots=True, order=True)
class _SheetKey:
    period_start: date
    period_end: date
    person_id: str
    line_id: str


@dataclass(slots=True, kw_only=True)
class Timesheets:
    """The timesheets so far, and what a further row must agree with."""

    mapping: Mapping
    work: dict[_SheetKey, list[Work]] = field(default_factory=dict)
    entry_ids: set[str] = field(default_factory=set)
    minutes: Counter[tuple[str, str, date]] = field(default_factory=Counter)
    """Minutes of a person on a line on a day."""
    homes: dict[tuple[str, str], str] = field(default_factory=dict)
    """Which project a line, which contract a project and which client a contract belongs to."""

    def add(self, pieces: list[Work]) -> None:
        """Keep the work of one row. Raises CellError where it contradicts what is kept."""
        self._refuse_repeat(pieces)
        self._refuse_other_home(pieces[0])
        self._refuse_overfull(pieces)
        for one in pieces:
            self.work.setdefault(_key(one, period=self.mapping.period), []).append(one)
            self.entry_ids.add(one.id)
            self.minutes[_day_key(one)] += one.minutes_worked
        self.homes |= _homes(pieces[0])

    def all_work(self) -> list[Work]:
        """Give all work kept so far."""
        return [one for found in self.work.values() for one in found]

    def items(self) -> Sequence[RawItem]:
        """Give the timesheets, oldest period first, each made when it is asked for."""
        return _Items(self.work, mapping=self.mapping)

    def _refuse_repeat(self, pieces: list[Work]) -> None:
        repeated = next((one.id for one in pieces if one.id in self.entry_ids), None)
        if repeated:
            reason = "stands twice in this file; the first row was taken"
            raise CellError(field="row_id", value=repeated, reason=reason)

    def _refuse_other_home(self, work: Work) -> None:
        for (what, name), home in _homes(work).items():
            known = self.homes.get((what, name), home)
            if known != home:
                reason = f"belongs to {known!r} in earlier rows, here to {home!r}; correct one"
                raise CellError(field=what, value=name, reason=reason)

    def _refuse_overfull(self, pieces: list[Work]) -> None:
        for one in pieces:
            total = self.minutes[_day_key(one)] + one.minutes_worked
            if total > MINUTES_PER_DAY:
                reason = (
                    f"brings {one.person_id} on {one.line_id} to {total} minutes on "
                    f"{one.work_date}; a day has {MINUTES_PER_DAY}"
                )
                raise CellError(
                    field="minutes_worked", value=str(one.minutes_worked), reason=reason
                )
            if len(self.work.get(_key(one, period=self.mapping.period), ())) >= MAX_ENTRIES:
                reason = f"is one more than the {MAX_ENTRIES} entries a timesheet may hold"
                raise CellError(field="row_id", value=one.id, reason=reason)


class _Items(Sequence[RawItem]):
    """Timesheets of a large file would fill the memory several times over, were they all made."""

    def __init__(self, work: dict[_SheetKey, list[Work]], *, mapping: Mapping) -> None:
        self._work, self._keys, self._mapping = work, sorted(work), mapping

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, place: int) -> RawItem: ...

    @overload
    def __getitem__(self, place: slice) -> list[RawItem]: ...

    def __getitem__(self, place: int | slice) -> RawItem | list[RawItem]:
        if isinstance(place, slice):
            return [self._made(key) for key in self._keys[place]]
        return self._made(self._keys[place])

    def _made(self, key: _SheetKey) -> RawItem:
        return _item(key, work=self._work[key], mapping=self._mapping)


class _Names(Record):
    """The names in a row of work, each under the name of its rule."""

    person_id: Identifier
    client_id: Identifier
    contract_id: Identifier
    line_id: Identifier
    project_id: Identifier
    task_id: Identifier
    labor_category: Identifier


@dataclass(slots=True, kw_only=True)
class Soundness:
    """Tries work as a timesheet of its own, so that a bad row spoils nothing of the others."""

    mapping: Mapping
    _names: set[str] = field(default_factory=set)
    """Names that were tried already: a file says the same few again and again."""

    def refuse_unsound(self, work: Work) -> None:
        """Raise pydantic's ValidationError for work that no timesheet could hold."""
        names = {
            work.person_id, work.client_id, work.contract_id, work.line_id, work.project_id,
            work.task_id, work.labor_category, work.approver_id or "",
        }  # fmt: skip
        is_short = len(work.person_id) + len(work.line_id) <= SHORT_TOGETHER
        if is_short and names <= self._names and _is_sound(work):
            return
        _Names.model_validate({name: getattr(work, name) for name in _Names.model_fields})
        reference_of([work], terms=self.mapping.terms, now=work.recorded_at)
        item = _item(_key(work, period=self.mapping.period), work=[work], mapping=self.mapping)
        Timesheet.model_validate_json(json.dumps(item))
        self._names |= names


def _is_sound(work: Work) -> bool:
    times = (work.submitted_at, work.approved_at)
    if any(times):
        return False
    with suppress(ValidationError):
        TimeEntry.model_validate(
            {"project_id": work.project_id, **{name: getattr(work, name) for name in _ENTRY_FIELDS}}
        )
        return True
    return False


_ENTRY_FIELDS = tuple(name for name in TimeEntry.model_fields if name != "project_id")


def _item(key: _SheetKey, *, work: Sequence[Work], mapping: Mapping) -> RawItem:
    ordered = sorted(work, key=lambda one: (one.work_date, one.id))
    submitted = [one.submitted_at for one in ordered if one.submitted_at]
    sheet: RawItem = {
        "kind": ItemKind.TIMESHEET.value,
        "source": mapping.source,
        "external_id": f"{key.person_id}.{_period_name(key, period=mapping.period)}.{key.line_id}",
        "person_id": key.person_id,
        "contract_id": ordered[0].contract_id,
        "line_id": key.line_id,
        "currency": mapping.terms.currency,
        "zone": mapping.terms.zone,
        "period_start": key.period_start.isoformat(),
        "period_end": key.period_end.isoformat(),
        "submitted_at": max(submitted or (one.recorded_at for one in ordered)).isoformat(),
        "entries": [_entry(one) for one in ordered],
    }
    approvals = _approvals(ordered)
    return sheet | {"approvals": approvals} if approvals else sheet


def _approvals(work: Sequence[Work]) -> list[RawItem]:
    """What managers signed: a timesheet is approved where each of its rows is."""
    latest: dict[str, datetime] = {}
    for one in work:
        if one.approver_id is None or one.approved_at is None:
            return []
        known = latest.get(one.approver_id, one.approved_at)
        latest[one.approver_id] = max(known, one.approved_at)
    return [
        {
            "step": ApprovalStep.MANAGER.value,
            "verdict": ApprovalVerdict.APPROVE.value,
            "actor_id": actor,
            "at": at.isoformat(),
        }
        for actor, at in sorted(latest.items(), key=lambda one: (one[1], one[0]))
    ]


def _entry(work: Work) -> RawItem:
    entry: RawItem = {
        "id": work.id,
        "work_date": work.work_date.isoformat(),
        "minutes_worked": work.minutes_worked,
        "minutes_billable": work.minutes_billable,
        "project_id": work.project_id,
        "task_id": work.task_id,
        "labor_category": work.labor_category,
        "hourly_rate_minor": work.hourly_rate_minor,
        "narrative": work.narrative,
        "recorded_at": work.recorded_at.isoformat(),
    }
    further = {
        "started_at": work.started_at.isoformat() if work.started_at else None,
        "ended_at": work.ended_at.isoformat() if work.ended_at else None,
        "activity": work.activity,
        "location": work.location,
        "change_order_id": work.change_order_id,
        "adjustment_reason": work.adjustment_reason,
    }
    return entry | {name: value for name, value in further.items() if value}


def _key(work: Work, *, period: Period) -> _SheetKey:
    start, end = _span(work.work_date, period=period)
    return _SheetKey(start, end, work.person_id, work.line_id)


def _span(day: date, *, period: Period) -> tuple[date, date]:
    match period:
        case Period.DAY:
            return day, day
        case Period.WEEK:
            monday = day - timedelta(days=day.weekday())
            return monday, monday + timedelta(days=6)
        case Period.MONTH:
            return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def _period_name(key: _SheetKey, *, period: Period) -> str:
    match period:
        case Period.DAY:
            return key.period_start.isoformat()
        case Period.WEEK:
            year, week, _ = key.period_start.isocalendar()
            return f"{year}-W{week:02d}"
        case Period.MONTH:
            return f"{key.period_start:%Y-%m}"


def _day_key(work: Work) -> tuple[str, str, date]:
    return work.person_id, work.line_id, work.work_date


def _homes(work: Work) -> dict[tuple[str, str], str]:
    return {
        ("line_id", work.line_id): work.project_id,
        ("project_id", work.project_id): work.contract_id,
        ("contract_id", work.contract_id): work.client_id,
    }
