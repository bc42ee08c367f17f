"""Verify the audit trail: from the stored rows, the kept checkpoints and the public key alone."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from service.audit.checkpoint_file import kept_checkpoints
from service.audit.key_files import load_public_key
from service.audit.problems import Verification
from service.audit.verify import verify_log
from service.settings import Settings
from service.store.audit_trail import pending_count, stored_rows
from service.store.database import open_for_reading

PUBLIC_KEY = "audit_key.pub"


class UnreadableTrailError(RuntimeError):
    """The database cannot be read far enough to verify it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailCheck:
    """What was verified, and how many entries still wait for their place in the log."""

    verification: Verification
    pending: int


def verify_audit(settings: Settings, *, public_key: Path | None = None) -> TrailCheck:
    """Check every entry against every kept checkpoint. Raises UnreadableTrailError."""
    key = load_public_key(public_key or settings.secrets_folder / PUBLIC_KEY)
    engine = open_for_reading(settings.database)
    try:
        with engine.connect() as connection:
            # The kept checkpoints are read after the rows' snapshot began, so the newest may
            # already cover later rows; only those of before count as owed.
            kept = tuple(kept_checkpoints(settings.checkpoints_folder))
            verification = verify_log(stored_rows(connection), kept=kept, public_key=key)
            return TrailCheck(verification=verification, pending=pending_count(connection))
    except (DBAPIError, sqlite3.Error, UnicodeDecodeError) as error:
        raise UnreadableTrailError(
            f"the database cannot be read: {error}; restore it from a backup"
        ) from error
    finally:
        engine.dispose()
