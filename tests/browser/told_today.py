"""What stands on every page of the pictures' last day, besides the work of the weeks before."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import timedelta

from data.schemas.catalogue import ExceptionCode
from data.schemas.review_policy import LaneShares, ReviewPolicy
from data.schemas.vocabulary import CaseStatus, ItemKind, ReasonCode, Role, Scope, Verdict
from service.client import CountersignClient
from service.clock import SystemClock
from service.commands.demo_talk import seed_talk
from service.wire.accounts import InvitationRequest, KeyRequest, WallView
from service.wire.cases import Claim, ClaimRequest, DecisionRequest
from service.wire.deciding import SecondVerdictRequest
from service.wire.known_cases import KnownCaseRequest
from service.wire.preferences import Preferences
from tests.browser.lived_weeks import LivedWeeks

YEAR_END = ReviewPolicy(
    four_eyes_major=6_000,
    four_eyes_override_major=4_000,
    own_call_major=40_000,
    lanes=LaneShares(audit=0.05, double=0.2, gold=0.15),
)
MORE_CHECKS = YEAR_END.model_copy(update={"lanes": LaneShares(audit=0.08, double=0.12, gold=0.08)})
AGREEMENT = """SERVICE AGREEMENT

1. Ceiling. The total amount invoiced under this Agreement shall not exceed EUR 250,000 unless a
change order signed by both parties raises it.

2. Working time. No person may charge more than ten hours on one calendar day.

3. Rounding. Time is charged in units of fifteen minutes.

4. Payment. Invoices are payable within thirty days of receipt.
\f5. Key personnel. Only the persons named in Annex D may perform and bill services.

6. Expenses. Travel is reimbursed against receipts; meals up to EUR 55 a day.

7. Governing law. This Agreement is governed by the laws of Austria.
"""
EXPORT = """Id;Name;Date;Project;Task;Role;Hours;Billable;Rate;Comment
1;Ines Roth;02.11.2026;Kiln;Design;consultant;7,5;yes;140,00;Flow of the new kiln control
2;Ines Roth;03.11.2026;Kiln;Design;consultant;8;yes;140,00;Review with the plant
3;Ines Roth;31.11.2026;Kiln;Travel;consultant;2,25;no;140,00;Train to Graz
4;Olaf Bern;02.11.2026;Kiln;Build;engineer;6,75;yes;120,00;"Controller, first loop"
5;Olaf Bern;03.11.2026;Kiln;Build;engineer;27;yes;120,00;Commissioning
"""
MAPPING = """source: timesheets
format: csv
delimiter: ";"
decimal_mark: ","
fields:
  row_id: {column: Id}
  person_id: {column: Name}
  project_id: {column: Project}
  task_id: {template: "{Project}-{Task}"}
  work_date: {column: Date, formats: ["%d.%m.%Y"]}
  minutes_worked: {column: Hours, unit: hours}
  labor_category: {column: Role}
  hourly_rate_minor: {column: Rate, unit: major}
  narrative: {column: Comment, default: ""}
billable_where:
  - {column: Billable, is_one_of: [yes]}
period: week
terms:
  zone: Europe/Vienna
  currency: EUR
  country: AT
  hourly_rates_minor: {consultant: 14000, engineer: 12000}
  clauses:
    - terms: {kind: rate_schedule}
      text: Hours are billed at the rates of the offer.
"""
KNOWN_CASES = 40
PROVED_FIRST = frozenset(
    {
        ExceptionCode.DAILY_HOURS_EXCEEDED,
        ExceptionCode.RATE_MISMATCH,
        ExceptionCode.OUTSIDE_PERIOD_OF_PERFORMANCE,
    }
)
"""Faults that a picture shows well: a clause, a row, and the difference between them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What the pictures look for by its name."""

    contract_id: str
    """Its clauses wait for a person's word."""
    talked_of: str
    """The case with comments and a file."""
    ruling: str
    """The case on which two people differ."""
    second_verdict: str
    """The large case that waits for a second person."""
    striking: str
    """A timesheet of which a rule proved that much of it must not be billed."""


def publish_year_end(weeks: LivedWeeks) -> None:
    """Put another policy in force: an administrator drafts it, an approver publishes it."""
    draft = weeks.world.client("rosa").draft_policy(
        YEAR_END, note="The year closes: two people from 6,000 on, and more practice cases."
    )
    weeks.world.client("carla").publish_policy(draft.id)


def name_known_cases(weeks: LivedWeeks) -> None:
    """Let an approver name the right answer of some decided cases, most of them wrong to bill."""
    approver, truth = weeks.world.client("carla"), weeks.demo.firm.truth
    limit = YEAR_END.four_eyes_override_major * 100
    decided = approver.cases(status=CaseStatus.DECIDED, limit=200).cases
    small = [one for one in decided if one.amount_minor < limit]
    faulty = {one.id: truth[one.item_id].is_violation for one in small if one.item_id in truth}
    for case in sorted(small, key=lambda one: not faulty.get(one.id))[:KNOWN_CASES]:
        is_faulty = faulty.get(case.id, False)
        why = "The client objected to it." if is_faulty else "The client paid it as it stood."
        approver.name_known_case(KnownCaseRequest(case_id=case.id, is_faulty=is_faulty, why=why))


def tell_today(weeks: LivedWeeks) -> Today:
    """Fill the day."""
    world = weeks.world
    reviewer, approver, admin = (world.client(one) for one in ("ana", "carla", "rosa"))
    admin.draft_policy(MORE_CHECKS, note="Look at more of what is cleared until the year closes.")
    waiting = reviewer.cases(status=CaseStatus.OPEN, limit=20).cases
    seed_talk(reviewer, approver, case_ids=[one.id for one in waiting], now=SystemClock().now())
    _put_aside(reviewer)
    large = _wait_for_others(weeks)
    reviewer.save_preferences(Preferences(has_seen_guide=True))
    contracts = weeks.demo.firm.reference.contracts.values()
    contract_id = next(one.id for one in contracts if one.currency == "EUR")
    approver.propose_clauses(contract_id, text=AGREEMENT)
    world.client("ivo").start_import(
        io.BytesIO(EXPORT.encode()), name="kiln-november.csv", mapping=MAPPING
    )
    _let_in(admin)
    return Today(
        contract_id=contract_id,
        talked_of=waiting[0].id,
        ruling=large[0] if large else "",
        second_verdict=large[1] if len(large) > 1 else "",
        striking=_striking(reviewer),
    )


def _striking(reviewer: CountersignClient) -> str:
    found = reviewer.cases(status=CaseStatus.OPEN, kind=ItemKind.TIMESHEET, limit=200).cases
    proved = [one for one in found if PROVED_FIRST & set(one.codes)] or found
    return max(proved, key=lambda one: (min(one.risk_minor, 500_000), -len(one.codes))).id


def _put_aside(reviewer: CountersignClient) -> None:
    """Leave one case snoozed, one waiting for information and one held."""
    claims = reviewer.claim(ClaimRequest(count=3)).claims
    monday = SystemClock().now() + timedelta(days=7)
    snoozed, asked, _held = claims
    reviewer.snooze(
        snoozed.detail.case.id,
        lease_token=snoozed.lease_token,
        until=monday,
        reason="The client signs the change order on Monday.",
    )
    _decide(
        reviewer, asked, verdict=Verdict.REQUEST_INFORMATION,
        reason=ReasonCode.EVIDENCE_MISSING, note="Which workshop was this, and who took part?",
    )  # fmt: skip


def _wait_for_others(weeks: LivedWeeks) -> list[str]:
    """Leave one large case on which two people differ, and two for a second person."""
    reviewer, approver = weeks.world.client("bo"), weeks.world.client("carla")
    limit = YEAR_END.four_eyes_major * 100
    cases = reviewer.cases(status=CaseStatus.OPEN, limit=200).cases
    large = [one for one in cases if one.amount_minor >= limit][:4]
    for number, case in enumerate(large):
        claims = reviewer.claim(ClaimRequest(case_id=case.id)).claims
        for claim in claims:
            _decide(
                reviewer, claim, verdict=Verdict.APPROVE, reason=ReasonCode.CLAUSE_SATISFIED,
                note="The project lead of the client agreed to these hours by mail.",
            )  # fmt: skip
        if number == 0:
            now = approver.case(case.id).case
            request = SecondVerdictRequest(
                version=now.version,
                verdict=Verdict.REJECT,
                reason_codes=(ReasonCode.EVIDENCE_MISSING,),
                note="The mail in the folder speaks of another week.",
                active_seconds=95.0,
            )
            approver.second_verdict(case.id, request=request)
    return [one.id for one in large]


def _decide(
    reviewer: CountersignClient, claim: Claim, *, verdict: Verdict, reason: ReasonCode, note: str
) -> None:
    case = claim.detail.case
    request = DecisionRequest(
        lease_token=claim.lease_token, version=case.version, verdict=verdict,
        reason_codes=(reason,), note=note, active_seconds=70.0,
    )  # fmt: skip
    reviewer.decide(case.id, request=request, idempotency_key=f"today-{case.id}")


def _let_in(admin: CountersignClient) -> None:
    admin.invite(
        InvitationRequest(
            login="theo",
            name="Theo Mbeki",
            email="theo@example.org",
            roles=(Role.REVIEWER,),
            is_trainee=True,
            wall=WallView(business_units=("Engineering",)),
        )
    )
    admin.make_key(KeyRequest(name="Month-end report", scopes=(Scope.READ,)))
