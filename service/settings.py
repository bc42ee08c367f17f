"""Everything a deployment may set, read once and passed down."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from data.schemas.vocabulary import Role
from service.domain.cut_off import CUT_OFF_DAY

MEGABYTE = 1_000_000


class NotConfiguredError(RuntimeError):
    """A setting that this needs is missing; the text names it."""


class LedgerName(StrEnum):
    """The business systems bills can be posted to."""

    SANDBOX = "sandbox"
    TRYTON = "tryton"
    ODOO = "odoo"
    CONNECTION = "connection"
    """What a connection file describes."""


class SmtpSecurity(StrEnum):
    """How mail travels to the mail server."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


def _in_seconds(written: object) -> object:
    """Pydantic reads a number as seconds, and in the environment a number is text."""
    if isinstance(written, str) and written.replace(".", "", 1).isdecimal():
        return float(written)
    return written


Period = Annotated[timedelta, BeforeValidator(_in_seconds)]
"""ISO 8601, for example PT15M, or seconds."""


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
    key_wait_seconds: float = Field(default=10.0, ge=0)
    """How long a repeat waits for the first request under its Idempotency-Key, before 409."""
    rate_per_person: int = Field(default=3_000, ge=0)
    """Requests a minute of one person, beyond which comes 429; 0 is without limit."""
    rate_per_key: int = Field(default=60_000, ge=0)
    """Requests a minute of one workflow's key, beyond which comes 429; 0 is without limit."""
    rate_per_address: int = Field(default=600, ge=0)
    """Requests a minute of one address without live credentials; 0 is without limit."""
    max_in_flight: int = Field(default=128, ge=1)
    """Requests answered at the same time; what comes beyond is refused with 503 at once."""
    ledger: LedgerName = LedgerName.SANDBOX
    """Business system that bills are posted to: `sandbox`, `tryton`, `odoo` or `connection`."""
    ledger_connection: str = ""
    """Connection file that bills are posted by, or its name: where the ledger is `connection`."""
    tryton_url: str = ""
    """Address of the Tryton server, for example http://127.0.0.1:8000."""
    tryton_database: str = ""
    """Name of the Tryton database."""
    tryton_key: SecretStr = SecretStr("")
    """Key of a validated user application of the kind 'rest'."""
    odoo_url: str = ""
    """Address of the Odoo server, for example https://example.odoo.com."""
    odoo_database: str = ""
    """Name of the Odoo database, where its server has more than one."""
    odoo_key: SecretStr = SecretStr("")
    """API key of the Odoo user that reads time and writes invoices."""
    odoo_file: Path | None = None
    """YAML file with the clients of Odoo's partners and the mapping of its rows."""
    redmine_url: str = ""
    """Address of the Redmine server, for example https://redmine.example.org."""
    redmine_key: SecretStr = SecretStr("")
    """API key of a Redmine administrator; only administrators may list users there."""
    terms_file: Path | None = None
    """YAML file with contract terms, and how projects of Tryton or Redmine map onto lines."""
    oidc_issuer: str = ""
    """Issuer of the company's own log-in (OpenID Connect); else people have passwords of ours."""
    oidc_client_id: str = ""
    """Our name at the company's log-in."""
    oidc_client_secret: SecretStr = SecretStr("")
    """Our secret at the company's log-in."""
    oidc_roles_claim: str = ""
    """Claim with a person's groups, for example `groups`; without one administrators give roles."""
    oidc_role_map: dict[str, Role] = Field(default_factory=dict)
    """Which role each group gives, as JSON: {"finance-review": "reviewer"}."""
    llm_url: str = ""
    """Address of a language model's server (OpenAI protocol), for example http://127.0.0.1:8000/v1."""
    llm_model: str = ""
    """Name of the language model; without address and name none is asked."""
    llm_key: SecretStr = SecretStr("")
    """Key of the language model's server, where it wants one."""
    attachment_max_bytes: int = Field(default=20 * MEGABYTE, ge=1)
    """Files larger than this cannot be attached to a case; requests have their own limit."""
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
    billing_cut_off_day: int = Field(default=CUT_OFF_DAY, ge=1, le=28)
    """Day of the month by which the invoices of the month before must leave."""
    retrain_every: timedelta | None = None
    """How often models are trained anew, for example P7D for a week; never without a value."""
    retrain_on_drift: bool = False
    """Train anew when items, verdicts or calibration have moved away from what was learned."""
    drift_every: timedelta = timedelta(days=1)
    """How often is looked for drift, where drift counts."""
    sync_every: Period | None = None
    """How often sources are read by themselves, for example PT15M or 900; never without a value."""
    sync_sources: tuple[str, ...] = ()
    """What the worker reads, as JSON: ["tryton", "psa"], by the names `countersign sync` takes."""
    sync_limit: Period = timedelta(hours=4)
    """A sync that the worker began is ended after so long."""
    keep_flows: timedelta = timedelta(days=30)
    """How long the engine's notes on flows that have ended are kept; the audit trail stays."""
    mlflow_tracking_uri: str = ""
    """Address of an MLflow tracking server; by default a store of files under the home folder."""
    smtp_host: str = ""
    """Mail server for notifications; without it no e-mail is sent."""
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    """Port of the mail server."""
    smtp_security: SmtpSecurity = SmtpSecurity.STARTTLS
    """How the connection is protected: `starttls`, `tls` from its first byte, or `none`."""
    smtp_user: str = ""
    """Log-in name at the mail server, where it wants one."""
    smtp_password: SecretStr = SecretStr("")
    """Password at the mail server."""
    smtp_from: str = ""
    """Sender of notifications, for example countersign@example.org."""
    webhook_url: str = ""
    """Address that notifications are posted to; without it none is, and never another one."""
    webhook_secret: SecretStr = SecretStr("")
    """Key that webhooks are signed with: `whsec_` and base64, as Standard Webhooks writes it."""
    events_source: str = ""
    """Who tells of events, as a URI; by default the address of the API."""
    subscriber_hosts: tuple[str, ...] = ()
    """Hosts that may be told of events over https, as JSON: ["hooks.example.org", "*.acme.com"]."""
    subscriber_inside_hosts: tuple[str, ...] = ()
    """The same within the firm's own network, also over http: ["bus.example.internal:8080"]."""
    workers: int = Field(default=1, ge=1, le=64)
    """Posting workers that `serve` starts; more than one needs PostgreSQL."""
    owner_of_failures: str = "integration-owner"
    """Who a posting that failed for good, or a source that cannot be read, is given to."""

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
    def key_wait(self) -> timedelta:
        """How long a repeat waits for the first request under its key."""
        return timedelta(seconds=self.key_wait_seconds)

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
    def attachments_folder(self) -> Path:
        """Folder of attached files, each under its SHA-256; it belongs to every backup."""
        return self.home / "attachments"

    @property
    def connections_folder(self) -> Path:
        """Folder of connection files by their names, and of what is kept of each."""
        return self.home / "connections"

    @property
    def worker_seen_file(self) -> Path:
        """Touched by the worker whenever it looks round."""
        return self.home / "worker.seen"

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
    secrets = {name: value for name, value in settings if isinstance(value, SecretStr)}
    chosen = {
        # What is no plain text is read back as JSON.
        f"COUNTERSIGN_{name.upper()}": value if isinstance(value, str) else json.dumps(value)
        for name, value in settings.model_dump(mode="json").items()
        if value not in (None, "") and name not in secrets
    }
    chosen["COUNTERSIGN_HOME"] = str(settings.home.absolute())
    for name, secret in secrets.items():
        chosen[f"COUNTERSIGN_{name.upper()}"] = secret.get_secret_value()
    return {**os.environ, **chosen, "PYTHONUNBUFFERED": "1", "OMP_NUM_THREADS": "1"}
