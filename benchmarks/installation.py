"""A temporary installation with a trained champion, as `countersign serve` would run it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Say
from benchmarks.firm import ServedFirm
from benchmarks.scale import Scale
from data.firm.generate import FirmSize
from data.schemas.billing import Invoice, Payment
from data.schemas.vocabulary import Scope
from service.clock import SystemClock
from service.commands.add_person import add_key
from service.commands.demo import with_free_ports
from service.commands.ingest import ingesting, take_reference
from service.connectors.reference import Reference
from service.home import prepare_home
from service.settings import Settings, environment
from service.supervisor import Supervisor, api_part
from service.usecases.assessing.take_history import take_history
from service.usecases.terms.put_reference import put_reference
from service.wiring.api import ApiRuntime

ACTOR = "benchmark"
PAST_ITEMS_A_TRANSACTION = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running API process."""

    settings: Settings
    pid: int
    key: str


def trained_home(scale: Scale, *, folder: Path, say: Say) -> Path:
    """Train a champion on a small firm with `training.cli`, in a home that others may copy."""
    home, rows = folder / "trained", folder / "rows.parquet"
    if home.exists():
        return home
    say(f"training the champion on a firm of {scale.trained.people} people")
    home.mkdir()
    settings = Settings(home=home)
    _training(settings, ["firm-rows", f"--out={rows}", *_arguments(scale.trained)])
    result = _training(settings, ["train", f"--home={home}", f"--rows={rows}"])
    if not result["promoted"]:
        raise RuntimeError(f"no champion to measure with: {result}")
    return home


def prepared(home: Path, *, trained: Path) -> Settings:
    """Make a home of its own with the trained champion in force."""
    settings = with_free_ports(Settings(home=home, undo_seconds=0))
    prepare_home(settings, clock=SystemClock())
    shutil.copytree(trained / "bundles", settings.bundles_folder, dirs_exist_ok=True)
    return settings


def feed(settings: Settings, served: ServedFirm) -> None:
    """Tell the installation everything items are checked against, and the firm's past."""
    with ingesting(settings) as runtime:
        known = served.firm.reference
        reference = Reference.of(known)
        take_reference(runtime, reference, actor_id=ACTOR)
        _put_trade(runtime, served)
        for start in range(0, len(served.past), PAST_ITEMS_A_TRANSACTION):
            _take_past(runtime, served, start=start)


@contextmanager
def serving(settings: Settings) -> Iterator[Server]:
    """Run the API process over the home, with a key that may assess."""
    key = add_key(settings, name=ACTOR, scopes=frozenset({Scope.ASSESS, Scope.READ}))
    supervisor = Supervisor(settings, [api_part(settings)])
    supervisor.start()
    try:
        yield Server(settings=settings, pid=supervisor.pids()["api"], key=key)
    finally:
        supervisor.stop()


def _put_trade(runtime: ApiRuntime, served: ServedFirm) -> None:
    """Put invoices and payments that were known before the first item to bill came."""
    first = min(one.submitted_at for one in served.to_bill)
    invoices = [one for one in served.firm.invoices if one.issued_at < first]
    billed = {one.id for one in invoices}
    payments = [
        one for one in served.firm.payments if one.recorded_at < first and one.invoice_id in billed
    ]
    _put(runtime, "invoices", invoices)
    _put(runtime, "payments", payments)


def _put(runtime: ApiRuntime, kind: str, objects: Sequence[Invoice] | Sequence[Payment]) -> None:
    named = [(one.id, one) for one in objects]
    now = runtime.parts.clock.now()
    runtime.writer.run(lambda uow: put_reference(kind, named, actor_id=ACTOR, uow=uow, now=now))


def _take_past(runtime: ApiRuntime, served: ServedFirm, *, start: int) -> None:
    some = served.past[start : start + PAST_ITEMS_A_TRANSACTION]
    runtime.writer.run(
        lambda uow: take_history(
            some,
            actor_id=ACTOR,
            uow=uow,
            scorer=runtime.parts.scorer,
            now=runtime.parts.clock.now(),
        )
    )


def _arguments(size: FirmSize) -> Sequence[str]:
    return (
        f"--people={size.people}",
        f"--clients={size.clients}",
        f"--contracts={size.contracts}",
        f"--months={size.months}",
        f"--seed={size.seed}",
        f"--end={size.end.isoformat()}",
    )


def _training(settings: Settings, arguments: Sequence[str]) -> dict[str, object]:
    run = subprocess.run(
        [sys.executable, "-m", "training.cli", *arguments],
        capture_output=True,
        text=True,
        env=environment(settings),
        check=False,
    )
    if run.returncode != 0:
        raise RuntimeError(f"training ended with {run.returncode}:\n{run.stderr[-2_000:]}")
    result: dict[str, object] = json.loads(run.stdout.strip().splitlines()[-1])
    return result
