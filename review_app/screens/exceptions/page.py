"""Exceptions and integrations: what failed for good, what waits for somebody, what works."""

from __future__ import annotations

from review_app import session
from review_app.components import page
from review_app.notices import problems_shown
from review_app.screens.exceptions.deliveries import deliveries
from review_app.screens.exceptions.refused_postings import refused_postings
from review_app.screens.exceptions.subscribers import subscribers
from review_app.screens.exceptions.systems import systems
from review_app.screens.exceptions.transfers import transfers
from review_app.screens.flows.banner import posting_banner
from review_app.screens.flows.flow_list import flow_list

TABS = {
    "Exceptions": refused_postings,
    "Transfers": transfers,
    "Notifications": deliveries,
    "Flows": flow_list,
    "Subscribers": subscribers,
    "Systems": systems,
}
MENDERS = frozenset({"integration_owner", "admin"})


def exceptions() -> None:
    """Show the tab that the address names; `?posting=` opens one exception."""
    page.head("Exceptions and integrations")
    with problems_shown():
        posting_banner()
        tabs = dict(TABS)
        if not MENDERS & set(session.desk().me.roles):
            # Who was told what is nobody else's business.
            del tabs["Notifications"], tabs["Subscribers"]
        page.tabbed(tabs)
