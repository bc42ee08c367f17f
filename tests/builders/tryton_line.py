"""One installation as an integration owner runs it: the command, a Tryton, and a way between."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psutil

from data.schemas.vocabulary import AuditEvent, PostingStatus, ReasonCode, Role, Scope, Verdict
from service.client import CountersignClient
from service.clock import SystemClock
from service.commands.add_person import add_key, add_person
from service.commands.oidc_log_in import log_in_over_http
from service.connectors.tryton_rest import TrytonRest
from service.connectors.tryton_wire import Values
from service.home import prepare_home
from service.settings import LedgerName, Settings, environment
from service.supervisor import free_port
from service.wire.audit import AuditQuery
from service.wire.cases import CaseDetail, ClaimRequest, DecisionRequest, PostingView
from tests.builders.databases import settings_over
from tests.builders.policies import CALM, publish_at
from tests.fakes.cutting_proxy import CuttingProxy, cutting_proxy
from tests.integration.redmine_up import RedmineServer
from tests.integration.tryton_up import TrytonServer

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
TERMS = ROOT / "data" / "samples" / "tryton_terms.yaml"
PASSWORD = "a long test password"
PEOPLE = {"ana": "Ana Ruiz", "bo": "Bo Holm"}
COMMAND_SECONDS, START_SECONDS, SETTLE_SECONDS = 120.0, 150.0, 90.0
INVOICE_FIELDS = ("state", "type", "untaxed_amount", "reference", "party.name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A running installation, the Tryton behind it, and the proxy on its way there."""

    settings: Settings
    proxy: CuttingProxy
    rest: TrytonRest
    """Straight to Tryton, past the proxy."""
    key: str

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `countersign`."""
        return subprocess.run(
            [sys.executable, "-m", "service.cli", *arguments],
            env=environment(self.settings),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )

    def sync(self, system: str = "tryton") -> dict[str, int]:
        """Pull from a system and give the counts."""
        done = self.run("sync", system, "--json")
        assert done.returncode == 0, done.stderr
        counts: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
        return counts

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Run `countersign serve` while the block runs."""
        log = self.settings.home / "serve.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "service.cli", "serve"],
                env=environment(self.settings), cwd=ROOT, stdout=output, stderr=output,
            )  # fmt: skip
        try:
            until(
                lambda: "stop with Ctrl-C" in log.read_text() or process.poll() is not None,
                seconds=START_SECONDS,
            )
            assert process.poll() is None, log.read_text()
            yield
        finally:
            process.terminate()
            process.wait(COMMAND_SECONDS)

    def worker_pid(self) -> int | None:
        """Give the process id of this installation's posting worker, where it runs."""
        home = str(self.settings.home.absolute())
        for process in psutil.process_iter(["cmdline"]):
            if (process.info["cmdline"] or [])[-2:] == ["-m", "service.worker"]:
                try:
                    if process.environ().get("COUNTERSIGN_HOME") == home:
                        return process.pid
                except psutil.Error:
                    continue
        return None

    def kill_worker(self) -> None:
        """End the worker as a power cut would."""
        pid = self.worker_pid()
        assert pid is not None
        psutil.Process(pid).send_signal(signal.SIGKILL)

    def detail(self, case_id: str) -> CaseDetail:
        """Give a case."""
        with self._reader() as client:
            return client.case(case_id)

    def cases_of(self, item_id: str) -> list[CaseDetail]:
        """Give the cases of an item, newest first."""
        with self._reader() as client:
            found = client.cases(q=item_id).cases
            return [client.case(one.id) for one in found if one.item_id == item_id]

    def settled(self, case_id: str) -> PostingView:
        """Wait until the posting of a case is done or refused, and give it."""

        def ended() -> PostingView | None:
            with self._reader() as client:
                postings = client.postings(limit=200).postings
            mine = [one for one in postings if one.case_id == case_id]
            return mine[0] if mine and mine[0].status is not PostingStatus.PENDING else None

        return until(ended)

    def approve_one(self, *, item_id: str | None = None) -> CaseDetail:
        """Have Bo approve the next case, or that of one item, over the API; give it as it was."""
        token = log_in_over_http(self.settings, login="bo", password=PASSWORD)
        wanted = None if item_id is None else self.cases_of(item_id)[0].case.id
        with CountersignClient(self.settings.api_url, token=token) as client:
            (claim,) = client.claim(ClaimRequest(case_id=wanted)).claims
            case = claim.detail.case
            client.decide(
                case.id,
                request=DecisionRequest(
                    lease_token=claim.lease_token, version=case.version,
                    verdict=Verdict.APPROVE, reason_codes=(ReasonCode.CLAUSE_SATISFIED,),
                ),
                idempotency_key=f"{case.id}-{case.version}",
            )  # fmt: skip
        return claim.detail

    def audit(self, event: AuditEvent) -> list[dict[str, Any]]:
        """Give the entries of one kind in the audit trail."""
        with self._reader() as client:
            found = client.audit_events(AuditQuery(event=event))
        return [entry.body for entry in found.entries]

    def invoices(self, token: str) -> list[Values]:
        """Give every invoice in Tryton whose reference carries a token."""
        domain = [["reference", "like", f"%{token}%"]]
        return self.rest.search(
            "account.invoice", fields=INVOICE_FIELDS, domain=domain, limit=10
        )  # fmt: skip

    def _reader(self) -> CountersignClient:
        return CountersignClient(self.settings.api_url, token=self.key)


@contextmanager
def tryton_line(
    server: TrytonServer, *, home: Path, terms: Path = TERMS, redmine: RedmineServer | None = None
) -> Iterator[Line]:
    """Set an installation up beside a Tryton; nothing is pulled or served yet."""
    rest = TrytonRest(
        base_url=server.base_url, database=server.database, api_key=server.api_key
    )  # fmt: skip
    with cutting_proxy(server.base_url) as proxy, closing(rest):
        settings = settings_over(
            home, api_port=free_port(), review_port=free_port(), undo_seconds=1.0,
            ledger=LedgerName.TRYTON, terms_file=terms, tryton_url=proxy.url,
            tryton_database=server.database, tryton_key=server.api_key,
            redmine_url=redmine.base_url if redmine else "",
            redmine_key=redmine.api_key if redmine else "",
        )  # fmt: skip
        prepare_home(settings, clock=SystemClock())
        publish_at(settings.database, CALM)
        key = add_key(settings, name="test", scopes={Scope.READ, Scope.AUDIT})
        for login, name in PEOPLE.items():
            add_person(
                settings, login=login, name=name, password=PASSWORD, roles={Role.REVIEWER}
            )  # fmt: skip
        yield Line(settings=settings, proxy=proxy, rest=rest, key=key)


def until(look: Callable[[], T | None], *, seconds: float = SETTLE_SECONDS) -> T:
    """Look until something is there, and give it."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.2)
