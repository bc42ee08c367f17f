"""Passwords, sessions and rights: who changes what, and what ends with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.schemas.vocabulary import AuditEvent, Role, Scope
from service.domain.account import FREE_ATTEMPTS, Account, ApiKey
from service.domain.errors import (
    LastAdminError,
    LogInRefusedError,
    LoginTakenError,
    NotFoundError,
    NotSignedInError,
    OwnRightsError,
    WrongPasswordError,
)
from service.domain.wall import Wall
from service.usecases.people.change_access import change_access
from service.usecases.people.change_password import change_password, choose_password
from service.usecases.people.end_sessions import end_sessions
from service.usecases.people.invite_person import invite_person
from service.usecases.people.log_in import OwnPasswordNeeded, authenticate, hash_of, log_in
from service.usecases.people.make_key import make_key, revoke_key
from service.usecases.people.reset_password import reset_password
from service.usecases.people.save_preferences import preferences_of
from service.wire.preferences import Preferences


def _account(login="rita", *roles, **more):
    given = {"name": login.title(), "password_hash": f"hash of {login}"} | more
    return Account(
        person_id=f"person-{login}", login=login, roles=frozenset(roles or {Role.REVIEWER}), **given
    )


@pytest.fixture
def door(workplace):
    for one in (_account(), _account("adam", Role.ADMIN)):
        workplace.run(lambda uow, one=one: uow.accounts.save(one))
    return workplace


def _log_in(door, login="rita", token="t-1", **more):
    given = {"is_password_right": True} | more
    return door.run(lambda uow: log_in(login, token=token, uow=uow, now=door.clock.now(), **given))


def _who(door, token="t-1"):
    return door.run(lambda uow: authenticate(token, uow=uow, now=door.clock.now()))


def _do(door, work, *args, **more):
    return door.run(lambda uow: work(*args, uow=uow, now=door.clock.now(), **more))


def _stored(door, login="rita"):
    return door.run(lambda uow: uow.accounts.by_login(login))


def _last(door, event):
    return [one for one in door.audited() if one["event"] == event][-1]


def test_a_one_time_password_opens_no_session_until_an_own_one_is_chosen(door):
    _do(door, reset_password, "person-rita", password_hash="once", actor_id="person-adam")
    needed = _log_in(door)
    assert isinstance(needed, OwnPasswordNeeded)
    assert "once" not in repr(needed)
    with pytest.raises(NotSignedInError):
        _who(door)
    _do(door, choose_password, needed, password_hash="own")
    assert not isinstance(_log_in(door), LogInRefusedError)
    assert _who(door).id == "person-rita"
    assert _last(door, AuditEvent.PASSWORD_CHANGED)["actor"] == "person-rita"


def test_a_newer_one_time_password_ends_the_offer_of_the_older_one(door):
    _do(door, reset_password, "person-rita", password_hash="first", actor_id="person-adam")
    needed = _log_in(door)
    _do(door, reset_password, "person-rita", password_hash="second", actor_id="person-adam")
    assert isinstance(_do(door, choose_password, needed, password_hash="own"), LogInRefusedError)
    assert _stored(door).password_hash == "second"


def test_a_reset_opens_a_locked_log_in_and_ends_what_was_open(door):
    _log_in(door)
    for _ in range(FREE_ATTEMPTS):
        _log_in(door, is_password_right=False)
    _do(door, reset_password, "person-rita", password_hash="once", actor_id="person-adam")
    assert not _stored(door).is_locked(now=door.clock.now())
    with pytest.raises(NotSignedInError):
        _who(door)


def test_nobody_resets_their_own_password_without_proving_the_old_one(door):
    with pytest.raises(OwnRightsError):
        _do(door, reset_password, "person-adam", password_hash="x", actor_id="person-adam")


def test_a_changed_password_ends_every_other_session_and_keeps_this_one(door):
    for token in ("t-1", "t-2", "t-3"):
        _log_in(door, token=token)
    actor = _who(door, "t-2")
    assert _do(door, change_password, actor, is_current_right=True, password_hash="new") is None
    assert _who(door, "t-2").id == "person-rita"
    for ended in ("t-1", "t-3"):
        with pytest.raises(NotSignedInError):
            _who(door, ended)
    assert _last(door, AuditEvent.SESSIONS_ENDED)["facts"] == {"sessions": 2}


def test_wrong_current_passwords_lock_the_log_in_as_they_do_in_the_form(door):
    _log_in(door)
    actor = _who(door)
    refusals = [
        _do(door, change_password, actor, is_current_right=False, password_hash="new")
        for _ in range(FREE_ATTEMPTS)
    ]
    assert all(isinstance(one, WrongPasswordError) for one in refusals)
    refused = _do(door, change_password, actor, is_current_right=True, password_hash="new")
    assert refused.is_locked
    assert _stored(door).password_hash == "hash of rita"


def test_a_shut_account_sounds_like_a_name_nobody_has(door):
    door.run(lambda uow: uow.accounts.save(replace(_account(), is_active=False)))
    shut, unknown = _log_in(door), _log_in(door, "nobody")
    assert (str(shut), shut.remedy) == (str(unknown), unknown.remedy)


@pytest.mark.parametrize(
    "change",
    [
        {"roles": frozenset({Role.APPROVER})},
        {"wall": Wall(client_ids=frozenset({"acme"}))},
        {"is_active": False},
        {"is_trainee": True},
    ],
)
def test_other_rights_log_the_person_out_at_once_and_stand_in_the_trail(door, change):
    _log_in(door)
    _do(door, change_access, replace(_account(), **change), actor_id="person-adam")
    with pytest.raises(NotSignedInError):
        _who(door)
    noted = _last(door, AuditEvent.ACCESS_CHANGED)
    assert (noted["actor"], noted["subject"]) == ("person-adam", "person-rita")
    assert noted["facts"]["before"] == _account().rights()
    assert noted["facts"]["after"] == replace(_account(), **change).rights()


def test_another_name_or_address_leaves_the_person_at_work(door):
    _log_in(door)
    renamed = replace(_account(), name="Rita Neu", email="rita@example.org")
    _do(door, change_access, renamed, actor_id="person-adam")
    assert _who(door).name == "Rita Neu"


@pytest.mark.parametrize(
    "change",
    [
        {"roles": frozenset({Role.ADMIN, Role.APPROVER})},
        {"wall": Wall(business_units=frozenset())},
        {"is_trainee": True},
        {"external_id": "https://id.example.org somebody"},
    ],
)
def test_nobody_changes_their_own_rights(door, change):
    with pytest.raises(OwnRightsError):
        _do(
            door,
            change_access,
            replace(_account("adam", Role.ADMIN), **change),
            actor_id="person-adam",
        )


@pytest.mark.parametrize("change", [{"roles": frozenset()}, {"is_active": False}])
def test_the_last_administrator_stays_one(door, change):
    door.run(lambda uow: uow.accounts.save(_account("ada", Role.ADMIN, is_active=False)))
    gone = replace(_account("adam", Role.ADMIN), **change)
    with pytest.raises(LastAdminError):
        _do(door, change_access, gone, actor_id="command-line")
    door.run(lambda uow: uow.accounts.save(_account("ada", Role.ADMIN)))
    _do(door, change_access, gone, actor_id="person-ada")
    assert _stored(door, "adam") == gone


def test_a_log_in_name_and_a_company_log_in_belong_to_one_person(door):
    with pytest.raises(LoginTakenError):
        _do(door, invite_person, _account(), actor_id="person-adam")
    first = _account("ida", external_id="issuer 7")
    _do(door, invite_person, first, actor_id="person-adam")
    with pytest.raises(LoginTakenError):
        _do(door, invite_person, _account("otto", external_id="issuer 7"), actor_id="person-adam")
    with pytest.raises(LoginTakenError):
        _do(
            door, change_access, replace(_account(), external_id="issuer 7"),
            actor_id="person-adam",
        )  # fmt: skip


def test_what_ran_out_by_itself_is_not_ended_once_more(door):
    _log_in(door)
    door.clock.forward(minutes=31)
    assert _do(door, end_sessions, "person-rita", actor_id="person-adam") == 0
    with pytest.raises(NotFoundError):
        _do(door, end_sessions, "person-nobody", actor_id="person-adam")


def test_a_revoked_key_opens_nothing_and_stays_in_the_list(door):
    key = ApiKey(id="key-1", name="Sync", key_sha256=hash_of("k"), scopes=frozenset({Scope.READ}))
    _do(door, make_key, key, actor_id="person-adam")
    assert _who(door, "k").scopes == {Scope.READ}
    _do(door, revoke_key, "key-1", actor_id="person-adam")
    _do(door, revoke_key, "key-1", actor_id="person-adam")
    with pytest.raises(NotSignedInError):
        _who(door, "k")
    assert [one.is_revoked for one in door.run(lambda uow: uow.accounts.every_key())] == [True]
    with pytest.raises(NotFoundError):
        _do(door, revoke_key, "key-2", actor_id="person-adam")


def test_each_log_in_has_its_own_token_and_names_its_device_on_one_line(door):
    _log_in(door, token="t-1", device="Firefox\nX-Person: anna")
    _log_in(door, token="t-2", device="x" * 5_000)
    sessions = door.run(lambda uow: uow.accounts.sessions_of("person-rita"))
    assert {one.token_sha256 for one in sessions} == {hash_of("t-1"), hash_of("t-2")}
    assert {one.device for one in sessions} == {"FirefoxX-Person: anna", "x" * 200}


def test_preferences_of_another_version_keep_nobody_outside(door):
    door.run(lambda uow: uow.accounts.save(replace(_account(), preferences='{"colour": "red"}')))
    assert preferences_of(_stored(door)) == Preferences()
