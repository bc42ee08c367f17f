"""The home folder of an installation: database, keys and secrets, made at the first start."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from joserfc.jwk import ECKey

from data.schemas.vocabulary import AuditEvent
from service.audit.canonical import canonical
from service.audit.key_files import create_key
from service.domain.audit_entry import AuditEntry
from service.ports.clock import Clock
from service.scoring.coin import load_coin
from service.settings import Settings
from service.store.database import open_for_writing
from service.store.database_health import refuse_unsafe
from service.store.migrate import is_current, migrate
from service.store.unit_of_work import WorkOpener
from service.workflows.engine import prepare_engine

AUDIT_ORIGIN = "countersign.audit"
PRIVATE = 0o600
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class LogInSecrets:
    """What the API and the review app share about logging in."""

    client_id: str
    client_secret: str
    cookie_secret: str
    signing_key: ECKey


def prepare_home(settings: Settings, *, clock: Clock) -> None:
    """Make or bring up to date everything an installation keeps; safe to repeat."""
    settings.home.mkdir(parents=True, exist_ok=True)
    settings.secrets_folder.mkdir(exist_ok=True, mode=0o700)
    settings.bundles_folder.mkdir(exist_ok=True)
    if not (settings.secrets_folder / "audit_key.pem").exists():
        create_key(settings.secrets_folder, name=AUDIT_ORIGIN)
    log_in_secrets(settings)
    _prepare_database(settings, clock=clock)


def log_in_secrets(settings: Settings) -> LogInSecrets:
    """Give the secrets of logging in, making those that do not exist."""
    folder = settings.secrets_folder
    key_file = folder / "oidc_key.pem"
    if not key_file.exists():
        _write_private(key_file, ECKey.generate_key("P-256").as_pem(private=True))
    return LogInSecrets(
        client_id="review-app",
        client_secret=_secret(folder / "oidc_client.secret"),
        cookie_secret=_secret(folder / "cookie.secret"),
        signing_key=ECKey.import_key(key_file.read_bytes()),
    )


def _prepare_database(settings: Settings, *, clock: Clock) -> None:
    engine = open_for_writing(settings.database)
    try:
        with engine.begin() as connection:
            refuse_unsafe(connection)
            if not is_current(connection):
                migrate(connection)
        prepare_engine(settings.database)
        _publish_commitment(settings, WorkOpener(engine, canonical=canonical), clock=clock)
    finally:
        engine.dispose()


def _publish_commitment(settings: Settings, opener: WorkOpener, *, clock: Clock) -> None:
    """Write the hash of the random seed into the trail before the first draw."""
    commitment = load_coin(settings.secrets_folder).commitment
    published = settings.secrets_folder / "randomness.published"
    if published.exists():
        return
    with opener() as uow:
        uow.audit.record(
            AuditEntry(
                event=AuditEvent.RANDOMNESS_COMMITTED,
                at=clock.now(),
                actor_id="policy",
                subject="randomness",
                facts={"seed_sha256": commitment},
            )
        )
    published.write_text(commitment)


def _secret(path: Path) -> str:
    if not path.exists():
        _write_private(path, secrets.token_urlsafe(SECRET_BYTES).encode())
    return path.read_text()


def _write_private(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
