"""Who calls, and what they may settle about themselves."""

from __future__ import annotations

from service.calls.http import ApiCalls
from service.calls.seen import Seen
from service.wire.access import Me
from service.wire.accounts import PasswordChange, SessionAnswer, SessionPage, SessionRequest
from service.wire.preferences import Preferences


class SessionCalls(ApiCalls):
    """Who calls, and what they may settle about themselves."""

    def open_session(self, *, identity_token: str, device: str = "") -> SessionAnswer:
        """Exchange an identity token of the company's own log-in for a session, once."""
        request = SessionRequest(identity_token=identity_token, device=device)
        return self._post("/v1/sessions", request, answer=SessionAnswer)

    def me(self) -> Me:
        """Say who these credentials are."""
        return self._get("/v1/me", answer=Me)

    def see_me(self) -> Seen[Me]:
        """Say who these credentials are, with the ETag of the preferences."""
        return self._see("/v1/me", answer=Me)

    def save_preferences(self, preferences: Preferences, *, if_match: str | None = None) -> None:
        """Keep what the person chose for their own screens."""
        self._put("/v1/me/preferences", body=preferences, if_match=if_match)

    def change_password(self, *, current: str, new: str) -> None:
        """Change one's own password; every other session of the person ends."""
        request = PasswordChange(current_password=current, new_password=new)
        self._put("/v1/me/password", body=request)

    def my_sessions(self) -> SessionPage:
        """List the devices the person is logged in on."""
        return self._get("/v1/me/sessions", answer=SessionPage)

    def log_out_everywhere(self) -> None:
        """End every session of the person, this one as well."""
        self._send("DELETE", "/v1/me/sessions")

    def log_out(self) -> None:
        """End the session; its token is worth nothing afterwards."""
        self._send("DELETE", "/v1/session")
