"""The pages of logging in: plain HTML without scripts or outside assets."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from service.domain.password_rules import SHORTEST

_FOLDER = Path(__file__).parent
_TEMPLATES = Environment(
    loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined
)
_CSS = (_FOLDER / "log_in_page.css").read_text(encoding="utf-8")
_CSS_SHA256 = base64.b64encode(hashlib.sha256(_CSS.encode()).digest()).decode()


def log_in_page(
    *,
    action: str,
    hidden: Mapping[str, str],
    redirect_uri: str,
    login: str = "",
    message: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    """Draw the form; `hidden` travels back with the name and the password."""
    return _page(
        "log_in_page.html.jinja",
        {"title": "Log in", "action": action, "hidden": dict(hidden), "login": login,
         "message": message},
        form_targets=_targets(redirect_uri),
        status=status,
    )  # fmt: skip


def new_password_page(
    *,
    action: str,
    hidden: Mapping[str, str],
    redirect_uri: str,
    login: str,
    message: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    """Draw the form in which a person chooses their own password."""
    return _page(
        "new_password_page.html.jinja",
        {"title": "Choose your password", "action": action, "hidden": dict(hidden),
         "login": login, "message": message, "shortest": SHORTEST},
        form_targets=_targets(redirect_uri),
        status=status,
    )  # fmt: skip


def notice_page(*, title: str, message: str, status: int) -> HTMLResponse:
    """Draw a page that says one thing: a refused request, or that the person is logged out."""
    content: dict[str, object] = {"title": title, "message": message}
    return _page("log_in_layout.html.jinja", content, form_targets="'none'", status=status)


def _page(
    name: str, content: Mapping[str, object], *, form_targets: str, status: int
) -> HTMLResponse:
    template = _TEMPLATES.get_template(name)
    # The style sheet is ours and constant; only what callers hand in is escaped.
    body = template.render(**content, css=Markup(_CSS))  # noqa: S704
    policy = (
        f"default-src 'none'; style-src 'sha256-{_CSS_SHA256}'; form-action {form_targets}; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    return HTMLResponse(body, status_code=status, headers=headers)


def _targets(redirect_uri: str) -> str:
    """Name where the form may lead: Chromium checks the redirect after it as well."""
    parts = urlsplit(redirect_uri)
    return f"'self' {parts.scheme}://{parts.netloc}"
