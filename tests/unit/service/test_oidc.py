from __future__ import annotations

import base64
import hashlib
import itertools
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from starlette.testclient import TestClient

from data.schemas.vocabulary import Role
from service.api.oidc import oidc_router
from service.api.oidc_door import LogInRefused, PasswordRefused, SignedIn
from service.api.oidc_grants import CODE_LIFE, MOST_KEPT, OnceBook
from service.usecases.people.log_in import OwnPasswordNeeded

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
CALLBACK = "http://review.test/oauth2callback"
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=")
REQUEST = {
    "client_id": "review-app",
    "redirect_uri": CALLBACK,
    "state": "state-1",
    "nonce": "nonce-1",
    "code_challenge": CHALLENGE.decode(),
    "code_challenge_method": "S256",
    "response_type": "code",
    "scope": "openid profile",
}
ANA = SignedIn(
    token="session-token",
    person_id="person-ana",
    name="Ana Diaz",
    roles=frozenset({Role.REVIEWER}),
    expires_at=NOW + timedelta(hours=10),
)


class OneDoor:
    """Ana's door: what it answers can be told."""

    def __init__(self) -> None:
        self.refused: LogInRefused | None = None
        self.needs_own_password = False
        self.weak: str | None = None
        self.devices: list[str] = []

    def log_in(self, login, password, *, device):
        self.devices.append(device)
        if self.needs_own_password:
            return OwnPasswordNeeded(person_id="person-ana", login="ana", password_hash="old")
        return self.refused or ANA

    def choose_password(self, needed, password, *, device):
        assert needed.password_hash == "old"
        if self.weak is not None:
            return PasswordRefused(why=self.weak)
        return self.refused or ANA


class Provider:
    """The provider with a clock that can be moved, and one person."""

    def __init__(self, key: ECKey | RSAKey | None = None) -> None:
        self.now = NOW
        self.key = key or ECKey.generate_key("P-256")
        self.door = OneDoor()
        numbers = itertools.count()
        app = FastAPI()
        app.include_router(
            oidc_router(
                issuer="http://api.test/oidc",
                client_id="review-app",
                client_secret="s3cret/+",
                redirect_uris=frozenset({CALLBACK}),
                door=self.door,
                signing_key=self.key,
                now=lambda: self.now,
                random_token=lambda: f"token-{next(numbers)}",
            )
        )
        self.http = TestClient(app, base_url="http://api.test", follow_redirects=False)

    def form(self, **changed: str):
        return self.http.get("/oidc/authorize", params=REQUEST | changed)

    def submit(self, **changed: str):
        page = self.form().text
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        fields |= {"login": "ana", "password": "right"}
        return self.http.post("/oidc/authorize", data=fields | changed)

    def choose(self, page: str, **changed: str):
        """Send the form of the new password that `page` shows."""
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        fields |= {"new_password": "a long new one", "again": "a long new one"}
        return self.http.post("/oidc/authorize/password", data=fields | changed)

    def code(self) -> str:
        return parse_qs(urlsplit(self.submit().headers["location"]).query)["code"][0]

    def exchange(self, issued: str, **changed: str):
        fields = {
            "grant_type": "authorization_code",
            "code": issued,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        return self.http.post(
            "/oidc/token", data=fields | changed, auth=("review-app", "s3cret%2F%2B")
        )


@pytest.fixture
def provider():
    with (one := Provider()).http:
        yield one


@pytest.mark.parametrize("make_key", [lambda: ECKey.generate_key("P-256"),
                                      lambda: RSAKey.generate_key(2048)])  # fmt: skip
def test_a_log_in_ends_in_the_session_token_and_a_signed_identity(make_key):
    provider = Provider(make_key())
    with provider.http:
        tokens = provider.exchange(provider.code()).json()
        public = provider.http.get("/oidc/jwks").json()["keys"][0]

    key = type(provider.key).import_key(public)
    claims = jwt.decode(tokens["id_token"], key, algorithms=[public["alg"]]).claims
    assert tokens["access_token"] == "session-token"
    assert tokens["expires_in"] == 36_000
    assert "d" not in public
    assert claims["sub"] == "person-ana"
    assert claims["nonce"] == "nonce-1"
    assert (claims["iss"], claims["aud"]) == ("http://api.test/oidc", "review-app")


def test_the_browser_returns_with_code_state_and_issuer(provider):
    location = urlsplit(provider.submit().headers["location"])
    query = parse_qs(location.query)

    assert f"{location.scheme}://{location.netloc}{location.path}" == CALLBACK
    assert (query["state"], query["iss"]) == (["state-1"], ["http://api.test/oidc"])


def test_a_code_is_worth_something_once(provider):
    code = provider.code()

    assert provider.exchange(code).status_code == 200
    assert provider.exchange(code).json() == {"error": "invalid_grant"}


def test_a_code_dies_after_a_minute(provider):
    code = provider.code()
    provider.now += timedelta(seconds=60)

    assert provider.exchange(code).json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "w" * 50},
        {"redirect_uri": "http://evil.test/"},
        {"code": "token-999"},
    ],
)
def test_a_code_needs_its_verifier_and_its_address(provider, changed):
    assert provider.exchange(provider.code(), **changed).json() == {"error": "invalid_grant"}


def test_a_client_without_the_secret_gets_nothing(provider):
    fields = {"grant_type": "authorization_code", "code": provider.code()}
    answer = provider.http.post("/oidc/token", data=fields, auth=("review-app", "guess"))

    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


def test_the_secret_may_come_in_the_form(provider):
    fields = {"client_id": "review-app", "client_secret": "s3cret/+"}
    answer = provider.http.post(
        "/oidc/token",
        data=fields | {"grant_type": "authorization_code", "code": provider.code(),
                       "redirect_uri": CALLBACK, "code_verifier": VERIFIER},
    )  # fmt: skip

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("changed", [{"redirect_uri": "http://evil.test/"}, {"client_id": "other"}])
def test_an_unknown_client_or_address_is_never_redirected_to(provider, changed):
    answer = provider.form(**changed)

    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
    ],
)
def test_weaker_flows_are_refused(provider, changed, error):
    location = urlsplit(provider.form(**changed).headers["location"])

    assert parse_qs(location.query)["error"] == [error]


def test_a_form_from_another_site_is_not_taken(provider):
    answer = provider.submit(csrf="forged")

    assert answer.status_code == 400
    assert "open too long" in answer.text


def test_a_wrong_password_keeps_the_name_and_tells_nothing_else(provider):
    provider.door.refused = LogInRefused(reason="wrong")
    answer = provider.submit(login='ana"><script>')

    assert answer.status_code == 401
    assert "Name and password do not fit" in answer.text
    assert 'value="ana&#34;&gt;&lt;script&gt;"' in answer.text
    assert "<script>" not in answer.text


def test_a_locked_account_is_told_how_long(provider):
    provider.door.refused = LogInRefused(reason="locked", retry_after_seconds=290)
    answer = provider.submit()

    assert answer.status_code == 429
    assert "try again in 5 minutes" in answer.text


def test_the_form_allows_no_script_and_no_frame(provider):
    answer = provider.form()
    policy = answer.headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "form-action 'self' http://review.test;" in policy
    assert "frame-ancestors 'none'" in policy
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()


def test_the_style_sheet_is_the_one_the_policy_names(provider):
    answer = provider.form()
    css = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)

    assert css is not None
    digest = base64.b64encode(hashlib.sha256(css[1].encode()).digest()).decode()
    assert f"sha256-{digest}" in answer.headers["content-security-policy"]


def test_logging_out_leads_back_to_known_addresses_only(provider):
    known = provider.http.get("/oidc/end-session", params={"post_logout_redirect_uri": CALLBACK})
    other = provider.http.get("/oidc/end-session", params={"post_logout_redirect_uri": "//evil"})

    assert known.headers["location"] == CALLBACK
    assert other.status_code == 200
    assert "location" not in other.headers


def test_discovery_names_only_what_is_served(provider):
    described = provider.http.get("/oidc/.well-known/openid-configuration").json()

    for name in ("authorization_endpoint", "jwks_uri", "end_session_endpoint"):
        assert provider.http.get(urlsplit(described[name]).path).status_code != 404
    assert described["code_challenge_methods_supported"] == ["S256"]


def test_a_one_time_password_opens_nothing_but_the_choice_of_an_own_one(provider):
    provider.door.needs_own_password = True
    page = provider.submit()

    assert page.status_code == 200
    assert "Choose your password" in page.text
    assert "location" not in page.headers
    chosen = provider.choose(page.text)
    code = parse_qs(urlsplit(chosen.headers["location"]).query)["code"][0]
    assert provider.exchange(code).json()["access_token"] == "session-token"


@pytest.mark.parametrize(
    ("changed", "weak", "told"),
    [
        ({"again": "another one"}, None, "not the same"),
        ({}, "it is too easy", "it is too easy"),
    ],
)
def test_a_password_that_will_not_do_is_asked_for_again(provider, changed, weak, told):
    provider.door.needs_own_password = True
    provider.door.weak = weak
    again = provider.choose(provider.submit().text, **changed)

    assert again.status_code == 400
    assert told in again.text
    assert "a long new one" not in again.text
    provider.door.weak = None
    assert provider.choose(again.text).status_code == 303


@pytest.mark.parametrize("changed", [{"csrf": "forged"}, {"ticket": "guessed"}])
def test_the_choice_belongs_to_the_browser_that_knew_the_one_time_password(provider, changed):
    provider.door.needs_own_password = True
    answer = provider.choose(provider.submit().text, **changed)

    assert answer.status_code == 400
    assert "Log in again" in answer.text


def test_the_choice_is_worth_something_once_and_for_ten_minutes(provider):
    provider.door.needs_own_password = True
    used = provider.submit().text
    provider.choose(used)
    assert provider.choose(used).status_code == 400
    late = provider.submit().text
    provider.now += timedelta(minutes=10)
    assert provider.choose(late).status_code == 400


def test_the_session_knows_the_browser_it_was_opened_in(provider):
    provider.http.headers["User-Agent"] = "Firefox on a tablet"
    provider.submit()

    assert provider.door.devices == ["Firefox on a tablet"]


def test_what_is_handed_out_is_bounded():
    book = OnceBook[int](life=CODE_LIFE)
    for number in range(MOST_KEPT + 1):
        book.add(f"code-{number}", number, now=NOW)

    assert book.take("code-0", now=NOW) is None
    assert book.take(f"code-{MOST_KEPT}", now=NOW) == MOST_KEPT
