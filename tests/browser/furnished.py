"""An installation with something to see on every page, and the addresses of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser

from data.schemas.contracts import ContractLine
from data.schemas.people import Task
from data.schemas.reference import Reference
from data.schemas.review_policy import STANDARD_REVIEW_POLICY
from data.schemas.vocabulary import ReasonCode, Role, Scope, Verdict
from service.clock import SystemClock
from service.wire.accounts import KeyRequest
from service.wire.cases import ClaimRequest, DecisionRequest
from service.wire.deciding import SecondVerdictRequest
from service.wire.known_cases import KnownCaseRequest
from service.wire.preferences import Preferences
from service.wire.talk import ViewRequest
from tests.browser.real_desk import RealDesk, real_desk
from tests.builders.contracts import (
    CLAUSE_TERMS,
    clause,
    client,
    contract,
    manager,
    person,
    project,
    reference,
)
from tests.builders.desk_world import PEOPLE, DeskWorld
from tests.builders.items import MONDAY, entry, milestone, timesheet
from tests.builders.refusals import refuse_posting
from tests.fakes.scorer import CLEAR, FakeScorer, finding

LARGE_MINOR = 60_000_00
ROWS = 12
APPROVE = {"verdict": Verdict.APPROVE, "reason_codes": (ReasonCode.CLAUSE_SATISFIED,)}
WRITE_OFF = {"verdict": Verdict.WRITE_OFF, "reason_codes": (ReasonCode.LATE,)}
CONTRACT_TEXT = (
    "1. Working time. No person may bill more than ten (10) hours on any one day. {}\n\n"
    "2. Fees. The total fees under this Agreement shall not exceed EUR 250,000. {}\n"
)
Words = Callable[[str], str]
"""Gives what stands in a named place; a place of a name gives a short text."""


def plain_words(place: str) -> str:
    """What an ordinary firm writes."""
    return f"Words of the {place.replace('_', ' ')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Furnished:
    """The running desk, and its cases by what became of them; those refused are postings."""

    desk: RealDesk
    cases: dict[str, str]

    def addresses(self) -> list[tuple[str, str]]:
        """Every page and tab, each with somebody who has it."""
        cases = self.cases
        return [
            ("ana", "/queue"),
            *(("ana", f"/my_work?tab={tab}") for tab in MY_WORK),
            ("bo", "/my_work?tab=Decisions"),
            ("carla", "/approvals"),
            ("carla", f"/approvals?case={cases['large']}"),
            ("olga", f"/case?case={cases['disputed']}"),
            ("bo", f"/approvals?case={cases['disputed']}"),
            ("ana", "/cases"),
            *(
                ("ana", f"/case?case={cases['talked']}&tab={tab}")
                for tab in ("case", "timeline", "similar", "related")
            ),
            ("olga", "/operations"),
            ("olga", "/quality"),
            *(("emil", f"/models?tab={tab}") for tab in MODELS),
            ("carla", "/contracts"),
            *(("carla", f"/contracts?contract=C-1&contract_tab={tab}") for tab in CONTRACT),
            ("carla", "/policy"),
            ("ivo", "/imports"),
            *(("ivo", f"/exceptions?tab={tab}") for tab in EXCEPTIONS),
            ("dora", "/audit"),
            *(("rosa", f"/people?tab={tab}") for tab in ACCESS),
            ("rosa", "/people?person=person-ana"),
            *(("ana", f"/account?tab={tab}") for tab in ACCOUNT),
        ]


MY_WORK = (
    "Held", "Waiting", "Snoozed", "Returned", "Notifications", "Decisions", "My+day", "Absence",
)  # fmt: skip
MODELS = ("In+force", "Checks", "Challenger", "Drift+and+training", "Orders")
CONTRACT = ("Clauses", "Ceilings", "Lines,+rates+and+orders", "To+confirm")
EXCEPTIONS = ("Exceptions", "Transfers", "Notifications", "Systems")
ACCESS = ("People", "Invite", "Keys", "Who+may+what")
ACCOUNT = ("Password", "Devices", "Reading", "Keys", "Notifications")


@contextmanager
def furnished_desk(
    folder: Path, browser: Browser, *, words: Words = plain_words
) -> Iterator[Furnished]:
    """Start an installation and put `words` into every field that a page shows."""
    scorer = FakeScorer()
    with real_desk(folder, browser, reference=_firm(words), scorer=scorer) as desk:
        world = desk.world
        for login in PEOPLE:
            world.client(login).save_preferences(Preferences(has_seen_guide=True))
        _rename(world, words)
        cases = _cases(world, scorer, words)
        _talk(world, cases["talked"], words)
        _set_up(world, words)
        for name in ("refused", "refused_too"):
            cases[name] = _refuse_a_posting(world, words, name)
        yield Furnished(desk=desk, cases=cases)


def _firm(words: Words) -> Reference:
    lines = tuple(
        ContractLine(id=name, project_id="P-1", name=words("name_of_a_line"))
        for name in ("L-1", "L-2")
    )
    texts = tuple(clause(one, text=words("clause")) for one in CLAUSE_TERMS.values())
    return reference(
        contract(name=words("name_of_a_contract"), lines=lines, clauses=texts),
        clients=(client(name=words("name_of_a_client")),),
        people=(person(name=words("name_of_a_person")), manager(name=words("name_of_a_manager"))),
        projects=(
            project(
                name=words("name_of_a_project"),
                tasks=(Task(id="T-1", name=words("name_of_a_task")),),
            ),
        ),
    )


def _rename(world: DeskWorld, words: Words) -> None:
    """Bo has the name that a test wants, and rules on disputes."""
    with world.opener() as uow:
        account = uow.accounts.by_person("person-bo")
        roles = frozenset({Role.REVIEWER, Role.APPROVER})
        uow.accounts.save(replace(account, name=words("name_of_a_colleague"), roles=roles))


def _cases(world: DeskWorld, scorer: FakeScorer, words: Words) -> dict[str, str]:
    cases = {}
    for name in ("first", "talked", "held", "waiting", "snoozed", "decided"):
        rows = tuple(
            entry(
                id=f"TS-{name}-{number}",
                work_date=MONDAY + timedelta(days=number // 3),
                minutes_worked=60,
                narrative=words("narrative"),
            )
            for number in range(ROWS)
        )
        scorer.says(
            f"test:TS-{name}", findings=(finding(summary=words("finding")),), risk_minor=100_00
        )
        (cases[name],) = world.submit([timesheet(external_id=f"TS-{name}", entries=rows)])
    for name in ("large", "disputed"):
        sheet = milestone(external_id=f"MS-{name}", amount_minor=LARGE_MINOR)
        (cases[name],) = world.submit([sheet])
        _decide(world, "chen", cases[name], note=words("note"), **WRITE_OFF)
    carla = world.client("carla")
    version = carla.case(cases["disputed"]).case.version
    carla.second_verdict(
        cases["disputed"],
        request=SecondVerdictRequest(version=version, note=words("note"), **APPROVE),
    )
    _decide(world, "bo", cases["decided"], note=words("note"), **WRITE_OFF)
    asked = {
        "verdict": Verdict.REQUEST_INFORMATION,
        "reason_codes": (ReasonCode.EVIDENCE_MISSING,),
    }
    _decide(world, "ana", cases["waiting"], note=words("note"), **asked)
    ana = world.client("ana")
    (claim,) = ana.claim(ClaimRequest(case_id=cases["snoozed"])).claims
    ana.snooze(
        cases["snoozed"],
        lease_token=claim.lease_token,
        until=SystemClock().now() + timedelta(days=2),
        reason=words("reason"),
    )
    ana.claim(ClaimRequest(case_id=cases["held"]))
    carla.name_known_case(
        KnownCaseRequest(case_id=cases["decided"], is_faulty=True, why=words("reason"))
    )
    return cases


def _decide(world: DeskWorld, login: str, case_id: str, **said) -> None:
    caller = world.client(login)
    (claim,) = caller.claim(ClaimRequest(case_id=case_id)).claims
    request = DecisionRequest(
        lease_token=claim.lease_token, version=claim.detail.case.version, **said
    )
    caller.decide(case_id, request=request, idempotency_key=f"{login}-{case_id}")


def _talk(world: DeskWorld, case_id: str, words: Words) -> None:
    for _ in range(8):
        world.client("bo").comment(case_id, text=f"@ana {words('comment')}")
    name = words("file_name").replace("/", "")[:60]
    world.client("bo").attach(case_id, name=f"{name}.txt", content=words("file").encode())
    for _ in range(3):
        view = ViewRequest(name=words("name_of_a_view"), filters={"cases_q": "a"}, is_shared=True)
        world.client("bo").save_view(view)


def _set_up(world: DeskWorld, words: Words) -> None:
    carla, rosa = world.client("carla"), world.client("rosa")
    carla.propose_clauses("C-1", text=CONTRACT_TEXT.format(words("clause"), words("clause")))
    for limit, settle in ((40_000, "publish"), (30_000, "withdraw"), (20_000, "")):
        changed = STANDARD_REVIEW_POLICY.model_copy(update={"four_eyes_major": limit})
        drafted = carla.draft_policy(changed, note=words("policy_note"))
        if settle == "publish":
            rosa.publish_policy(drafted.id)
        elif settle:
            carla.withdraw_policy(drafted.id)
    rosa.make_key(KeyRequest(name=words("name_of_a_key"), scopes=(Scope.READ,)))


def _refuse_a_posting(world: DeskWorld, words: Words, name: str) -> str:
    """Have the ledger refuse a posting; gives its id."""
    tell_clear = world.app.state.parts.scorer
    tell_clear.says(f"test:MS-{name}", **CLEAR)
    world.submit([milestone(external_id=f"MS-{name}")])
    with world.opener() as uow:
        posting_id = uow.postings.of_item(f"test:MS-{name}")[0].id
    refuse_posting(
        posting_id, why=words("refusal"), open_work=world.opener, owner_id="person-ivo",
        now=SystemClock().now(),
    )  # fmt: skip
    return posting_id
