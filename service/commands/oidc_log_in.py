"""Log a person in over HTTP, the way the review app does it, for scripts that act as people."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import secrets
from urllib.parse import parse_qs, urlsplit

import httpx2

from service.home import log_in_secrets
from service.settings import Settings

HIDDEN_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
SEE_OTHER = 303


class LogInFailedError(RuntimeError):
    """The log-in did not lead to a token."""


def log_in_over_http(settings: Settings, *, login: str, password: str) -> str:
    """Give the session token of a person. Raises LogInFailedError."""
    known = log_in_secrets(settings)
    issuer = f"{settings.api_url}/oidc"
    redirect_uri = f"{settings.review_url}/oauth2callback"
    verifier = secrets.token_urlsafe(32)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    with httpx2.Client(timeout=30.0) as browser:
        form = browser.get(
            f"{issuer}/authorize",
            params={
                "response_type": "code",
                "client_id": known.client_id,
                "redirect_uri": redirect_uri,
                "scope": "openid profile",
                "state": secrets.token_urlsafe(8),
                "nonce": secrets.token_urlsafe(8),
                "code_challenge": challenge.decode(),
                "code_challenge_method": "S256",
            },
        )
        fields = {name: html.unescape(value) for name, value in HIDDEN_FIELD.findall(form.text)}
        sent = browser.post(
            f"{issuer}/authorize", data={**fields, "login": login, "password": password}
        )
        if sent.status_code != SEE_OTHER:
            raise LogInFailedError(f"the log-in of {login} was answered with {sent.status_code}")
        code = parse_qs(urlsplit(sent.headers["location"]).query)["code"][0]
        answer = browser.post(
            f"{issuer}/token",
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri,
                "code_verifier": verifier,
                "client_id": known.client_id,
                "client_secret": known.client_secret,
            },
        )
    if answer.is_error:
        raise LogInFailedError(f"the token call was answered with {answer.status_code}")
    token: str = answer.json()["access_token"]
    return token
