"""The demo: a generated firm, trained, served, reviewed, posted, verified and retrained."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import httpx2

from data.schemas.vocabulary import PostingStatus, Role, Route
from service.client import CountersignClient
from service.clock import SystemClock
from service.commands.add_person import add_key, add_person
from service.commands.demo_desk import WALLED, WALLED_UNIT, furnish
from service.commands.demo_firm import DemoFirm, feed_items, feed_reference, make_demo_firm
from service.commands.models_in_words import models_in_words
from service.commands.oidc_log_in import log_in_over_http
from service.commands.retrain import make_firm_rows, train
from service.commands.simulated_reviewers import Desk, decide_cases
from service.commands.verify_audit import TrailCheck, verify_audit
from service.domain.object_groups import BROAD
from service.home import prepare_home
from service.settings import Settings
from service.supervisor import Supervisor, api_part, free_port, is_free, review_part, worker_part

LOG_INS_FILE = "demo-log-ins.json"
SETTLE_SECONDS = 60.0
POLL_SECONDS = 0.2
ACTOR = "demo"
MENDER = "person-ivo"
"""Who failed bills are given to: the integration owner."""
KEEPER = "emil"
"""Who may see the models: the data scientist."""

PEOPLE: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("ana", "Ana Diaz", frozenset({Role.REVIEWER})),
    ("bo", "Bo Lindqvist", frozenset({Role.REVIEWER})),
    ("chen", "Chen Wei", frozenset({Role.REVIEWER, Role.APPROVER})),
    ("carla", "Carla Moreau", frozenset({Role.APPROVER})),
    ("theo", "Theo Mbeki", frozenset({Role.REVIEWER})),
    ("dora", "Dora Novak", frozenset({Role.AUDITOR})),
    ("emil", "Emil Haddad", frozenset({Role.DATA_SCIENTIST})),
    ("olga", "Olga Brandt", frozenset({Role.OPERATIONS_LEADER})),
    ("remi", "Remi Okafor", frozenset({Role.RESOURCE_MANAGER})),
    ("ivo", "Ivo Horvat", frozenset({Role.INTEGRATION_OWNER})),
    ("rosa", "Rosa Ott", frozenset({Role.ADMIN})),
)
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPlan:
    """How large the demo is."""

    people: int = 60
    months: int = 27
    """Two years to learn from and three months to bill: with less, nothing could be certified."""
    seed: int = 7
    decisions: int = 100


def run_demo(settings: Settings, plan: DemoPlan, *, say: Say, until: Callable[[], bool]) -> None:
    """Bring everything up, print addresses and log-ins, and serve until told to end."""
    demo, log_ins, key = _prepare(settings, plan, say=say)
    settings = _with_mender(with_free_ports(settings))
    supervisor = Supervisor(settings, [api_part(settings), worker_part(), review_part(settings)])
    say("starting the API, the posting worker and the review app")
    supervisor.start()
    try:
        _feed(settings, demo, key=key, say=say)
        with _clients(settings, log_ins) as clients:
            furnish(clients, now=SystemClock().now())
        say(_welcome(settings, log_ins, key))
        supervisor.watch(until=until)
    finally:
        supervisor.stop()


def run_demo_once(settings: Settings, plan: DemoPlan, *, say: Say) -> dict[str, object]:
    """Run the whole line and give its figures; no server is left behind."""
    demo, log_ins, key = _prepare(settings, plan, say=say)
    settings = _with_mender(with_free_ports(settings))
    supervisor = Supervisor(settings, [api_part(settings), worker_part()])
    say("starting the API and the posting worker")
    supervisor.start()
    try:
        return _line(settings, plan, demo, log_ins, key, say=say)
    finally:
        supervisor.stop()


def _line(
    settings: Settings,
    plan: DemoPlan,
    demo: DemoFirm,
    log_ins: dict[str, str],
    key: str,
    *,
    say: Say,
) -> dict[str, object]:
    # 1. Assess the last three months.
    counts = _feed(settings, demo, key=key, say=say)
    # 2. Let reviewers decide.
    with _clients(settings, log_ins) as clients:
        desk = Desk(reviewers=(clients["ana"], clients["bo"]), approver=clients["chen"])
        say(f"simulated reviewers decide {plan.decisions} cases")
        decided = decide_cases(
            desk, demo.firm.truth, count=plan.decisions, progress=_every(25, say, "decided")
        )
    # 3. Wait until everything that was cleared is in the ledger.
    with CountersignClient(settings.api_url, token=key) as client:
        say("waiting until every posting is done")
        done, refused = _settled_postings(client)
        # 4. Learn from the decisions; the running service takes the new champion up.
        say("retraining with the decisions; they are minutes old, so their maturity gap is waived")
        result = train(settings, actor_id=ACTOR, verdict_maturity_days=0)
        promoted = str(result["bundle"]) if result["promoted"] else None
        champion = _champion(settings, expected=promoted)
    _say_models(settings, log_ins, say=say)
    # 5. Verify the trail.
    say("verifying the audit trail")
    check = _verified(settings)
    return {
        **counts,
        "decisions": decided,
        "decisions_learned": result["rows_of_trail"],
        "postings_done": done,
        "postings_refused": refused,
        "audit_entries": check.verification.entries,
        "audit_verified": check.verification.is_verified and check.pending == 0,
        "retrained": result["bundle"],
        "gate": result["gate"],
        "champion": champion,
    }


def _prepare(
    settings: Settings, plan: DemoPlan, *, say: Say
) -> tuple[DemoFirm, dict[str, str], str]:
    prepare_home(settings, clock=SystemClock())
    log_ins = _log_ins(settings)
    key = add_key(settings, name="demo", scopes=BROAD)
    today = SystemClock().now().date()
    say(f"generating a firm of {plan.people} people over {plan.months} months")
    demo = make_demo_firm(people=plan.people, months=plan.months, seed=plan.seed, today=today)
    if not (settings.bundles_folder / "champion.json").exists():
        say("training the first models on the firm's past")
        make_firm_rows(settings, size=demo.size, cut=demo.cut)
        result = train(settings, actor_id=ACTOR)
        why = "; ".join(result["reasons"])
        say(f"gate of the first bundle {result['bundle']}: {result['gate']} {why}".rstrip())
    return demo, log_ins, key


def _feed(settings: Settings, demo: DemoFirm, *, key: str, say: Say) -> dict[str, object]:
    with CountersignClient(settings.api_url, token=key) as client:
        say("telling the service contracts, people, projects, invoices and the past")
        feed_reference(demo, client)
        total = len(demo.to_bill)
        say(f"assessing {total} items of the last three months")
        assessed = cleared = rejected = 0
        for answer in feed_items(demo, client):
            assessed += answer.assessed + answer.unchanged
            rejected += answer.rejected
            cleared += sum(
                one.assessment is not None and one.assessment.route is Route.AUTO_CLEAR
                for one in answer.results
            )
            say(f"  {assessed + rejected:>5} of {total}")
        summary = client.queue()
    cases = summary.waiting + summary.claimed + summary.held
    return {"assessed": assessed, "rejected": rejected, "auto_cleared": cleared, "cases": cases}


def _settled_postings(client: CountersignClient) -> tuple[int, int]:
    """Wait until no posting is pending; give how many are done and how many were refused."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while client.postings(status=PostingStatus.PENDING, limit=1).postings:
        if time.monotonic() > deadline:
            break
        time.sleep(POLL_SECONDS)
    return _count(client, PostingStatus.DONE), _count(client, PostingStatus.REFUSED)


def _count(client: CountersignClient, status: PostingStatus) -> int:
    number, cursor = 0, None
    while True:
        page = client.postings(status=status, cursor=cursor, limit=200)
        number += len(page.postings)
        cursor = page.next_cursor
        if cursor is None:
            return number


def _champion(settings: Settings, *, expected: str | None) -> str:
    """Give the bundle the running service works with, waiting for an expected one."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        ready = httpx2.get(f"{settings.api_url}/readyz", timeout=10.0).json()
        name = str(ready["checks"]["champion"]).removeprefix("ok: ")
        if expected is None or name == expected or time.monotonic() > deadline:
            return name
        time.sleep(POLL_SECONDS)


def _say_models(settings: Settings, log_ins: dict[str, str], *, say: Say) -> None:
    """Tell what is promised, what checks say of it, and who is asked beside the champion."""
    with _clients(settings, {KEEPER: log_ins[KEEPER]}) as clients:
        for line in models_in_words(clients[KEEPER].models()):
            say(line)


def _verified(settings: Settings) -> TrailCheck:
    """Verify once the sequencer has ordered everything."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        check = verify_audit(settings)
        owes = check.pending or check.verification.entries_vouched < check.verification.entries
        if not owes or time.monotonic() > deadline:
            return check
        time.sleep(POLL_SECONDS)


@contextmanager
def _clients(settings: Settings, log_ins: dict[str, str]) -> Iterator[dict[str, CountersignClient]]:
    with ExitStack() as stack:
        yield {
            login: stack.enter_context(
                CountersignClient(
                    settings.api_url,
                    token=log_in_over_http(settings, login=login, password=password),
                )
            )
            for login, password in log_ins.items()
        }


def _log_ins(settings: Settings) -> dict[str, str]:
    """Give the demo people's passwords, made at the first start and kept for the next."""
    path = settings.secrets_folder / LOG_INS_FILE
    if path.exists():
        known: dict[str, str] = json.loads(path.read_text())
        return known
    log_ins = {login: secrets.token_urlsafe(9) for login, _, _ in PEOPLE}
    for login, name, roles in PEOPLE:
        add_person(settings, login=login, name=name, password=log_ins[login], roles=roles)
    path.touch(mode=0o600)
    path.write_text(json.dumps(log_ins))
    return log_ins


def with_free_ports(settings: Settings) -> Settings:
    """Keep the ports of the settings where they are free, else take free ones."""
    chosen = {}
    for name in ("api_port", "review_port"):
        port = getattr(settings, name)
        if not is_free(settings.host, port):
            chosen[name] = free_port(settings.host)
    return settings.model_copy(update=chosen)


def _with_mender(settings: Settings) -> Settings:
    """Give what fails to somebody of the firm, unless the settings name another."""
    if "owner_of_failures" in settings.model_fields_set:
        return settings
    return settings.model_copy(update={"owner_of_failures": MENDER})


def _every(step: int, say: Say, what: str) -> Callable[[int], None]:
    def tell(number: int) -> None:
        if number % step == 0:
            say(f"  {number:>5} {what}")

    return tell


def _may(login: str, roles: frozenset[Role]) -> str:
    held_to = f" (sees {WALLED_UNIT} alone)" if login == WALLED else ""
    return f"{', '.join(role.replace('_', ' ') for role in sorted(roles))}{held_to}"


def _welcome(settings: Settings, log_ins: dict[str, str], key: str) -> str:
    rows = "\n".join(
        f"    {login:<6} {log_ins[login]:<14} {name}: {_may(login, roles)}"
        for login, name, roles in PEOPLE
    )
    return f"""
Countersign is ready.

  Review queue   {settings.review_url}
  API            {settings.api_url}   (readiness: {settings.api_url}/readyz)
  API key        {key}

  Log in as
{rows}

  Everything lies in {settings.home.absolute()}. Stop with Ctrl-C.
"""
