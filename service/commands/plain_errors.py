"""Errors a person at the shell can mend are told in their own words, without a traceback."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from models.bulk.table_checks import TableRefusedError
from models.bulk.table_columns import MissingColumnError
from models.clauses.classify import UnreadableClassifierError
from service.audit.errors import AuditError
from service.commands.check_file import NoTermsError
from service.commands.replay import BundleGoneError
from service.commands.terms.propose import NoTextError
from service.commands.upkeep.backup import BackupRefusedError
from service.commands.upkeep.backup_folder import DamagedBackupError
from service.commands.upkeep.restore import RestoreFailedError, RestoreRefusedError
from service.commands.verify_audit import UnreadableTrailError
from service.connectors.clause_sets import UnreadableClausesError
from service.connectors.entry_file import NotParquetError, UnsortedFileError
from service.connectors.file_rows import UnreadableFileError
from service.connectors.import_folder import ImportRunsError
from service.connectors.import_rejections import UnknownReportFormatError
from service.connectors.rest_auth import MissingSecretError
from service.connectors.row_memory import UnreadableMemoryError
from service.connectors.tryton_cursor import CursorError
from service.connectors.unmapped import UnmappedError
from service.connectors.yaml_file import FileMistakesError
from service.domain.errors import CountersignError, InvalidRequestError, NotFoundError
from service.ports.outside_errors import OutsideRefusedError, OutsideTransientError
from service.ports.training import TrainingFailedError
from service.settings import NotConfiguredError
from service.store.database_health import UnsafeDatabaseError
from service.store.migrate import NewerSchemaError
from service.supervisor import NotStartedError

MENDABLE = (
    AuditError,
    BackupRefusedError,
    BundleGoneError,
    CountersignError,
    CursorError,
    DamagedBackupError,
    FileMistakesError,
    ImportRunsError,
    OutsideRefusedError,
    OutsideTransientError,
    MissingColumnError,
    MissingSecretError,
    NewerSchemaError,
    NoTermsError,
    NotConfiguredError,
    NotParquetError,
    NotStartedError,
    RestoreFailedError,
    RestoreRefusedError,
    TableRefusedError,
    TrainingFailedError,
    UnknownReportFormatError,
    UnmappedError,
    UnreadableMemoryError,
    UnreadableFileError,
    UnreadableClassifierError,
    UnreadableClausesError,
    UnreadableTrailError,
    UnsafeDatabaseError,
    UnsortedFileError,
    NoTextError,
)
"""Errors whose text says what, where and what to do; any other is a fault of ours."""

_REMEDIES_AT_THE_SHELL: dict[type[CountersignError], str] = {
    NotFoundError: "Check the id, and whether --home (or COUNTERSIGN_HOME) names the right folder.",
    InvalidRequestError: "Mend what is named and run the command again.",
}
"""What the API advises a program is no advice to a person at the shell."""


class PlainErrors(TyperGroup):
    """Commands that end with 1 and one plain text where a person can mend the cause."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer names no public type for either
        """Run the command; tell what a person can mend."""
        try:
            return super().invoke(ctx)
        except MENDABLE as error:
            typer.echo(f"Error: {error}", err=True)
            if isinstance(error, CountersignError):
                typer.echo(_REMEDIES_AT_THE_SHELL.get(type(error), error.remedy), err=True)
            raise typer.Exit(1) from error
