"""The audit trail: entries given their place in the log, and entries verified, a second."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.figures import Figure, Say, Section
from benchmarks.scale import Scale
from data.schemas.vocabulary import AuditEvent
from service.audit.canonical import canonical
from service.audit.checkpoint import sign
from service.audit.checkpoint_file import keep_checkpoint
from service.audit.key_files import load_signing_key
from service.audit.log import Sequencer
from service.clock import SystemClock
from service.commands.verify_audit import verify_audit
from service.domain.audit_entry import AuditEntry
from service.home import AUDIT_ORIGIN, prepare_home
from service.settings import Settings
from service.store.audit_trail import SqlPendingStore
from service.store.database import open_for_writing
from service.store.unit_of_work import WorkOpener

ENTRIES_A_TRANSACTION = 1_000
NOON = datetime(2026, 8, 31, 12, tzinfo=UTC)
HOW = (
    "Entries of the kind each assessment leaves are recorded, given their place in the Merkle "
    "tree, and verified from the stored rows, the kept checkpoint and the public key alone. Peers "
    "do what cannot be left out: insert the same rows into a bare SQLite table with the same "
    "commits, and hash the same bodies."
)


def measure(scale: Scale, *, folder: Path, say: Say) -> Section:
    """Record, sequence and verify; CPU time of this process decides."""
    settings = Settings(home=folder / "audit")
    prepare_home(settings, clock=SystemClock())
    number = scale.audit_entries
    say(f"recording {number} entries")
    recorded = _timed(lambda: _record(settings, number))
    say("sequencing them")
    sequenced = _timed(lambda: _sequence(settings))
    say("verifying them")
    verified = _timed(lambda: _verify(settings, number))
    bodies = _bodies(settings)
    inserted = _timed(lambda: _insert_bare(folder / "bare.db", bodies))
    hashed = _timed(lambda: [hashlib.sha256(body).digest() for body in bodies])
    insert, digest = "bare SQLite insert, same commits", "SHA-256 of the bodies alone"
    return Section(
        name="audit",
        title="The audit trail",
        how=HOW,
        figures=[
            _figure("entries recorded", recorded, inserted, number, peer=insert),
            _figure("entries sequenced", sequenced, inserted, number, peer=insert),
            _figure("entries verified", verified, hashed, number, peer=digest),
        ],
    )


def _figure(what: str, seconds: float, peer_seconds: float, number: int, *, peer: str) -> Figure:
    return Figure(
        what=f"{what} a second of CPU",
        ours=number / seconds,
        unit="1/s",
        peer=peer,
        peers=number / peer_seconds,
        ratio_reads="of the rate",
    )


def _record(settings: Settings, number: int) -> None:
    engine = open_for_writing(settings.database)
    opener = WorkOpener(engine, canonical=canonical)
    for start in range(0, number, ENTRIES_A_TRANSACTION):
        with opener() as uow:
            uow.audit.record(*(_entry(start + place) for place in range(ENTRIES_A_TRANSACTION)))
    engine.dispose()


def _entry(number: int) -> AuditEntry:
    name = f"{number:012d}"
    return AuditEntry(
        event=AuditEvent.ITEM_ASSESSED,
        at=NOON + timedelta(milliseconds=number),
        actor_id="policy",
        subject=f"benchmark:TS-{name}",
        facts={
            "assessment": f"asm-{name}",
            "assessment_sha256": hashlib.sha256(name.encode()).hexdigest(),
            "item_sha256": hashlib.sha256(name[::-1].encode()).hexdigest(),
            "route": "review",
            "lane": "index",
            "propensity": 1.0,
            "codes": ["daily_hours_exceeded", "rate_mismatch"],
            "violation_probability": number % 997 / 997,
            "delay_probability": number % 991 / 991,
            "amount_minor": 100_00 + number,
            "currency": "EUR",
            "bundle": "0123456789abcdef",
            "rules": "2026.1",
            "policy": "0123456789abcdef",
            "history_through": number,
        },
    )


def _sequence(settings: Settings) -> None:
    engine = open_for_writing(settings.database)
    sequencer = Sequencer(origin=AUDIT_ORIGIN, newest_kept=None)
    is_done = False
    while not is_done:
        with engine.begin() as connection:
            is_done = sequencer.sequence_once(SqlPendingStore(connection)) == 0
        sequencer.commit_succeeded()
    due = sequencer.due_checkpoint(at=NOON)
    if due is not None:
        key = load_signing_key(settings.secrets_folder)
        keep_checkpoint(sign(due, key=key), directory=settings.checkpoints_folder)
    engine.dispose()


def _verify(settings: Settings, number: int) -> None:
    check = verify_audit(settings)
    if not check.verification.is_verified or check.verification.entries_vouched < number:
        raise RuntimeError(f"the trail was not verified: {check}")


def _bodies(settings: Settings) -> list[bytes]:
    with sqlite3.connect(Path(settings.home) / "countersign.db") as connection:
        return [body.encode() for (body,) in connection.execute("select body from audit")]


def _insert_bare(path: Path, bodies: list[bytes]) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    connection.execute("create table entry (id integer primary key, body blob not null)")
    for start in range(0, len(bodies), ENTRIES_A_TRANSACTION):
        connection.execute("begin immediate")
        some = [(body,) for body in bodies[start : start + ENTRIES_A_TRANSACTION]]
        connection.executemany("insert into entry (body) values (?)", some)
        connection.execute("commit")
    connection.close()


def _timed(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
