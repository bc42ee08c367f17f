"""Accounts that lock, sessions that end, and what each caller may do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.vocabulary import Role, Scope
from service.domain.account import ABSOLUTE_LIFE, FREE_ATTEMPTS, IDLE_LIFE, LOCK, Account, Session
from service.domain.actor import SCOPES_OF_ROLE, Actor
from service.domain.errors import NotAllowedError
from tests.fakes.clock import MONDAY_MORNING as NOW

MOMENT = timedelta(microseconds=1)


def _account(**overrides):
    given = {
        "person_id": "rita",
        "login": "rita",
        "name": "Rita",
        "password_hash": "hash",
        "roles": frozenset({Role.REVIEWER}),
    }
    return Account(**(given | overrides))


def _session(**overrides):
    given = {"token_sha256": "t", "person_id": "rita", "opened_at": NOW, "last_seen_at": NOW}
    return Session(**(given | overrides))


def _failed(account, times, *, now=NOW):
    for _ in range(times):
        account = account.failed(now=now)
    return account


def test_four_wrong_passwords_are_free_and_the_fifth_locks_for_five_minutes():
    assert not _failed(_account(), FREE_ATTEMPTS - 1).is_locked(now=NOW)
    locked = _failed(_account(), FREE_ATTEMPTS)
    assert locked.is_locked(now=NOW + LOCK - MOMENT)
    assert not locked.is_locked(now=NOW + LOCK)


def test_after_a_lock_ten_wrong_passwords_lock_again():
    again = _failed(_account(failed_count=FREE_ATTEMPTS), FREE_ATTEMPTS, now=NOW + LOCK)
    assert again.is_locked(now=NOW + LOCK)


def test_a_right_password_forgets_the_wrong_ones():
    fresh = _failed(_account(), FREE_ATTEMPTS - 1).succeeded()
    assert not fresh.failed(now=NOW).is_locked(now=NOW)


@pytest.mark.parametrize(
    ("session", "later", "is_live"),
    [
        (_session(), IDLE_LIFE - MOMENT, True),
        (_session(), IDLE_LIFE, False),  # nobody called for half an hour
        (_session(last_seen_at=NOW + ABSOLUTE_LIFE - MOMENT), ABSOLUTE_LIFE - MOMENT, True),
        (_session(last_seen_at=NOW + ABSOLUTE_LIFE - MOMENT), ABSOLUTE_LIFE, False),  # a day's work
        (_session(is_revoked=True), timedelta(), False),
    ],
)
def test_a_session_ends_idle_after_a_day_or_when_revoked(session, later, is_live):
    assert session.is_live(now=NOW + later) is is_live


def test_every_role_has_its_scopes_and_only_who_keeps_the_connections_may_feed():
    assert set(SCOPES_OF_ROLE) == set(Role)
    feeding = {role for role, scopes in SCOPES_OF_ROLE.items() if Scope.ASSESS in scopes}
    assert feeding == {Role.INTEGRATION_OWNER, Role.ADMIN}


def test_an_actor_has_the_scopes_of_all_roles_and_of_the_key_and_nothing_else():
    person = Actor(id="p", name="P", roles=frozenset({Role.REVIEWER, Role.AUDITOR}))
    assert person.scopes == {Scope.READ, Scope.AUDIT}
    key = Actor(id="k", name="K", key_scopes=frozenset({Scope.ASSESS}))
    assert key.scopes == {Scope.ASSESS}
    assert not key.is_person


def test_a_missing_scope_or_role_is_named():
    nobody = Actor(id="n", name="N")
    with pytest.raises(NotAllowedError, match="the scope 'audit'"):
        nobody.require(Scope.AUDIT)
    with pytest.raises(NotAllowedError, match="the role reviewer or approver"):
        nobody.require_role(Role.REVIEWER, Role.APPROVER)
