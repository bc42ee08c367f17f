"""People and access over HTTP, through the typed client, as administrators and everybody use it."""

from __future__ import annotations

import html
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from data.schemas.vocabulary import NotificationKind, Role, Scope
from service.client import ApiProblem, CountersignClient
from service.wire.accounts import AccountChange, InvitationRequest, KeyRequest, WallView
from service.wire.preferences import Preferences
from tests.builders.api import PASSWORD

OWN = "my very own sentence"
REQUEST = {
    "client_id": "review-app",
    "redirect_uri": "http://127.0.0.1:8411/oauth2callback",
    "state": "s",
    "nonce": "n",
    "code_challenge": "c" * 43,
    "code_challenge_method": "S256",
    "response_type": "code",
    "scope": "openid profile",
}
HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')


@pytest.fixture
def as_(api):
    """Gives a client that calls as somebody."""

    def client(token):
        return CountersignClient("http://testserver", token=token, transport=api.client._transport)

    return client


def _form(api, path, page, **typed):
    fields = {name: html.unescape(value) for name, value in HIDDEN.findall(page)}
    return api.client.post(path, data=fields | typed, follow_redirects=False)


def _log_in(api, login, password):
    page = api.client.get("/oidc/authorize", params=REQUEST).text
    return _form(api, "/oidc/authorize", page, login=login, password=password)


def _choose(api, shown, password):
    return _form(api, "/oidc/authorize/password", shown.text, new_password=password, again=password)


def _invited(as_, login, *roles, **more):
    request = InvitationRequest(login=login, name=login.title(), roles=roles, **more)
    return as_("adam").invite(request)


def _account(as_, login):
    return next(one for one in as_("adam").accounts().accounts if one.login == login)


def test_an_invited_person_chooses_a_password_before_anything_opens(api, as_):
    invited = _invited(as_, "ida", Role.REVIEWER, email="ida@example.org")
    assert invited.account.must_change_password
    choice = _log_in(api, "Ida ", invited.one_time_password)
    assert choice.status_code == 200
    assert "Choose your password" in choice.text
    assert _account(as_, "ida").sessions == 0
    same = _choose(api, choice, invited.one_time_password)
    assert "choose your own" in same.text
    weak = _choose(api, same, "Password2026!")
    assert "first that anybody tries" in weak.text
    done = _choose(api, weak, OWN)
    assert "code" in parse_qs(urlsplit(done.headers["location"]).query)
    assert _account(as_, "ida").sessions == 1
    assert _log_in(api, "ida", invited.one_time_password).status_code == 401
    assert _log_in(api, "ida", OWN).status_code == 303


def test_a_one_time_password_never_stands_in_the_trail_or_in_any_file(api, as_):
    invited = _invited(as_, "tara", Role.AUDITOR)
    api.call("adam", "GET", "/v1/accounts")
    trail = api.call("otto", "GET", "/v1/audit/events?subject=person-tara").text
    stored = Path(str(api.opener.engine.url.database))
    assert "access_changed" in trail
    for text in (repr(invited), trail):
        assert invited.one_time_password not in text
    for file in stored.parent.rglob("*"):
        if file.is_file():
            assert invited.one_time_password.encode() not in file.read_bytes(), file


def test_other_rights_end_sessions_before_the_next_call(api, as_):
    _invited(as_, "rolf", Role.REVIEWER)
    change = AccountChange(name="Carl Colleague", roles=(Role.REVIEWER, Role.APPROVER))
    assert as_("carl").me().name == "Carl Colleague"
    as_("adam").change_account("person-carl", change)
    with pytest.raises(ApiProblem, match="401"):
        as_("carl").me()
    assert _account(as_, "carl").roles == (Role.APPROVER, Role.REVIEWER)


def test_a_wall_is_stored_and_handed_on(api, as_):
    wall = WallView(client_ids=("b", "a"), business_units=())
    invited = _invited(as_, "wanda", Role.REVIEWER, wall=wall)
    assert invited.account.wall == WallView(client_ids=("a", "b"), business_units=())
    with api.opener() as uow:
        assert uow.accounts.by_login("wanda").wall.client_ids == {"a", "b"}


@pytest.mark.parametrize("who", ["rita", "anna", "dora", "full-key"])
def test_only_administrators_give_access_and_auditors_read_who_has_it(as_, who):
    with pytest.raises(ApiProblem, match="403"):
        as_(who).accounts()
    with pytest.raises(ApiProblem, match="403"):
        as_(who).keys()
    assert as_("otto").accounts().accounts
    with pytest.raises(ApiProblem, match="403"):
        as_("otto").make_key(KeyRequest(name="mine", scopes=(Scope.READ,)))


def test_whoever_stands_behind_a_wall_gives_no_access(api, as_):
    _invited(as_, "walda", Role.ADMIN, wall=WallView(client_ids=("a",)))
    token = _session_of(api, "walda")
    with pytest.raises(ApiProblem, match="access without walls"):
        as_(token).accounts()


def _session_of(api, login):
    from service.usecases.people.log_in import open_session  # noqa: PLC0415

    with api.opener() as uow:
        account = uow.accounts.by_login(login)
        now = api.app.state.parts.clock.now()
        open_session(account, token=f"{login}-token", device="", uow=uow, now=now)
    return f"{login}-token"


def test_nobody_gives_themselves_rights(as_):
    change = AccountChange(name="Adam Admin", roles=(Role.ADMIN, Role.APPROVER))
    with pytest.raises(ApiProblem, match="their own roles") as refused:
        as_("adam").change_account("person-adam", change)
    assert refused.value.problem.remedy == "Ask another administrator."


def test_a_key_is_shown_once_works_with_its_scopes_and_ends_at_once(as_):
    made = as_("adam").make_key(KeyRequest(name="Nightly sync", scopes=(Scope.READ,)))
    assert as_(made.secret).me().scopes == (Scope.READ,)
    assert made.secret not in as_("adam").keys().model_dump_json()
    as_("adam").revoke_key(made.key.id)
    with pytest.raises(ApiProblem, match="401"):
        as_(made.secret).me()


def test_a_person_changes_their_password_and_keeps_this_session(api, as_):
    _invited(as_, "pia", Role.REVIEWER)
    here = _session_of(api, "pia")
    with pytest.raises(ApiProblem, match="does not fit") as refused:
        as_(here).change_password(current="wrong password", new=OWN)
    assert refused.value.problem.status == 403
    with pytest.raises(ApiProblem, match="will not do"):
        as_("rita").change_password(current=PASSWORD, new="rita reviewer")
    as_("rita").change_password(current=PASSWORD, new=OWN)
    assert as_("rita").me().id == "person-rita"
    assert _log_in(api, "rita", PASSWORD).status_code == 401
    as_("rita").change_password(current=OWN, new=PASSWORD)


def test_a_person_sees_their_devices_and_logs_out_everywhere(api, as_):
    _invited(as_, "dirk", Role.REVIEWER)
    token = _session_of(api, "dirk")
    sessions = as_(token).my_sessions().sessions
    assert [one.is_current for one in sessions] == [True]
    assert all(len(one.id) < 20 for one in sessions)
    as_(token).log_out_everywhere()
    with pytest.raises(ApiProblem, match="401"):
        as_(token).me()


def test_an_administrator_logs_a_person_out(api, as_):
    _invited(as_, "lena", Role.REVIEWER)
    token = _session_of(api, "lena")
    as_("adam").log_person_out("person-lena")
    with pytest.raises(ApiProblem, match="401"):
        as_(token).me()


def test_preferences_come_back_as_they_were_saved(as_):
    chosen = Preferences(
        locale="de-AT", time_zone="Europe/Vienna", keys={"approve": "B"}, are_keys_on=False,
        notify={NotificationKind.MENTIONED: ()}, has_seen_guide=True,
    )  # fmt: skip
    as_("anna").save_preferences(chosen)
    assert as_("anna").me().preferences == chosen
    assert as_("otto").me().preferences == Preferences()


@pytest.mark.parametrize(
    "body",
    [
        {"keys": {"approve": "C"}},
        {"keys": {"approve": "A", "reject": "A"}},
        {"keys": {"approve": "aa"}},
        {"time_zone": "Mars/Olympus"},
        {"locale": "x<script>"},
        {"roles": ["admin"]},
        {"notify": {"mentioned": ["pigeon"]}},
    ],
)
def test_preferences_that_cannot_be_are_refused_with_their_field(api, body):
    answer = api.call("anna", "PUT", "/v1/me/preferences", json=body)
    assert answer.status_code == 422
    assert answer.json()["problems"]


def test_a_key_has_no_account(as_):
    for ask in ("my_sessions", "log_out_everywhere"):
        with pytest.raises(ApiProblem, match="a person who is logged in"):
            getattr(as_("full-key"), ask)()
