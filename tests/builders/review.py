"""Cases as the API sends them: a few that read like a real Tuesday, and plain ones by number."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from data.schemas.assessment import Assessment, EvidenceRow, Finding, Reason, Versions
from data.schemas.catalogue import CATALOGUE, ExceptionCode
from data.schemas.clauses import Acceptance, PeriodOfPerformance, RateSchedule, WorkingTime
from data.schemas.contracts import Clause, ClauseSource
from data.schemas.items import (
    AcceptanceEvent,
    AnyItem,
    ApprovalEvent,
    Milestone,
    TimeEntry,
    Timesheet,
    content_sha256,
)
from data.schemas.vocabulary import (
    AcceptanceKind,
    ApprovalStep,
    ApprovalVerdict,
    CaseStatus,
    ItemKind,
    Lane,
    Proof,
    ReasonCode,
    Route,
    Severity,
    Verdict,
)
from service.wire.cases import CaseDetail, CaseSummary, DecisionView, HistoryEvent, WhyNext

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
MONDAY = date(2026, 3, 2)
SOURCE = ClauseSource(document_sha256="a" * 64, page=7, char_start=812, char_end=1_004)

_CLIENTS = (
    ("client-1", "Nordlicht Energie GmbH"),
    ("client-2", "Hafen Logistik AG"),
    ("client-3", "Municipality of Linz"),
    ("client-4", "Meridian Health Partners"),
)
_PEOPLE = ("Ana Diaz", "Jonas Weber", "Priya Nair", "Tomasz Zielinski", "Marta Olsen")


def entry(
    number: int,
    *,
    day: int = 0,
    worked: int = 480,
    billable: int | None = None,
    rate_minor: int = 15_000,
    narrative: str = "Workshop with the grid team, minutes and open points.",
) -> TimeEntry:
    """One day of work."""
    return TimeEntry(
        id=f"entry-{number}",
        work_date=MONDAY + timedelta(days=day),
        minutes_worked=worked,
        minutes_billable=worked if billable is None else billable,
        project_id="project-1",
        task_id=f"task-{1 + number % 3}",
        labor_category="senior-consultant",
        hourly_rate_minor=rate_minor,
        narrative=narrative,
        recorded_at=NOW - timedelta(days=4),
    )


def timesheet(
    number: int = 1, *, entries: tuple[TimeEntry, ...] = (), currency: str = "EUR"
) -> Timesheet:
    """One person's week."""
    signed = ApprovalEvent(
        step=ApprovalStep.MANAGER,
        verdict=ApprovalVerdict.APPROVE,
        actor_id="person-9",
        at=NOW - timedelta(days=1, hours=2),
    )
    return Timesheet(
        source="redmine",
        external_id=f"ts-{number}",
        person_id=f"person-{number % len(_PEOPLE)}",
        contract_id="contract-1",
        line_id="line-1",
        currency=currency,
        zone="Europe/Vienna",
        period_start=MONDAY,
        period_end=MONDAY + timedelta(days=6),
        submitted_at=NOW - timedelta(days=2),
        entries=entries or tuple(entry(one, day=one) for one in range(5)),
        approvals=(signed,),
    )


def milestone(number: int = 1, *, name: str = "Cutover rehearsal") -> Milestone:
    """A fixed piece of work, delivered and not yet accepted."""
    handed_in = AcceptanceEvent(
        kind=AcceptanceKind.SUBMITTED, at=NOW - timedelta(days=6), actor="Ana Diaz"
    )
    return Milestone(
        source="redmine",
        external_id=f"ms-{number}",
        contract_id="contract-2",
        line_id="line-1",
        project_id="project-2",
        name=name,
        owner_id="person-1",
        amount_minor=4_250_000,
        currency="EUR",
        zone="Europe/Vienna",
        due_on=date(2026, 3, 6),
        is_ready_to_bill=True,
        submitted_at=NOW - timedelta(days=1),
        evidence_required=("Test protocol", "Signed acceptance form", "Handover list"),
        evidence_provided=("Test protocol",),
        open_predecessors=("Data migration, wave 2",),
        acceptance=(handed_in,),
    )


def clause(kind: ExceptionCode) -> Clause:
    """The clause a finding of this kind cites."""
    terms, text = {
        ExceptionCode.DAILY_HOURS_EXCEEDED: (
            WorkingTime(max_daily_minutes=600),
            "No person shall charge more than ten (10) hours on any single calendar day unless "
            "the Client has agreed in writing beforehand.",
        ),
        ExceptionCode.RATE_MISMATCH: (
            RateSchedule(),
            "Services are charged at the hourly rates of Schedule B in force on the day on which "
            "the work was performed.",
        ),
        ExceptionCode.OUTSIDE_PERIOD_OF_PERFORMANCE: (
            PeriodOfPerformance(start=date(2025, 4, 1), end=date(2026, 3, 4)),
            "The period of performance ends on 4 March 2026. Work after that date is not billable "
            "without an executed change order.",
        ),
        ExceptionCode.MILESTONE_ACCEPTANCE_MISSING: (
            Acceptance(),
            "A milestone fee falls due once the Client has accepted the deliverable in writing.",
        ),
    }[kind]
    return Clause(
        id=f"clause-{kind}", terms=terms, text=text, valid_from=date(2025, 4, 1), source=SOURCE
    )


def finding(code: ExceptionCode, *rows: EvidenceRow, summary: str, exposure_minor: int) -> Finding:
    """A fault that a rule proved."""
    kind = CATALOGUE[code]
    return Finding(
        code=code,
        severity=kind.severity,
        proof=Proof.RULE,
        clause_id=f"clause-{code}",
        summary=summary,
        evidence=rows,
        exposure_minor=exposure_minor,
    )


def likely_violation(probability: float = 0.71) -> Finding:
    """A fault that a model suspects."""
    return Finding(
        code=ExceptionCode.LIKELY_VIOLATION,
        severity=Severity.HIGH,
        proof=Proof.MODEL,
        probability=probability,
        clause_id=None,
        summary="Resembles timesheets that reviewers corrected: vague narratives, one approval "
        "for forty sheets.",
        evidence=(),
        exposure_minor=120_000,
    )


REASONS = (
    Reason(
        feature="approver_sheets_per_minute",
        sentence="The manager signed 41 timesheets within one minute; usual are 3.",
        contribution=0.92,
    ),
    Reason(
        feature="narrative_words_median",
        sentence="Half of the narratives have fewer than four words.",
        contribution=0.41,
    ),
    Reason(
        feature="person_corrected_share",
        sentence="None of this person's last 20 timesheets was corrected.",
        contribution=-0.63,
    ),
)


def detail(
    number: int = 1,
    *,
    item: AnyItem | None = None,
    findings: tuple[Finding, ...] | None = None,
    client: int = 0,
    title: str | None = None,
    opened_at: datetime = NOW,
    due_in: timedelta = timedelta(hours=6),
    probability: float | None = 0.71,
) -> CaseDetail:
    """A whole case; without `findings` only the model suspects something."""
    billed = item or timesheet(number)
    found = (likely_violation(),) if findings is None else findings
    client_id, client_name = _CLIENTS[client]
    risk = sum(max(0, one.exposure_minor) for one in found)
    leak = sum(max(0, -one.exposure_minor) for one in found)
    who = _PEOPLE[number % len(_PEOPLE)]
    default_title = f"{who}, 2026-03-02 to 2026-03-08"
    summary = CaseSummary(
        id=f"C-{number:06d}",
        status=CaseStatus.OPEN,
        version=1,
        item_id=billed.item_id,
        kind=billed.kind,
        title=title or (default_title if billed.kind is ItemKind.TIMESHEET else _named(billed)),
        client_id=client_id,
        client_name=client_name,
        contract_id=billed.contract_id,
        contract_name="Grid modernisation 2025, time and materials",
        amount_minor=billed.amount_minor,
        currency=billed.currency,
        risk_minor=risk,
        leak_minor=leak,
        codes=tuple(one.code for one in found),
        route=Route.REVIEW,
        violation_probability=probability,
        delay_probability=None if probability is None else 0.34,
        opened_at=opened_at - timedelta(hours=2),
        due_at=opened_at + due_in,
        assignee_id=None,
        assignee_name=None,
        lease_expires_at=None,
    )
    return CaseDetail(
        case=summary,
        item=billed,
        assessment=_assessment(billed, found, summary, opened_at),
        clauses=tuple(clause(one.code) for one in found if one.clause_id is not None),
        names={
            **{f"person-{index}": name for index, name in enumerate(_PEOPLE)},
            "person-9": "Henrik Lund",
            "project-1": "Substation North",
            "project-2": "Billing platform",
            "task-1": "Requirements",
            "task-2": "Coordination",
            "task-3": "Site survey",
        },
        history=(
            HistoryEvent(
                at=opened_at - timedelta(hours=2),
                event="item_assessed",
                actor="Policy",
                text=f"Assessed with rules r3 and bundle b7: {len(found)} finding(s).",
            ),
            HistoryEvent(
                at=opened_at - timedelta(hours=2),
                event="case_opened",
                actor="Policy",
                text="Sent to a person.",
            ),
        ),
        decisions=(),
        why_next=WhyNext(
            value_minor=risk + leak,
            currency=billed.currency,
            doubt=0.62,
            reviewer_error=0.05,
            review_minutes=2.4,
            net_per_minute_minor=(risk + leak) * 0.57 / 2.4,
            sentence="Most money per minute of yours: a wrong default here would cost more than "
            "anywhere else in the queue.",
        ),
    )


def busy_tuesday(*, now: datetime = NOW) -> tuple[CaseDetail, ...]:
    """Six cases of different kinds, the most valuable first."""
    long_day = timesheet(
        1,
        entries=(
            entry(0, day=0),
            entry(1, day=1, worked=780, narrative="Site survey, travel and report."),
            entry(2, day=2, rate_minor=18_500),
            entry(3, day=3, narrative="Workshop"),
            entry(4, day=4, worked=420, narrative="Review of the cable schedule with procurement."),
        ),
    )
    hours = finding(
        ExceptionCode.DAILY_HOURS_EXCEEDED,
        EvidenceRow(
            row_id="entry-1",
            field="minutes_worked",
            actual="13 h 00",
            expected="at most 10 h 00 a day",
            exposure_minor=45_000,
        ),
        summary="13 hours charged on 3 March; the contract allows 10.",
        exposure_minor=45_000,
    )
    rate = finding(
        ExceptionCode.RATE_MISMATCH,
        EvidenceRow(
            row_id="entry-2",
            field="hourly_rate_minor",
            actual="EUR 185.00 an hour",
            expected="EUR 150.00 an hour",
            exposure_minor=28_000,
        ),
        summary="One entry is charged 35.00 an hour above Schedule B.",
        exposure_minor=28_000,
    )
    late = finding(
        ExceptionCode.OUTSIDE_PERIOD_OF_PERFORMANCE,
        EvidenceRow(
            row_id="entry-3",
            field="work_date",
            actual="5 March 2026",
            expected="1 April 2025 to 4 March 2026",
            exposure_minor=120_000,
        ),
        EvidenceRow(
            row_id="entry-4",
            field="work_date",
            actual="6 March 2026",
            expected="1 April 2025 to 4 March 2026",
            exposure_minor=120_000,
        ),
        summary="Two days of work lie after the end of the period of performance.",
        exposure_minor=240_000,
    )
    unaccepted = finding(
        ExceptionCode.MILESTONE_ACCEPTANCE_MISSING,
        EvidenceRow(
            row_id="redmine:ms-3",
            field="acceptance",
            actual="handed in on 4 March, no answer",
            expected="written acceptance by the client",
            exposure_minor=4_250_000,
        ),
        summary="The client has not accepted the deliverable; billing it now would be disputed.",
        exposure_minor=4_250_000,
    )
    return (
        detail(1, item=long_day, findings=(hours, rate, likely_violation()), opened_at=now),
        detail(2, findings=(late,), client=1, opened_at=now, due_in=timedelta(hours=-2)),
        detail(3, item=milestone(3), findings=(unaccepted,), client=2, opened_at=now),
        detail(4, client=3, opened_at=now, due_in=timedelta(days=1), probability=0.31),
        detail(5, findings=(hours,), opened_at=now, probability=None),
        detail(6, client=2, opened_at=now),
    )


def _named(item: AnyItem) -> str:
    return item.name if isinstance(item, Milestone) else item.external_id


def _assessment(
    item: AnyItem, findings: tuple[Finding, ...], case: CaseSummary, now: datetime
) -> Assessment:
    return Assessment(
        id=f"assessment-{case.id}",
        item_id=item.item_id,
        item_sha256=content_sha256(item),
        kind=item.kind,
        assessed_at=now - timedelta(hours=2),
        amount_minor=item.amount_minor,
        currency=item.currency,
        findings=findings,
        violation_probability=case.violation_probability,
        delay_probability=case.delay_probability,
        risk_minor=case.risk_minor,
        leak_minor=case.leak_minor,
        route=Route.REVIEW,
        route_reason="Above the threshold of the policy.",
        lane=Lane.INDEX,
        propensity=1.0,
        reasons=REASONS if case.violation_probability is not None else (),
        features={},
        versions=Versions(rules="r3", bundle="b7", policy="p2", history_through=100),
    )


def awaiting_signature(number: int = 1) -> CaseDetail:
    """A case that a colleague approved, above the limit of one signature."""
    case = detail(number)
    decided = DecisionView(
        id="D-000001",
        case_id=case.case.id,
        title=case.case.title,
        actor_id="person-ana",
        actor_name="Ana Diaz",
        verdict=Verdict.APPROVE,
        reason_codes=(ReasonCode.CLAUSE_SATISFIED,),
        note="",
        approved_minor=case.case.amount_minor,
        currency=case.case.currency,
        decided_at=NOW,
        undo_until=None,
        is_undone=False,
        posting=None,
    )
    waiting = case.case.model_copy(update={"status": CaseStatus.AWAITING_SIGNATURE})
    return case.model_copy(update={"case": waiting, "decisions": (decided,)})
