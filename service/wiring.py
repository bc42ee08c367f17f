"""Chooses every implementation, once, and hands them down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from data.regions.shipped import shipped_regions
from data.schemas.vocabulary import AuditEvent
from service.api.import_door import ServiceDoor
from service.api.intake import Intake
from service.api.oidc import LogInRefused
from service.api.oidc_grants import SignedIn
from service.api.parts import ApiParts, Health
from service.api.passwords import Passwords
from service.audit.canonical import canonical
from service.audit.checkpoint import parse_and_verify, sign
from service.audit.checkpoint_file import keep_checkpoint, latest_checkpoint
from service.audit.key_files import load_signing_key
from service.audit.log import Sequencer
from service.clock import SystemClock, SystemIds, random_token
from service.connectors.file_limits import ReadingLimits
from service.connectors.import_folder import ImportFolder
from service.connectors.import_uploads import UploadedImports
from service.connectors.llm_clauses import LanguageModelClauses
from service.connectors.sandbox import SandboxLedger
from service.connectors.terms_file import read_terms
from service.connectors.tryton import Tryton, connect_tryton
from service.domain.audit_entry import AuditEntry
from service.domain.errors import LogInRefusedError
from service.home import AUDIT_ORIGIN
from service.ports.clock import Clock
from service.ports.ledger import LedgerPort
from service.ports.stores import UnitOfWork
from service.scoring.champion import Champion, Change
from service.scoring.clause_reader import HomeClauseReader
from service.scoring.coin import load_coin
from service.scoring.live import LiveScorer
from service.settings import LedgerName, NotConfiguredError, Settings
from service.store.audit_trail import SqlPendingStore, has_pending
from service.store.database import open_for_reading, open_for_writing
from service.store.screens import SqlScreens
from service.store.unit_of_work import WorkOpener
from service.store.writer import Writer
from service.usecases.billed_rows import BilledRows
from service.usecases.log_in import check_password, log_in
from service.usecases.post_billing import Gates
from service.workflows.engine import DbosEngine
from service.workflows.flows import FlowParts

CHECKPOINT_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRuntime:
    """The running parts of the API process, with their start and stop."""

    parts: ApiParts
    writer: Writer
    champion: Champion
    engine: DbosEngine
    log_in: Callable[[str, str], SignedIn | LogInRefused]

    def start(self) -> None:
        """Begin to work: learn the history first, so that the first request does not wait."""
        self.writer.start()
        self.champion.start()
        self.writer.run(self.parts.scorer.catch_up)

    def stop(self) -> None:
        """Finish what was taken and let go of everything."""
        self.champion.stop()
        self.writer.stop()
        self.engine.close()


def build_api(settings: Settings) -> ApiRuntime:
    """Put the API process together."""
    clock, ids = SystemClock(), SystemIds()
    opener = WorkOpener(open_for_writing(settings.database), canonical=canonical)
    reader = WorkOpener(open_for_reading(settings.database), canonical=canonical)
    coin = load_coin(settings.secrets_folder)
    # The champion tells the writer, the writer tells the scorer, the scorer asks the champion.
    scorer = LiveScorer(champion=lambda: champion.current(), coin=coin)  # noqa: PLW0108
    sequencing = _Sequencing(settings, clock, read=reader.engine)
    writer = Writer(
        opener,
        on_tick=sequencing.order,
        is_tick_due=sequencing.is_due,
        on_lost=scorer.forget,
    )
    champion = Champion(
        settings.bundles_folder,
        on_change=lambda change: _note_champion(change, writer, clock),
    )
    engine = DbosEngine(settings.database)
    parts = ApiParts(
        writer=writer,
        read=reader,
        screens=SqlScreens(reader.engine),
        scorer=scorer,
        clauses=build_clause_reader(settings),
        engine=engine,
        clock=clock,
        ids=ids,
        coin=coin,
        ledger=settings.ledger.value,
        undo_window=settings.undo_window,
        health=Health(
            checks={
                "writer": lambda: None if writer.is_alive() else "the writing thread has ended",
                "champion": lambda: _champion_answer(champion),
            }
        ),
    )
    return ApiRuntime(
        parts=parts,
        writer=writer,
        champion=champion,
        engine=engine,
        log_in=_log_in(parts, Passwords()),
    )


def build_imports(settings: Settings, parts: ApiParts, intake: Intake) -> UploadedImports:
    """Give what imports uploaded files beside the API."""
    return UploadedImports(
        ImportFolder(settings.imports_folder),
        limits=reading_limits(settings),
        door_of=lambda actor_id: ServiceDoor(parts, intake=intake, actor_id=actor_id),
        now=parts.clock.now,
    )


def reading_limits(settings: Settings) -> ReadingLimits:
    """Give what one file may cost."""
    return ReadingLimits(
        memory_bytes=settings.import_memory_bytes,
        cpu_seconds=settings.import_cpu_seconds,
        wait_seconds=settings.import_wait_seconds,
        rows=settings.import_max_rows,
        unzipped_bytes=settings.import_max_unzipped_bytes,
    )


def build_flows(settings: Settings) -> FlowParts:
    """Put the posting worker together."""
    return FlowParts(
        open_work=WorkOpener(open_for_writing(settings.database), canonical=canonical),
        ledger=build_ledger(settings),
        gates=Gates(billed=BilledRows(), regions=shipped_regions()[0]),
        now=SystemClock().now,
        owner_of_failures=settings.owner_of_failures,
    )


def build_clause_reader(settings: Settings) -> HomeClauseReader:
    """Give what reads clauses out of text, with a language model beside it where one is set."""
    language_model = None
    if settings.llm_url and settings.llm_model:
        language_model = LanguageModelClauses(
            base_url=settings.llm_url, model=settings.llm_model, key=settings.llm_key
        )
    return HomeClauseReader(settings.clauses_folder, language_model=language_model)


def build_ledger(settings: Settings) -> LedgerPort:
    """Give the business system that bills are posted to."""
    match settings.ledger:
        case LedgerName.SANDBOX:
            return SandboxLedger(settings.sandbox_file)
        case LedgerName.TRYTON:
            return build_tryton(settings).ledger


def build_tryton(settings: Settings) -> Tryton:
    """Connect to the Tryton server of the settings. Raises NotConfiguredError."""
    terms = read_terms(settings.terms_path)
    key = settings.tryton_key.get_secret_value()
    if not (settings.tryton_url and settings.tryton_database and key and terms.tryton):
        raise NotConfiguredError(
            "set COUNTERSIGN_TRYTON_URL, COUNTERSIGN_TRYTON_DATABASE and COUNTERSIGN_TRYTON_KEY, "
            "and give the terms file a section 'tryton'"
        )
    return connect_tryton(
        base_url=settings.tryton_url,
        database=settings.tryton_database,
        api_key=key,
        party_names=terms.tryton.clients,
        books=terms.tryton.books,
        lock_folder=settings.home / "locks",
    )


class _Sequencing:
    """Orders audit entries on the writer's tick, and each second signs what it ordered."""

    def __init__(self, settings: Settings, clock: Clock, *, read: Engine) -> None:
        self._key = load_signing_key(settings.secrets_folder)
        self._folder = settings.checkpoints_folder
        self._clock = clock
        self._read = read
        kept = latest_checkpoint(self._folder)
        newest = None if kept is None else parse_and_verify(kept, public_key=self._key.public)
        self._sequencer = Sequencer(origin=AUDIT_ORIGIN, newest_kept=newest)
        self._last_signed: datetime | None = None

    def is_due(self) -> bool:
        """Say whether there is anything to order or to sign."""
        if self._sequencer.is_behind:
            return True
        with self._read.connect() as connection:
            return has_pending(connection)

    def order(self, connection: Connection) -> Callable[[], None]:
        """Order what is pending; what it gives back is called after the commit."""
        self._sequencer.sequence_once(SqlPendingStore(connection))
        return self._after_commit

    def _after_commit(self) -> None:
        self._sequencer.commit_succeeded()
        now, last = self._clock.now(), self._last_signed
        if last is not None and (now - last).total_seconds() < CHECKPOINT_SECONDS:
            return
        due = self._sequencer.due_checkpoint(at=now)
        if due is not None:
            keep_checkpoint(sign(due, key=self._key), directory=self._folder)
            self._sequencer.checkpoint_kept(due)
            self._last_signed = now


def _note_champion(change: Change, writer: Writer, clock: Clock) -> None:
    """Write a change of champion down once, whichever process sees it first."""

    def note(uow: UnitOfWork) -> None:
        known = None
        for body in uow.audit.entries(AuditEvent.BUNDLE_PROMOTED, AuditEvent.BUNDLE_ROLLED_BACK):
            known = body["subject"]
        if known == change.bundle:
            return
        uow.audit.record(
            AuditEntry(
                event=(
                    AuditEvent.BUNDLE_ROLLED_BACK
                    if change.is_rollback
                    else AuditEvent.BUNDLE_PROMOTED
                ),
                at=clock.now(),
                actor_id="policy",
                subject=change.bundle,
                facts={"before": change.before or known},
            )
        )

    writer.submit(note)


def _champion_answer(champion: Champion) -> str:
    bundle = champion.current()
    name = "ok: rules only, nothing is auto-cleared" if bundle is None else f"ok: {bundle.id}"
    return name if champion.refused is None else f"{name}; refused: {champion.refused}"


def _log_in(parts: ApiParts, passwords: Passwords) -> Callable[[str, str], SignedIn | LogInRefused]:
    def attempt(login: str, password: str) -> SignedIn | LogInRefused:
        with parts.read() as uow:
            is_right = check_password(login, password, verify=passwords.verify, uow=uow)
        token = random_token()
        outcome = parts.writer.run(
            lambda uow: log_in(
                login, is_password_right=is_right, token=token, uow=uow, now=parts.clock.now()
            )
        )
        if isinstance(outcome, LogInRefusedError):
            return LogInRefused(
                reason="locked" if outcome.is_locked else "wrong",
                retry_after_seconds=outcome.retry_after_seconds,
            )
        session, account = outcome
        return SignedIn(
            token=token,
            person_id=account.person_id,
            name=account.name,
            roles=account.roles,
            expires_at=session.expires_at,
        )

    return attempt
