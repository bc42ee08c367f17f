"""Connects to the Redmine of the settings."""

from __future__ import annotations

from dataclasses import dataclass

from service.clock import SystemClock
from service.connectors.redmine_rest import RedmineRest
from service.connectors.redmine_source import RedmineSource
from service.connectors.terms_file import read_terms
from service.connectors.watched_window import watched_since
from service.settings import NotConfiguredError, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Redmine:
    """One connected Redmine."""

    source: RedmineSource
    rest: RedmineRest

    def close(self) -> None:
        """Let go of the connections."""
        self.rest.close()


def build_redmine(settings: Settings) -> Redmine:
    """Connect; nothing is sent before the first call. Raises NotConfiguredError."""
    terms = read_terms(settings.terms_path)
    key = settings.redmine_key.get_secret_value()
    if not (settings.redmine_url and key and terms.redmine):
        raise NotConfiguredError(
            "set COUNTERSIGN_REDMINE_URL and COUNTERSIGN_REDMINE_KEY, and give the terms file a "
            "section 'redmine'"
        )
    rest = RedmineRest(base_url=settings.redmine_url, api_key=key)
    clock = SystemClock()
    source = RedmineSource(
        rest,
        watched_since=lambda: watched_since(
            clock.now().date(), cut_off_day=settings.billing_cut_off_day
        ),
        milestone_projects=[
            name for name, project in terms.redmine.projects.items() if project.milestones
        ],
    )
    return Redmine(source=source, rest=rest)
