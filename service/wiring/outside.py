"""Chooses what the service speaks to outside: ledgers, mail, log-in, language models, files."""

from __future__ import annotations

from collections.abc import Mapping

from data.schemas.vocabulary import Channel
from service.clock import SystemClock
from service.connectors.attachment_folder import AttachmentFolder
from service.connectors.file_limits import ReadingLimits
from service.connectors.llm_clauses import LanguageModelClauses
from service.connectors.mail import MailServer
from service.connectors.oidc_provider import OidcProvider, RoleClaim, UnsafeIssuerError
from service.connectors.sandbox import SandboxLedger
from service.connectors.terms_file import read_terms
from service.connectors.tryton import Tryton, connect_tryton
from service.connectors.watched_window import watched_since
from service.connectors.webhook import Webhook
from service.ports.ledger import LedgerPort
from service.ports.messenger import Messenger
from service.scoring.clause_reader import HomeClauseReader
from service.settings import LedgerName, NotConfiguredError, Settings
from service.wire.webhooks import WebhookKeyError, key_of
from service.wiring.connections import build_connected_ledger
from service.wiring.odoo import build_odoo


def build_ledger(settings: Settings) -> LedgerPort:
    """Give the business system that bills are posted to."""
    match settings.ledger:
        case LedgerName.SANDBOX:
            return SandboxLedger(settings.sandbox_file)
        case LedgerName.TRYTON:
            return build_tryton(settings).ledger
        case LedgerName.ODOO:
            return build_odoo(settings).ledger
        case LedgerName.CONNECTION:
            return build_connected_ledger(settings)


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
        watched_since=lambda: watched_since(
            SystemClock().now().date(), cut_off_day=settings.billing_cut_off_day
        ),
    )


def build_messengers(settings: Settings) -> Mapping[Channel, Messenger]:
    """Give the ways notifications leave by, as far as they are set. Raises NotConfiguredError."""
    ways: dict[Channel, Messenger] = {}
    if settings.smtp_host:
        if not settings.smtp_from:
            raise NotConfiguredError("COUNTERSIGN_SMTP_HOST needs COUNTERSIGN_SMTP_FROM")
        ways[Channel.EMAIL] = MailServer(
            host=settings.smtp_host,
            port=settings.smtp_port,
            security=settings.smtp_security.value,
            user=settings.smtp_user,
            password=settings.smtp_password.get_secret_value(),
            sender=settings.smtp_from,
        )
    if settings.webhook_url:
        if not settings.webhook_url.startswith(("https://", "http://")):
            raise NotConfiguredError("COUNTERSIGN_WEBHOOK_URL must begin with https://")
        try:
            key = key_of(settings.webhook_secret.get_secret_value())
        except WebhookKeyError as error:
            raise NotConfiguredError(f"COUNTERSIGN_WEBHOOK_SECRET: {error}") from error
        ways[Channel.WEBHOOK] = Webhook(url=settings.webhook_url, key=key)
    return ways


def build_clause_reader(settings: Settings) -> HomeClauseReader:
    """Give what reads clauses out of text, with a language model beside it where one is set."""
    language_model = None
    if settings.llm_url and settings.llm_model:
        language_model = LanguageModelClauses(
            base_url=settings.llm_url, model=settings.llm_model, key=settings.llm_key
        )
    return HomeClauseReader(settings.clauses_folder, language_model=language_model)


def build_identity_provider(settings: Settings) -> OidcProvider | None:
    """Give the company's own log-in, where one is set. Raises NotConfiguredError."""
    if not settings.oidc_issuer:
        return None
    if not settings.oidc_client_id:
        raise NotConfiguredError("COUNTERSIGN_OIDC_ISSUER needs COUNTERSIGN_OIDC_CLIENT_ID")
    claim = RoleClaim(name=settings.oidc_roles_claim, role_of=settings.oidc_role_map)
    try:
        return OidcProvider(
            issuer=settings.oidc_issuer,
            client_id=settings.oidc_client_id,
            role_claim=claim if settings.oidc_roles_claim else None,
        )
    except UnsafeIssuerError as error:
        raise NotConfiguredError(f"COUNTERSIGN_OIDC_ISSUER: {error}") from error


def build_attachments(settings: Settings) -> AttachmentFolder:
    """Give where attached files are kept."""
    return AttachmentFolder(settings.attachments_folder, max_bytes=settings.attachment_max_bytes)


def reading_limits(settings: Settings) -> ReadingLimits:
    """Give what one file may cost."""
    return ReadingLimits(
        memory_bytes=settings.import_memory_bytes,
        cpu_seconds=settings.import_cpu_seconds,
        wait_seconds=settings.import_wait_seconds,
        rows=settings.import_max_rows,
        unzipped_bytes=settings.import_max_unzipped_bytes,
    )
