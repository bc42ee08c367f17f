"""Puts the API process together: chooses every implementation, once, and hands them down."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import Engine

from service.api.import_door import ServiceDoor
from service.api.intake import Intake
from service.api.log_in_door import LogInDoor
from service.api.parts import ApiParts, Health
from service.api.passwords import Passwords
from service.audit.book import RunningAuditBook
from service.audit.canonical import canonical
from service.audit.checkpoint_file import latest_checkpoint
from service.audit.key_files import PUBLIC_FILE, load_public_key
from service.clock import SystemClock, SystemIds, modified_at, random_token
from service.connectors.import_folder import ImportFolder
from service.connectors.import_uploads import UploadedImports
from service.ports.clock import Clock
from service.scoring.champion import CHALLENGER_RECORD, RECORD, Change, ReleasedBundle
from service.scoring.coin import load_coin
from service.scoring.live import LiveScorer
from service.scoring.models_view import LiveModels
from service.scoring.release_notes import note_challenger, note_champion
from service.settings import Settings
from service.store.audit_trail import SqlLogRows
from service.store.database import open_for_reading, open_for_writing
from service.store.deciding_screens import SqlDecidingScreens
from service.store.integrations import SqlIntegrations
from service.store.my_work import SqlMyWork
from service.store.operations import SqlOperations
from service.store.screens import SqlScreens
from service.store.unit_of_work import WorkOpener
from service.store.writer import Writer
from service.wiring.outside import build_clause_reader, build_identity_provider, reading_limits
from service.wiring.sequencing import Sequencing
from service.wiring.sync_plan import sync_plan_of
from service.workflows.engine import DbosEngine
from service.workflows.steering import DbosFlows


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRuntime:
    """The running parts of the API process, with their start and stop."""

    parts: ApiParts
    writer: Writer
    champion: ReleasedBundle
    challenger: ReleasedBundle
    engine: DbosEngine
    flows: DbosFlows
    door: LogInDoor

    def start(self) -> None:
        """Begin to work: learn the history first, so that the first request does not wait."""
        self.writer.start()
        self.champion.start()
        self.challenger.start()
        self.writer.run(self.parts.scorer.catch_up)

    def stop(self) -> None:
        """Finish what was taken and let go of everything."""
        self.challenger.stop()
        self.champion.stop()
        self.writer.stop()
        self.engine.close()
        self.flows.close()


def build_api(settings: Settings) -> ApiRuntime:
    """Put the API process together."""
    clock, ids = SystemClock(), SystemIds()
    opener = WorkOpener(open_for_writing(settings.database), canonical=canonical)
    reader = WorkOpener(open_for_reading(settings.database), canonical=canonical)
    coin = load_coin(settings.secrets_folder)
    # The champion tells the writer, the writer tells the scorer, the scorer asks the champion.
    scorer = LiveScorer(
        champion=lambda: champion.current(),  # noqa: PLW0108
        challenger=lambda: challenger.current(),  # noqa: PLW0108
        coin=coin,
        cut_off_day=settings.billing_cut_off_day,
    )
    sequencing = Sequencing(settings, clock, read=reader.engine)
    writer = Writer(
        opener,
        on_tick=sequencing.order,
        is_tick_due=sequencing.is_due,
        on_lost=scorer.forget,
    )
    champion = ReleasedBundle(
        settings.bundles_folder,
        record=RECORD,
        on_change=lambda change: _note_champion(change, champion, writer, clock),
    )
    challenger = ReleasedBundle(
        settings.bundles_folder,
        record=CHALLENGER_RECORD,
        on_change=lambda change: _note_challenger(change, writer, clock),
    )
    engine, flows = DbosEngine(settings.database), DbosFlows(settings.database)
    health = Health(
        checks={
            "writer": lambda: None if writer.is_alive() else "the writing thread has ended",
            "champion": lambda: _champion_answer(champion),
            "challenger": lambda: _challenger_answer(challenger),
        }
    )
    parts = ApiParts(
        writer=writer,
        read=reader,
        screens=SqlScreens(reader.engine),
        deciding_screens=SqlDecidingScreens(reader.engine),
        audit_book=_audit_book(settings, reader.engine),
        mine=SqlMyWork(reader.engine),
        operations=SqlOperations(reader.engine),
        integrations=build_integrations(settings, reader.engine, health),
        scorer=scorer,
        models=LiveModels(champion=champion, challenger=challenger),
        clauses=build_clause_reader(settings),
        engine=engine,
        flows=flows,
        clock=clock,
        ids=ids,
        coin=coin,
        ledger=settings.ledger.value,
        undo_window=settings.undo_window,
        sync_plan=sync_plan_of(settings),
        health=health,
        passwords=Passwords(),
        provider=build_identity_provider(settings),
        random_token=random_token,
    )
    return ApiRuntime(
        parts=parts,
        writer=writer,
        champion=champion,
        challenger=challenger,
        engine=engine,
        flows=flows,
        door=LogInDoor(parts=parts, random_token=random_token),
    )


def build_imports(settings: Settings, parts: ApiParts, intake: Intake) -> UploadedImports:
    """Give what imports uploaded files beside the API."""
    return UploadedImports(
        ImportFolder(settings.imports_folder),
        limits=reading_limits(settings),
        door_of=lambda actor_id: ServiceDoor(parts, intake=intake, actor_id=actor_id),
        now=parts.clock.now,
    )


def build_integrations(settings: Settings, engine: Engine, health: Health) -> SqlIntegrations:
    """Give what looks at the parts of the installation and the systems beside it."""
    return SqlIntegrations(
        engine,
        checks=health.checks,
        worker_seen=lambda: modified_at(settings.worker_seen_file),
        ledger=settings.ledger.value,
        outside={
            "Tryton": _host_of(settings.tryton_url),
            "E-mail": settings.smtp_host,
            "Webhook": _host_of(settings.webhook_url),
            "Language model": _host_of(settings.llm_url),
        },
        plan=sync_plan_of(settings),
    )


def _host_of(url: str) -> str:
    """An address may carry a secret; its host does not."""
    return urlsplit(url).hostname or ""


def _audit_book(settings: Settings, engine: Engine) -> RunningAuditBook:
    return RunningAuditBook(
        public_key=load_public_key(settings.secrets_folder / PUBLIC_FILE),
        newest_note=lambda: latest_checkpoint(settings.checkpoints_folder),
        rows=SqlLogRows(engine),
    )


def _note_champion(change: Change, champion: ReleasedBundle, writer: Writer, clock: Clock) -> None:
    bundle = champion.current()
    writer.submit(lambda uow: note_champion(change, bundle=bundle, uow=uow, now=clock.now()))


def _note_challenger(change: Change, writer: Writer, clock: Clock) -> None:
    writer.submit(lambda uow: note_challenger(change, uow=uow, now=clock.now()))


def _champion_answer(champion: ReleasedBundle) -> str:
    bundle = champion.current()
    name = "ok: rules only, nothing is auto-cleared" if bundle is None else f"ok: {bundle.id}"
    return name if champion.refused is None else f"{name}; refused: {champion.refused}"


def _challenger_answer(challenger: ReleasedBundle) -> str:
    bundle = challenger.current()
    name = "ok: none" if bundle is None else f"ok: {bundle.id}"
    return name if challenger.refused is None else f"{name}; refused: {challenger.refused}"
