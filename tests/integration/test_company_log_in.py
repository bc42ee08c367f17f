"""The company's own log-in: what opens a session, once, and whatever does not.

The provider is ours, played on another port: over loopback, with its real keys and messages.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey

from data.schemas.vocabulary import Role
from service.api.oidc import oidc_router
from service.api.oidc_door import LogInRefused
from service.client import ApiProblem, CountersignClient
from service.supervisor import free_port
from service.wire.accounts import InvitationRequest
from tests.builders.api import RunningApi, running_api
from tests.builders.firms import small_firm
from tests.fakes.api import served

CLIENT = "countersign-at-acme"
GROUPS = {"finance-review": Role.REVIEWER, "finance-heads": Role.APPROVER, "it": Role.ADMIN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The company's provider, and tokens it could have signed."""

    issuer: str
    key: ECKey

    def claims(self, subject: str = "u-17", **changed):
        """Give what the provider would say of somebody now; None leaves a claim out."""
        now = int(datetime.now(UTC).timestamp())
        given = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": subject,
            "iat": now,
            "exp": now + 3600,
            "jti": secrets.token_hex(8),
            "name": "Uma Thorsen",
            "preferred_username": f"uma.{subject}",
            "email": "uma@example.org",
            "groups": ["finance-review", "staff"],
        } | changed
        return {name: claim for name, claim in given.items() if claim is not None}

    def token(self, subject: str = "u-17", *, key=None, header=None, **changed):
        """Give a signed token."""
        given = {"alg": "ES256", "kid": self.key.thumbprint()} if header is None else header
        return jwt.encode(given, self.claims(subject, **changed), key or self.key)


class NobodysDoor:
    """The provider's form is not used here."""

    def log_in(self, login, password, *, device):
        return LogInRefused(reason="wrong")

    def choose_password(self, needed, password, *, device):
        return LogInRefused(reason="wrong")


@pytest.fixture(scope="module")
def company() -> Iterator[Company]:
    port, key = free_port(), ECKey.generate_key("P-256")
    issuer = f"http://127.0.0.1:{port}/oidc"
    app = FastAPI()
    app.include_router(
        oidc_router(
            issuer=issuer,
            client_id=CLIENT,
            client_secret="s",
            redirect_uris=frozenset(),
            door=NobodysDoor(),
            signing_key=key,
            now=lambda: datetime.now(UTC),
            random_token=lambda: secrets.token_urlsafe(8),
        )
    )
    with served(app, port=port):
        yield Company(issuer=issuer, key=key)


@pytest.fixture(scope="module")
def api(company, tmp_path_factory) -> Iterator[RunningApi]:
    home = tmp_path_factory.mktemp("company")
    with running_api(
        home,
        reference=small_firm().reference,
        oidc_issuer=company.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret="s",
        oidc_roles_claim="groups",
        oidc_role_map=GROUPS,
    ) as running:
        yield running


@pytest.fixture
def as_(api):
    def client(token):
        return CountersignClient("http://testserver", token=token, transport=api.client._transport)

    return client


def _exchange(api, token, **more):
    return api.call(None, "POST", "/v1/sessions", json={"identity_token": token}, **more)


def test_a_person_of_the_company_comes_in_with_the_roles_of_their_groups(api, as_, company):
    answer = _exchange(api, company.token(groups=["finance-heads", "finance-review", "staff"]))
    assert answer.status_code == 201
    me = as_(answer.json()["token"]).me()
    assert (me.name, me.email) == ("Uma Thorsen", "uma@example.org")
    assert me.roles == (Role.APPROVER, Role.REVIEWER)
    assert not me.has_password


def test_a_token_opens_one_session_however_its_signature_is_written(api, company):
    token = company.token("u-once")
    assert _exchange(api, token).status_code == 201
    again = _exchange(api, token)
    assert (again.status_code, again.json()["detail"]) == (401, "This log-in was used before.")
    assert _exchange(api, token + "=").status_code == 401


def test_the_token_alone_says_who_it_is_whatever_else_the_call_carries(api, as_, company):
    rita = _exchange(api, company.token("u-rita", preferred_username="rita.b")).json()["token"]
    headers = {
        "Authorization": f"Bearer {rita}",
        "X-Forwarded-User": "adam",
        "X-Remote-User": "person-adam",
        "X-Auth-Request-Email": "adam@example.org",
        "Cookie": "countersign_log_in=adam; _streamlit_user=adam",
    }
    other = _exchange(api, company.token("u-other"), headers=headers).json()["token"]
    assert as_(other).me().id != as_(rita).me().id
    for forged in (headers | {"Authorization": f"Bearer {other}"},):
        assert api.call(None, "GET", "/v1/me", headers=forged).json()["id"] == as_(other).me().id
    del headers["Authorization"]
    assert api.call(None, "GET", "/v1/me", headers=headers).status_code == 401


@pytest.mark.parametrize("field", ["person_id", "roles", "actor", "sub", "reviewer"])
def test_no_field_of_the_body_names_anybody(api, company, field):
    body = {"identity_token": company.token(), field: "person-adam"}
    assert api.call(None, "POST", "/v1/sessions", json=body).status_code == 422


def _by_hand(company, *, alg, sign):
    parts = ({"alg": alg, "kid": company.key.thumbprint()}, company.claims())
    text = b".".join(
        base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in parts
    )
    return b".".join((text, base64.urlsafe_b64encode(sign(text)).rstrip(b"="))).decode()


def _unsigned(company):
    return _by_hand(company, alg="none", sign=lambda text: b"")


def _by_our_own_secret(company):
    return _by_hand(company, alg="HS256", sign=lambda text: hmac.digest(b"s", text, "sha256"))


def _by_its_public_key(company):
    public = company.key.as_pem(private=False)
    return _by_hand(company, alg="HS256", sign=lambda text: hmac.digest(public, text, "sha256"))


def _at(offset):
    return int((datetime.now(UTC) + offset).timestamp())


@pytest.mark.parametrize(
    "forged",
    [
        _unsigned,
        _by_our_own_secret,
        _by_its_public_key,
        lambda c: c.token(key=ECKey.generate_key("P-256")),
        lambda c: c.token(key=ECKey.generate_key("P-256"), header={"alg": "ES256"}),
        lambda c: c.token(aud="another-program"),
        lambda c: c.token(aud=["another-program"]),
        lambda c: c.token(aud=None),
        lambda c: c.token(aud=[CLIENT, "another-program"], azp="another-program"),
        lambda c: c.token(iss="https://evil.example.org"),
        lambda c: c.token(iss=None),
        lambda c: c.token(sub=None),
        lambda c: c.token(exp=_at(-timedelta(minutes=1))),
        lambda c: c.token(exp=None),
        lambda c: c.token(iat=_at(-timedelta(minutes=6))),
        lambda c: c.token(iat=_at(timedelta(minutes=6))),
        lambda c: c.token(iat=None),
        lambda c: c.token(iat="now"),
        lambda c: c.token()[:-6] + "AAAAAA",
        lambda c: c.token().replace(".", "..", 1),
        lambda c: "nonsense",
    ],
)
def test_a_token_that_was_not_issued_to_us_just_now_opens_nothing(api, company, forged):
    answer = _exchange(api, forged(company))
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["remedy"]


def test_whoever_the_directory_gives_no_role_stays_outside(api, company):
    answer = _exchange(api, company.token("u-guest", groups=["staff"]))
    assert answer.status_code == 403
    assert "no role" in answer.json()["detail"]


def test_roles_follow_the_directory_at_each_log_in_and_end_older_sessions(api, as_, company):
    first = _exchange(api, company.token("u-mover")).json()["token"]
    second = _exchange(api, company.token("u-mover", groups=["finance-heads"])).json()["token"]
    assert as_(second).me().roles == (Role.APPROVER,)
    with pytest.raises(ApiProblem, match="401"):
        as_(first).me()
    trail = api.call("otto", "GET", f"/v1/audit/events?subject={as_(second).me().id}").json()
    changed = [one for one in trail["entries"] if "directory" in str(one)]
    assert changed


def test_a_shut_person_stays_outside_whatever_the_directory_says(api, as_, company):
    token = _exchange(api, company.token("u-leaver")).json()["token"]
    person_id = as_(token).me().id
    account = as_("adam").account(person_id)
    body = {"name": account.name, "roles": ["reviewer"], "is_active": False, "subject": "u-leaver"}
    api.call("adam", "PUT", f"/v1/accounts/{person_id}", json=body)
    assert _exchange(api, company.token("u-leaver")).status_code == 403
    with pytest.raises(ApiProblem, match="401"):
        as_(token).me()


def test_an_invited_person_is_known_by_their_subject_and_by_nothing_else(api, as_, company):
    invited = as_("adam").invite(
        InvitationRequest(login="ines", name="Ines", roles=(Role.APPROVER,), subject="u-ines")
    )
    assert invited.one_time_password is None
    impostor = company.token("u-x", preferred_username="ines", email="ines@example.org")
    other = as_(_exchange(api, impostor).json()["token"]).me()
    assert other.id != invited.account.person_id
    mine = as_(_exchange(api, company.token("u-ines", name="Ines B")).json()["token"]).me()
    assert mine.id == invited.account.person_id


def test_there_is_no_second_way_in_beside_the_companys_log_in(api):
    assert api.client.get("/oidc/authorize").status_code == 404
    for password in ("", "nobody has this password"):
        assert api.call("adam", "PUT", "/v1/me/password", json={
            "current_password": password or "x", "new_password": "my very own sentence",
        }).status_code == 403  # fmt: skip


def test_without_a_company_log_in_its_tokens_open_nothing(tmp_path, company):
    with running_api(tmp_path, reference=small_firm().reference) as plain:
        assert _exchange(plain, company.token()).status_code == 401
