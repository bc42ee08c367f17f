"""Everything a deployment may set, read once and passed down."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

MEGABYTE = 1_000_000


class NotConfiguredError(RuntimeError):
    """A setting that this needs is missing; the text names it."""


class LedgerName(StrEnum):
    """The business systems bills can be posted to."""

    SANDBOX = "sandbox"
    TRYTON = "tryton"


class Settings(BaseSettings):
    """Settings of one deployment; each can be set as COUNTERSIGN_<NAME> in the environment."""

    model_config = SettingsConfigDict(env_prefix="COUNTERSIGN_", frozen=True)

    home: Path = Path(".countersign")
    """Folder of all state: database, keys, bundles, checkpoints, MLflow."""
    database_url: str = ""
    """SQLAlchemy address; by default an SQLite file under the home folder."""
    host: str = "127.0.0.1"
    """Address the API and the review app listen on."""
    api_port: int = 8410
    """Port of the API."""
    review_port: int = 8411
    """Port of the review app."""
    public_api_url: str = ""
    """Address people's browsers reach the API at; by default host and port."""
    public_review_url: str = ""
    """Address people's browsers reach the review app at; by default host and port."""
    undo_seconds: float = Field(default=30.0, ge=0)
    """How long a decision can be undone, and nothing leaves."""
    max_body_bytes: int = 32 * MEGABYTE
    """Requests above this are refused with 413."""
    ledger: LedgerName = LedgerName.SANDBOX
    """Business system that bills are posted to: `sandbox` or `tryton`."""
    tryton_url: str = ""
    """Address of the Tryton server, for example http://127.0.0.1:8000."""
    tryton_database: str = ""
    """Name of the Tryton database."""
    tryton_key: SecretStr = SecretStr("")
    """Key of a validated user application of the kind 'rest'."""
    terms_file: Path | None = None
    """YAML file with contract terms and the mapping of Tryton projects to contract lines."""
    llm_url: str = ""
    """Address of a language model's server (OpenAI protocol), for example http://127.0.0.1:8000/v1."""
    llm_model: str = ""
    """Name of the language model; without address and name none is asked."""
    llm_key: SecretStr = SecretStr("")
    """Key of the language model's server, where it wants one."""
    import_max_bytes: int = 512 * MEGABYTE
    """Uploaded files above this are refused with 413."""
    import_max_rows: int = Field(default=2_000_000, ge=1)
    """Most rows of one file."""
    import_max_unzipped_bytes: int = Field(default=1_073_741_824, ge=1)
    """Most bytes a workbook or a Parquet file may hold when it is unpacked."""
    import_memory_bytes: int = Field(default=1_073_741_824, ge=268_435_456)
    """Memory of the process that reads a file."""
    import_cpu_seconds: int = Field(default=300, ge=1)
    """Processor time of the process that reads a file."""
    import_wait_seconds: float = Field(default=600.0, gt=0)
    """How long all waiting for the rows of a file may take together."""
    owner_of_failures: str = "integration-owner"
    """Who a posting that failed for good is given to."""

    @property
    def database(self) -> str:
        """Address of the database in force."""
        return self.database_url or f"sqlite:///{self.home.absolute() / 'countersign.db'}"

    @property
    def api_url(self) -> str:
        """Address of the API for browsers."""
        return self.public_api_url or f"http://{self.host}:{self.api_port}"

    @property
    def review_url(self) -> str:
        """Address of the review app for browsers."""
        return self.public_review_url or f"http://{self.host}:{self.review_port}"

    @property
    def undo_window(self) -> timedelta:
        """How long a decision can be undone."""
        return timedelta(seconds=self.undo_seconds)

    @property
    def secrets_folder(self) -> Path:
        """Folder of keys, readable by the service alone."""
        return self.home / "secrets"

    @property
    def checkpoints_folder(self) -> Path:
        """Folder of signed audit checkpoints; copy it where no database administrator writes."""
        return self.home / "audit"

    @property
    def bundles_folder(self) -> Path:
        """Folder of model bundles and the release record."""
        return self.home / "bundles"

    @property
    def imports_folder(self) -> Path:
        """Folder of imports: how far each came, and the rows it gave back."""
        return self.home / "imports"

    @property
    def clauses_folder(self) -> Path:
        """Folder of the classifiers that read clauses out of text."""
        return self.home / "clauses"

    @property
    def terms_path(self) -> Path:
        """The terms file. Raises NotConfiguredError."""
        if self.terms_file is None:
            raise NotConfiguredError(
                "set COUNTERSIGN_TERMS_FILE to the YAML file with the contract terms"
            )
        return self.terms_file

    @property
    def sandbox_file(self) -> Path:
        """File of the embedded ledger."""
        return self.home / "sandbox-ledger.db"


def environment(settings: Settings) -> Mapping[str, str]:
    """The environment of every part: ours, and the settings in force."""
    chosen = {
        f"COUNTERSIGN_{name.upper()}": str(value)
        for name, value in settings.model_dump(mode="json").items()
        if value not in {None, ""} and name not in {"tryton_key", "llm_key"}
    }
    chosen["COUNTERSIGN_HOME"] = str(settings.home.absolute())
    chosen["COUNTERSIGN_TRYTON_KEY"] = settings.tryton_key.get_secret_value()
    chosen["COUNTERSIGN_LLM_KEY"] = settings.llm_key.get_secret_value()
    return {**os.environ, **chosen, "PYTHONUNBUFFERED": "1", "OMP_NUM_THREADS": "1"}
