"""Logging in: locks, sessions, keys, and names that cannot be guessed."""

from __future__ import annotations

import pytest

from data.schemas.vocabulary import AuditEvent, Role, Scope
from service.domain.account import ABSOLUTE_LIFE, FREE_ATTEMPTS, IDLE_LIFE, Account, ApiKey
from service.domain.errors import LogInRefusedError, NotSignedInError
from service.usecases.people.log_in import (
    authenticate,
    check_password,
    hash_of,
    log_in,
    log_out,
    note_seen,
)

RITA = Account(
    person_id="rita",
    login="rita@acme.example",
    name="Rita",
    password_hash="the hash",
    roles=frozenset({Role.REVIEWER}),
)


@pytest.fixture
def door(workplace):
    workplace.run(lambda uow: uow.accounts.save(RITA))
    return workplace


def _log_in(door, *, is_right=True, login=RITA.login, token="t-1"):
    return door.run(
        lambda uow: log_in(
            login, is_password_right=is_right, token=token, uow=uow, now=door.clock.now()
        )
    )


def _who(door, token="t-1"):
    return door.run(lambda uow: authenticate(token, uow=uow, now=door.clock.now()))


def test_the_token_is_stored_as_a_hash_only(door):
    session, account = _log_in(door)
    assert account.person_id == "rita"
    assert session.token_sha256 == hash_of("t-1") != "t-1"
    assert _who(door).roles == {Role.REVIEWER}


@pytest.mark.parametrize("login", ["  Rita@ACME.example ", "rita@acme.example"])
def test_a_log_in_name_is_compared_without_case_and_blanks(door, login):
    assert not isinstance(_log_in(door, login=login), LogInRefusedError)


def test_the_fifth_wrong_password_locks_even_the_right_one_out_and_says_for_how_long(door):
    for _ in range(FREE_ATTEMPTS):
        assert not _log_in(door, is_right=False).is_locked
    door.clock.forward(seconds=1)
    refused = _log_in(door)
    assert (refused.is_locked, refused.retry_after_seconds) == (True, 300)
    door.clock.forward(minutes=5)
    assert not isinstance(_log_in(door), LogInRefusedError)


def test_a_refusal_counts_and_an_unknown_name_sounds_the_same(door):
    wrong, unknown = _log_in(door, is_right=False), _log_in(door, login="nobody")
    assert (str(wrong), wrong.remedy) == (str(unknown), unknown.remedy)
    assert door.run(lambda uow: uow.accounts.by_person("rita")).failed_count == 1


def test_an_unknown_name_costs_a_check_of_the_password_too(door):
    asked = []

    def verify(stored, password):
        asked.append((stored, password))
        return stored is not None

    for login in (RITA.login, "nobody"):
        door.run(lambda uow, login=login: check_password(login, "pw", verify=verify, uow=uow))
    assert asked == [("the hash", "pw"), (None, "pw")]


def test_a_session_ends_when_nobody_calls_for_half_an_hour(door):
    _log_in(door)
    door.clock.forward(seconds=IDLE_LIFE.total_seconds())
    with pytest.raises(NotSignedInError):
        _who(door)


def test_a_session_in_use_lives_on_to_the_end_of_the_day_and_no_longer(door):
    _log_in(door)
    steps = int(ABSOLUTE_LIFE / IDLE_LIFE) * 2
    for _ in range(steps - 1):
        door.clock.forward(seconds=IDLE_LIFE.total_seconds() / 2)
        _who(door)
        door.run(lambda uow: note_seen(hash_of("t-1"), uow=uow, now=door.clock.now()))
    door.clock.forward(seconds=IDLE_LIFE.total_seconds() / 2)
    with pytest.raises(NotSignedInError):
        _who(door)


def test_logging_out_ends_the_session_for_every_tab_and_use_does_not_revive_it(door):
    _log_in(door)
    actor = _who(door)
    door.run(lambda uow: log_out(actor, uow=uow, now=door.clock.now()))
    door.run(lambda uow: note_seen(hash_of("t-1"), uow=uow, now=door.clock.now()))
    with pytest.raises(NotSignedInError):
        _who(door)
    events = [entry["event"] for entry in door.audited()]
    assert events == [AuditEvent.PERSON_LOGGED_IN, AuditEvent.PERSON_LOGGED_OUT]


def test_logging_out_leaves_other_sessions_alone(door):
    _log_in(door, token="t-1")
    _log_in(door, token="t-2")
    actor = _who(door, "t-1")
    door.run(lambda uow: log_out(actor, uow=uow, now=door.clock.now()))
    assert _who(door, "t-2").id == "rita"


def test_roles_are_read_at_every_call_and_not_kept_in_the_session(door):
    _log_in(door)
    changed = Account(
        person_id="rita", login=RITA.login, name="Rita", password_hash="h", roles=frozenset()
    )
    door.run(lambda uow: uow.accounts.save(changed))
    assert _who(door).roles == frozenset()


def test_a_key_has_its_scopes_until_it_is_revoked(door):
    key = ApiKey(id="key-1", name="PSA", key_sha256=hash_of("k"), scopes=frozenset({Scope.ASSESS}))
    door.run(lambda uow: uow.accounts.save_key(key))
    assert _who(door, "k").scopes == {Scope.ASSESS}
    revoked = ApiKey(
        id="key-1", name="PSA", key_sha256=hash_of("k"), scopes=key.scopes, is_revoked=True
    )
    door.run(lambda uow: uow.accounts.save_key(revoked))
    with pytest.raises(NotSignedInError):
        _who(door, "k")


@pytest.mark.parametrize("token", ["", "t-2", hash_of("t-1")])
def test_no_other_token_opens_the_door(door, token):
    _log_in(door)
    with pytest.raises(NotSignedInError):
        _who(door, token)
