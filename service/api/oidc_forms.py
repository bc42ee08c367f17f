"""The forms of the log-in, each bound to the browser it was shown in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi.responses import HTMLResponse, Response

from service.api.log_in_page import log_in_page, new_password_page
from service.api.oidc_door import LogInRefused
from service.api.oidc_messages import AuthorizationRequest

CSRF_COOKIE = "countersign_log_in"
CSRF_SECONDS = 600
"""How long a form may stay open before it has to be sent again."""
SECONDS_PER_MINUTE = 60
TOO_LATE = "This form was open too long. Log in again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """Draws the forms, and keeps other sites from sending them in a person's name."""

    issuer: str
    root: str
    """The path of the issuer."""
    random_token: Callable[[], str]

    def log_in(
        self,
        request: AuthorizationRequest,
        *,
        login: str = "",
        message: str | None = None,
        status: int = 200,
    ) -> Response:
        """Ask for name and password."""
        csrf = self.random_token()
        page = log_in_page(
            action=f"{self.root}/authorize",
            hidden=request.model_dump() | {"csrf": csrf},
            redirect_uri=request.redirect_uri,
            login=login,
            message=message,
            status=status,
        )
        return self._bound(page, csrf)

    def new_password(
        self,
        request: AuthorizationRequest,
        *,
        login: str,
        ticket: str,
        message: str | None = None,
        status: int = 200,
    ) -> Response:
        """Ask for an own password; `ticket` stands for the one-time password that was right."""
        csrf = self.random_token()
        page = new_password_page(
            action=f"{self.root}/authorize/password",
            hidden=request.model_dump() | {"csrf": csrf, "ticket": ticket},
            redirect_uri=request.redirect_uri,
            login=login,
            message=message,
            status=status,
        )
        return self._bound(page, csrf)

    def forget(self, response: Response) -> None:
        """End the binding: the log-in is over."""
        response.delete_cookie(CSRF_COOKIE, path=f"{self.root}/authorize")

    def _bound(self, page: HTMLResponse, csrf: str) -> HTMLResponse:
        page.set_cookie(
            CSRF_COOKIE,
            csrf,
            max_age=CSRF_SECONDS,
            path=f"{self.root}/authorize",
            secure=self.issuer.startswith("https:"),
            httponly=True,
            samesite="strict",
        )
        return page


def why(refused: LogInRefused) -> str:
    """Say why nobody is let in."""
    if refused.reason == "wrong":
        return "Name and password do not fit. Check both and try again."
    minutes = max(1, -(-refused.retry_after_seconds // SECONDS_PER_MINUTE))
    unit = "minute" if minutes == 1 else "minutes"
    return f"Too many attempts. Log-in is closed for this name; try again in {minutes} {unit}."
