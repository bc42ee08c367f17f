"""A minimal OpenID Connect provider, so that people log in to the review app in one way only.

The access token it gives out is the API session token itself: opaque, and revoked by the API.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Cookie, Form, Header, Query
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from service.api.log_in_page import notice_page
from service.api.oidc_door import Door, LogInRefused, PasswordRefused, SignedIn
from service.api.oidc_forms import CSRF_COOKIE, TOO_LATE, Forms, why
from service.api.oidc_grants import CHOICE_LIFE, CODE_LIFE, Grant, OnceBook
from service.api.oidc_messages import (
    NO_STORE,
    AuthorizationRequest,
    Credentials,
    PasswordChoice,
    TokenRequest,
    discovery,
    profile,
    protocol_error,
    same_secret,
    with_query,
)
from service.usecases.people.log_in import OwnPasswordNeeded

SEE_OTHER = 303


def oidc_router(
    *,
    issuer: str,
    client_id: str,
    client_secret: str,
    redirect_uris: frozenset[str],
    door: Door,
    signing_key: ECKey | RSAKey,
    now: Callable[[], datetime],
    random_token: Callable[[], str],
) -> APIRouter:
    """Serve discovery, jwks, authorize, token and end-session under the path of `issuer`."""
    provider = _Provider(
        issuer=issuer,
        client_id=client_id,
        client_secret=client_secret,
        redirect_uris=redirect_uris,
        door=door,
        signing_key=signing_key,
        now=now,
        random_token=random_token,
    )
    router = APIRouter(prefix=provider.root, include_in_schema=False)
    router.get("/.well-known/openid-configuration")(provider.describe)
    router.get("/jwks")(provider.jwks)
    router.get("/authorize")(provider.show_form)
    router.post("/authorize")(provider.take_credentials)
    router.post("/authorize/password")(provider.take_new_password)
    router.post("/token")(provider.give_tokens)
    router.get("/end-session")(provider.end_session)
    return router


@dataclass(frozen=True, slots=True, kw_only=True)
class _Provider:
    """The endpoints, in the order a browser meets them."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uris: frozenset[str]
    door: Door
    signing_key: ECKey | RSAKey = field(repr=False)
    now: Callable[[], datetime]
    random_token: Callable[[], str]
    grants: OnceBook[Grant] = field(default_factory=lambda: OnceBook(life=CODE_LIFE))
    choices: OnceBook[OwnPasswordNeeded] = field(default_factory=lambda: OnceBook(life=CHOICE_LIFE))

    @property
    def root(self) -> str:
        return urlsplit(self.issuer).path.rstrip("/")

    @property
    def forms(self) -> Forms:
        return Forms(issuer=self.issuer, root=self.root, random_token=self.random_token)

    @property
    def algorithm(self) -> str:
        return "ES256" if isinstance(self.signing_key, ECKey) else "RS256"

    def describe(self) -> dict[str, Any]:
        return discovery(self.issuer, algorithm=self.algorithm)

    def jwks(self) -> dict[str, Any]:
        public = self.signing_key.as_dict(private=False)
        key_id = self.signing_key.thumbprint()
        return {"keys": [public | {"kid": key_id, "use": "sig", "alg": self.algorithm}]}

    def show_form(self, request: Annotated[AuthorizationRequest, Query()]) -> Response:
        return self._refusal(request) or self.forms.log_in(request)

    def take_credentials(
        self,
        sent: Annotated[Credentials, Form()],
        csrf_cookie: Annotated[str, Cookie(alias=CSRF_COOKIE)] = "",
        user_agent: Annotated[str, Header()] = "",
    ) -> Response:
        request = sent.request()
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        if not same_secret(sent.csrf, csrf_cookie):
            return self.forms.log_in(request, login=sent.login, message=TOO_LATE, status=400)
        outcome = self.door.log_in(sent.login, sent.password, device=user_agent)
        if isinstance(outcome, OwnPasswordNeeded):
            return self._choice(request, outcome)
        return self._answer(request, outcome, login=sent.login)

    def take_new_password(
        self,
        sent: Annotated[PasswordChoice, Form()],
        csrf_cookie: Annotated[str, Cookie(alias=CSRF_COOKIE)] = "",
        user_agent: Annotated[str, Header()] = "",
    ) -> Response:
        request = sent.request()
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        is_ours = same_secret(sent.csrf, csrf_cookie)
        needed = self.choices.take(sent.ticket, now=self.now()) if is_ours else None
        if needed is None:
            return self.forms.log_in(request, message=TOO_LATE, status=400)
        if sent.new_password != sent.again:
            message = "The two passwords are not the same. Type them again."
            return self._choice(request, needed, message=message, status=400)
        outcome = self.door.choose_password(needed, sent.new_password, device=user_agent)
        if isinstance(outcome, PasswordRefused):
            message = f"This password will not do: {outcome.why}."
            return self._choice(request, needed, message=message, status=400)
        return self._answer(request, outcome, login=needed.login)

    def give_tokens(
        self, sent: Annotated[TokenRequest, Form()], authorization: Annotated[str, Header()] = ""
    ) -> Response:
        given_id, given_secret = sent.credentials(authorization)
        is_known = same_secret(given_id, self.client_id)
        if not (same_secret(given_secret, self.client_secret) and is_known):
            return protocol_error("invalid_client", status=401)
        if sent.grant_type != "authorization_code":
            return protocol_error("unsupported_grant_type", status=400)
        grant = self.grants.take(sent.code, now=self.now())
        if grant is None or grant.redirect_uri != sent.redirect_uri:
            return protocol_error("invalid_grant", status=400)
        if not grant.is_proved_by(sent.code_verifier):
            return protocol_error("invalid_grant", status=400)
        return JSONResponse(self._tokens(grant), headers=NO_STORE)

    def end_session(
        self,
        post_logout_redirect_uri: Annotated[str, Query()] = "",
        state: Annotated[str, Query()] = "",
    ) -> Response:
        # The session itself ended with DELETE /v1/session; this only leads the browser back.
        if post_logout_redirect_uri not in self.redirect_uris:
            message = "You are logged out. You can close this page."
            return notice_page(title="Logged out", message=message, status=200)
        back = {"state": state} if state else {}
        return RedirectResponse(with_query(post_logout_redirect_uri, back), SEE_OTHER)

    def _refusal(self, request: AuthorizationRequest) -> Response | None:
        # Without a known client and address nothing may be sent anywhere: the person is told here.
        is_known = request.client_id == self.client_id
        if not is_known or request.redirect_uri not in self.redirect_uris:
            message = "The page that sent you here is not registered. Open the review app again."
            return notice_page(title="Log-in refused", message=message, status=400)
        fault = request.fault()
        if fault is None:
            return None
        back = {"error": fault, "state": request.state, "iss": self.issuer}
        return RedirectResponse(with_query(request.redirect_uri, back), SEE_OTHER)

    def _answer(
        self, request: AuthorizationRequest, outcome: SignedIn | LogInRefused, *, login: str
    ) -> Response:
        if isinstance(outcome, SignedIn):
            return self._with_code(request, outcome)
        status = 429 if outcome.reason == "locked" else 401
        return self.forms.log_in(request, login=login, message=why(outcome), status=status)

    def _choice(
        self,
        request: AuthorizationRequest,
        needed: OwnPasswordNeeded,
        *,
        message: str | None = None,
        status: int = 200,
    ) -> Response:
        ticket = self.random_token()
        self.choices.add(ticket, needed, now=self.now())
        return self.forms.new_password(
            request, login=needed.login, ticket=ticket, message=message, status=status
        )

    def _with_code(self, request: AuthorizationRequest, person: SignedIn) -> Response:
        code = self.random_token()
        grant = Grant(
            signed_in=person,
            redirect_uri=request.redirect_uri,
            nonce=request.nonce,
            code_challenge=request.code_challenge,
            signed_in_at=self.now(),
        )
        self.grants.add(code, grant, now=grant.signed_in_at)
        back = {"code": code, "state": request.state, "iss": self.issuer}
        address = with_query(request.redirect_uri, back)
        response = RedirectResponse(address, SEE_OTHER, NO_STORE)
        self.forms.forget(response)
        return response

    def _tokens(self, grant: Grant) -> dict[str, Any]:
        moment, person = self.now(), grant.signed_in
        claims = profile(person) | {
            "iss": self.issuer,
            "aud": self.client_id,
            "iat": int(moment.timestamp()),
            "exp": int(person.expires_at.timestamp()),
            "auth_time": int(grant.signed_in_at.timestamp()),
        }
        if grant.nonce:
            claims["nonce"] = grant.nonce
        header = {"alg": self.algorithm, "kid": self.signing_key.thumbprint()}
        return {
            "access_token": person.token,
            "token_type": "Bearer",
            "expires_in": max(0, int((person.expires_at - moment).total_seconds())),
            "scope": "openid profile",
            "id_token": jwt.encode(header, claims, self.signing_key),
        }
