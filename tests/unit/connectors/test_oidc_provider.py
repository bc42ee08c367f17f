"""The company's provider when it changes its keys, is down, or says roles in its own way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from data.schemas.vocabulary import Role
from service.connectors.oidc_provider import KEYS_REST, OidcProvider, RoleClaim, UnsafeIssuerError
from service.domain.errors import NotSignedInError, UnavailableError

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
ISSUER = "https://id.example.org/tenant/"


class Company:
    """A provider whose keys and mood can be changed."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256")
        self.issuer, self.is_down = ISSUER, False
        self.asked: list[str] = []
        self.transport = httpx2.MockTransport(self._answer)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request.url.path)
        if self.is_down:
            raise httpx2.ConnectError("refused")
        if request.url.path.endswith("/openid-configuration"):
            found = {"issuer": self.issuer, "jwks_uri": "https://id.example.org/keys"}
            return httpx2.Response(200, json=found)
        public = self.key.as_dict(private=False) | {"kid": self.key.thumbprint(), "alg": "ES256"}
        return httpx2.Response(200, json={"keys": [public]})

    def token(self, *, at: datetime = NOW, **changed: object) -> str:
        claims = {
            "iss": ISSUER, "aud": "us", "sub": "u-1", "iat": int(at.timestamp()),
            "exp": int(at.timestamp()) + 3600,
        } | changed  # fmt: skip
        return jwt.encode({"alg": "ES256", "kid": self.key.thumbprint()}, claims, self.key)


@pytest.fixture
def company():
    return Company()


@pytest.fixture
def provider(company):
    return OidcProvider(issuer=ISSUER, client_id="us", transport=company.transport)


def test_keys_are_asked_for_once_and_anew_when_the_company_changes_them(company, provider):
    for _ in range(3):
        provider.identify(company.token(), now=NOW)
    assert len(company.asked) == 2
    company.key = ECKey.generate_key("P-256")
    later = NOW + KEYS_REST + timedelta(seconds=1)
    assert provider.identify(company.token(at=later), now=later).login == "u-1"
    assert len(company.asked) == 4


def test_forged_tokens_do_not_make_us_ask_the_company_over_and_over(company, provider):
    stranger = Company()
    for second in range(20):
        with pytest.raises(NotSignedInError):
            provider.identify(stranger.token(), now=NOW + timedelta(seconds=second))
    assert len(company.asked) == 2


def test_a_company_that_does_not_answer_is_told_as_that_and_not_as_a_wrong_log_in(
    company, provider
):
    company.is_down = True
    with pytest.raises(UnavailableError):
        provider.identify(company.token(), now=NOW)
    company.is_down = False
    assert provider.identify(company.token(), now=NOW).external_id == f"{ISSUER} u-1"


def test_another_issuer_behind_the_address_is_not_believed(company, provider):
    company.issuer = "https://evil.example.org/"
    with pytest.raises(UnavailableError):
        provider.identify(company.token(), now=NOW)


def test_keys_never_come_over_plain_http_from_elsewhere():
    with pytest.raises(UnsafeIssuerError):
        OidcProvider(issuer="http://id.example.org", client_id="us")


@pytest.mark.parametrize(
    ("name", "claims", "roles"),
    [
        ("groups", {"groups": ["fin", "fin-heads"]}, {Role.REVIEWER, Role.APPROVER}),
        ("groups", {"groups": "fin"}, {Role.REVIEWER}),
        ("groups", {"groups": ["FIN", 7, None]}, set()),
        ("groups", {}, set()),
        ("realm_access.roles", {"realm_access": {"roles": ["fin"]}}, {Role.REVIEWER}),
        ("realm_access.roles", {"realm_access": "fin"}, set()),
        ("https://acme.example/roles", {"https://acme.example/roles": ["fin"]}, {Role.REVIEWER}),
    ],
)
def test_roles_are_read_where_the_company_keeps_them(name, claims, roles):
    mapped = {"fin": Role.REVIEWER, "fin-heads": Role.APPROVER}
    assert RoleClaim(name=name, role_of=mapped).read(claims) == roles


def test_the_proof_is_as_old_as_the_company_says_and_never_in_the_future(company, provider):
    hour_ago = NOW - timedelta(hours=1)
    told = provider.identify(company.token(auth_time=int(hour_ago.timestamp())), now=NOW)
    ahead = provider.identify(company.token(auth_time=int(NOW.timestamp()) + 900), now=NOW)
    untold = provider.identify(company.token(), now=NOW)
    assert (told.authenticated_at, ahead.authenticated_at) == (hour_ago, NOW)
    assert untold.authenticated_at == NOW
    assert untold.roles is None


def test_names_are_one_line_of_text(company, provider):
    token = company.token(name="Uma\u202e\nThorsen" + "x" * 500, email=7)
    found = provider.identify(token, now=NOW)
    assert found.name.startswith("UmaThorsen")
    assert len(found.name) == 200
    assert found.email == ""
