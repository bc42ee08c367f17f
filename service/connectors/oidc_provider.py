"""A company's OpenID Connect provider: its keys, and what its identity tokens say.

Sources: OpenID Connect Core 1.0, 3.1.3.7 (what a client must check); RFC 8725 (JWT practice).
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from data.schemas.vocabulary import Role
from service.domain.errors import NotSignedInError, UnavailableError
from service.ports.identity import OutsideIdentity

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Signed with a private key: with HS256 our own client secret could sign, with none anybody."""
FRESH = timedelta(minutes=5)
"""A token is exchanged seconds after it was issued; an older one was found somewhere."""
SKEW = timedelta(seconds=30)
"""How far the provider's clock may be ahead of ours."""
KEYS_LIFE = timedelta(hours=1)
KEYS_REST = timedelta(seconds=30)
"""Keys are asked for at most this often, however many unknown ones are named."""
DISCOVERY = "/.well-known/openid-configuration"
WAIT_SECONDS = 5.0
LONGEST_NAME = 200
HOME_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})


class UnsafeIssuerError(ValueError):
    """Keys that come over plain HTTP could be anybody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleClaim:
    """Where the directory's groups stand in a token, and which role each of them gives."""

    name: str
    """A claim, or a path of claims with dots: `realm_access.roles`."""
    role_of: Mapping[str, Role]

    def read(self, claims: Mapping[str, Any]) -> frozenset[Role]:
        """Give the roles a token's groups stand for; groups nobody mapped give none."""
        found = _at(claims, self.name)
        groups = [found] if isinstance(found, str) else found if isinstance(found, list) else []
        return frozenset(self.role_of[one] for one in groups if one in self.role_of)


@dataclass(slots=True)
class OidcProvider:
    """Reads the tokens of one issuer that were issued to our client."""

    issuer: str
    client_id: str
    role_claim: RoleClaim | None = None
    transport: httpx2.BaseTransport | None = None
    _keys: KeySet | None = None
    _asked_at: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Refuse an issuer whose keys could be swapped on the way. Raises UnsafeIssuerError."""
        parts = urlsplit(self.issuer)
        if parts.scheme != "https" and parts.hostname not in HOME_HOSTS:
            raise UnsafeIssuerError(f"the issuer {self.issuer!r} is not reached over https")

    @property
    def gives_roles(self) -> bool:
        """Say whether the company's directory says what people may do."""
        return self.role_claim is not None

    def identify(self, token: str, *, now: datetime) -> OutsideIdentity:
        """Check signature, issuer, audience and age. Raises NotSignedInError, UnavailableError."""
        claims = self._claims(token, now)
        login = _text(claims, "preferred_username", "email", "sub")
        return OutsideIdentity(
            external_id=self.external_id(str(claims["sub"])),
            login=login,
            name=_text(claims, "name") or login,
            email=_text(claims, "email"),
            roles=None if self.role_claim is None else self.role_claim.read(claims),
            authenticated_at=_proved_at(claims, now),
            # What was signed: the signature of some algorithms can be written in two ways.
            token_sha256=hashlib.sha256(token.rpartition(".")[0].encode()).hexdigest(),
        )

    def external_id(self, subject: str) -> str:
        """Give the one name of a person whose subject at this log-in is known."""
        return f"{self.issuer} {subject}"

    def _claims(self, token: str, now: datetime) -> dict[str, Any]:
        try:
            claims = self._verified(token, now)
            self._registry(now).validate(claims)
        except (JoseError, ValueError) as error:
            raise NotSignedInError("Your company's log-in could not be verified.") from error
        issued_at = datetime.fromtimestamp(claims["iat"], UTC)
        if now - issued_at > FRESH:
            raise NotSignedInError("This log-in is too old to open a session.")
        if claims.get("azp", self.client_id) != self.client_id:
            raise NotSignedInError("This log-in was meant for another program.")
        return claims

    def _registry(self, now: datetime) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=int(SKEW.total_seconds()),
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )

    def _verified(self, token: str, now: datetime) -> dict[str, Any]:
        """Check the signature, once more with new keys if the token names one we do not know."""
        keys = self._current(now)
        try:
            return jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        except (JoseError, ValueError):
            newer = self._current(now, instead_of=keys)
            if newer is keys:
                raise
            return jwt.decode(token, newer, algorithms=ALGORITHMS).claims

    def _current(self, now: datetime, *, instead_of: KeySet | None = None) -> KeySet:
        with self._lock:
            life = KEYS_LIFE if instead_of is None else KEYS_REST
            is_due = self._asked_at is None or now - self._asked_at > life
            is_newest = instead_of is None or instead_of is self._keys
            if self._keys is None or (is_due and is_newest):
                self._keys, self._asked_at = self._fetch(), now
            return self._keys

    def _fetch(self) -> KeySet:
        try:
            with httpx2.Client(timeout=WAIT_SECONDS, transport=self.transport) as http:
                described = _json(http, f"{self.issuer.rstrip('/')}{DISCOVERY}")
                if described.get("issuer") != self.issuer:
                    raise UnavailableError("The company's log-in names itself otherwise.")
                return KeySet.import_key_set(_json(http, described["jwks_uri"]))  # type: ignore[arg-type]
        except (httpx2.HTTPError, JoseError, KeyError, ValueError, TypeError) as error:
            raise UnavailableError("Your company's log-in does not answer.") from error


def _json(http: httpx2.Client, url: str) -> dict[str, Any]:
    answer = http.get(url)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def _at(claims: Mapping[str, Any], path: str) -> object:
    """Give the claim of this name, or the one at the end of a path with dots."""
    if path in claims:
        return claims[path]
    found: object = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _text(claims: Mapping[str, Any], *names: str) -> str:
    """Give the first of these claims that is a text, on one line."""
    texts = (claims.get(name) for name in names)
    found = next((text for text in texts if isinstance(text, str) and text.strip()), "")
    return "".join(char for char in found if char.isprintable()).strip()[:LONGEST_NAME]


def _proved_at(claims: Mapping[str, Any], now: datetime) -> datetime:
    """Give when the person last showed who they are: `auth_time`, else when the token was made."""
    at = claims.get("auth_time", claims["iat"])
    if not isinstance(at, int | float):
        at = claims["iat"]
    return min(now, datetime.fromtimestamp(at, UTC))
