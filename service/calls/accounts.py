"""People and access: accounts and keys, for administrators."""

from __future__ import annotations

from service.calls.http import ApiCalls, page_filters, segment
from service.calls.seen import Seen
from service.wire.accounts import (
    AccountChange,
    AccountPage,
    AccountView,
    Invitation,
    InvitationRequest,
    KeyPage,
    KeyRequest,
    NewKey,
    OneTimePassword,
    SidesView,
)
from service.wire.cases import MAX_PAGE


class AccountCalls(ApiCalls):
    """People and access: accounts and keys, for administrators."""

    def accounts(self, *, cursor: str | None = None, limit: int = MAX_PAGE) -> AccountPage:
        """List everybody who may log in, or once could, by name."""
        return self._get("/v1/accounts", page_filters(cursor, limit), answer=AccountPage)

    def sides(self) -> SidesView:
        """List the clients and business units that walls can be built of."""
        return self._get("/v1/accounts/sides", answer=SidesView)

    def account(self, person_id: str) -> AccountView:
        """Give one account."""
        return self._get(f"/v1/accounts/{segment(person_id)}", answer=AccountView)

    def see_account(self, person_id: str) -> Seen[AccountView]:
        """Give one account with its ETag, to be changed as it was seen."""
        return self._see(f"/v1/accounts/{segment(person_id)}", answer=AccountView)

    def invite(self, request: InvitationRequest) -> Invitation:
        """Give a person an account; their one-time password is shown this once."""
        return self._post("/v1/accounts", request, answer=Invitation)

    def change_account(
        self, person_id: str, change: AccountChange, *, if_match: str | None = None
    ) -> None:
        """Change an account; whoever is logged in with other rights is logged out at once."""
        self._put(f"/v1/accounts/{segment(person_id)}", body=change, if_match=if_match)

    def give_one_time_password(self, person_id: str) -> OneTimePassword:
        """Give a person a one-time password, shown this once; their sessions end."""
        path = f"/v1/accounts/{segment(person_id)}/one-time-password"
        return self._post(path, None, answer=OneTimePassword)

    def log_person_out(self, person_id: str) -> None:
        """Log a person out everywhere."""
        self._send("DELETE", f"/v1/accounts/{segment(person_id)}/sessions")

    def keys(self, *, cursor: str | None = None, limit: int = MAX_PAGE) -> KeyPage:
        """List every key there ever was, newest first."""
        return self._get("/v1/keys", page_filters(cursor, limit), answer=KeyPage)

    def make_key(self, request: KeyRequest) -> NewKey:
        """Give a workflow a key; the key itself is shown this once."""
        return self._post("/v1/keys", request, answer=NewKey)

    def revoke_key(self, key_id: str) -> None:
        """Make a key worth nothing from now on."""
        self._send("DELETE", f"/v1/keys/{segment(key_id)}")
