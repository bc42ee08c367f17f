"""The messages of the log-in protocol: what comes in, what is wrong with it, and how answers read.

Sources: RFC 6749 (OAuth 2.0), RFC 7636 (PKCE), RFC 9207 (iss), OpenID Connect Core 1.0.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import Annotated, Any
from urllib.parse import unquote, urlencode, urlsplit

from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from service.api.oidc_door import SignedIn

MAX_FIELD = 2_000
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
UNAUTHORIZED = 401

_Text = Annotated[str, Field(max_length=MAX_FIELD)]


class AuthorizationRequest(BaseModel):
    """What the review app sends with the browser; checked on the form and on its way back."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    client_id: _Text = ""
    redirect_uri: _Text = ""
    state: _Text = ""
    nonce: _Text = ""
    code_challenge: _Text = ""
    code_challenge_method: _Text = ""
    response_type: _Text = ""
    scope: _Text = ""

    def fault(self) -> str | None:
        """Give the protocol's name for what is wrong, or None; S256 is not optional here."""
        if self.response_type != "code":
            return "unsupported_response_type"
        if "openid" not in self.scope.split():
            return "invalid_scope"
        if self.code_challenge_method != "S256" or not self.code_challenge:
            return "invalid_request"
        return None


class Credentials(AuthorizationRequest):
    """The form as a person sent it, with the request it belongs to."""

    login: Annotated[str, Field(max_length=200)] = ""
    password: Annotated[str, Field(max_length=1_000)] = ""
    csrf: _Text = ""

    def request(self) -> AuthorizationRequest:
        """Give the request alone, to be shown with the form again."""
        return AuthorizationRequest.model_validate(self.model_dump())


class PasswordChoice(AuthorizationRequest):
    """The new password as a person sent it, with the offer it answers."""

    ticket: _Text = ""
    new_password: Annotated[str, Field(max_length=1_000)] = ""
    again: Annotated[str, Field(max_length=1_000)] = ""
    csrf: _Text = ""

    def request(self) -> AuthorizationRequest:
        """Give the request alone, to be shown with the form again."""
        return AuthorizationRequest.model_validate(self.model_dump())


class TokenRequest(BaseModel):
    """What the review app's server sends to turn a code into tokens."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    grant_type: _Text = ""
    code: _Text = ""
    redirect_uri: _Text = ""
    code_verifier: _Text = ""
    client_id: _Text = ""
    client_secret: _Text = ""

    def credentials(self, authorization: str) -> tuple[str, str]:
        """Give client id and secret, from the Basic header if there is one, else the form."""
        kind, _, encoded = authorization.partition(" ")
        if kind.lower() != "basic":
            return self.client_id, self.client_secret
        try:
            text = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        name, _, secret = text.partition(":")
        # RFC 6749, 2.3.1: both are form-encoded before they are joined.
        return unquote(name), unquote(secret)


def discovery(issuer: str, *, algorithm: str) -> dict[str, Any]:
    """Describe the provider to its clients (OpenID Connect Discovery 1.0)."""
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks",
        "end_session_endpoint": f"{issuer}/end-session",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [algorithm],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "profile"],
        "claims_supported": ["sub", "name", "roles", "auth_time"],
        "authorization_response_iss_parameter_supported": True,
    }


def profile(person: SignedIn) -> dict[str, Any]:
    """Give the claims about a person."""
    return {"sub": person.person_id, "name": person.name, "roles": sorted(person.roles)}


def protocol_error(error: str, *, status: int) -> JSONResponse:
    """Refuse a token call in the protocol's words."""
    headers = NO_STORE | ({"WWW-Authenticate": "Basic"} if status == UNAUTHORIZED else {})
    return JSONResponse({"error": error}, status_code=status, headers=headers)


def same_secret(given: str, expected: str) -> bool:
    """Compare in constant time; an empty expectation fits nothing."""
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


def with_query(uri: str, query: dict[str, str]) -> str:
    """Add parameters to an address that may have some already."""
    if not query:
        return uri
    return f"{uri}{'&' if urlsplit(uri).query else '?'}{urlencode(query)}"
