"""`countersign person ...` and the first administrator, as a person at the machine meets them."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from data.schemas.vocabulary import Role
from service.api.passwords import Passwords
from service.cli import app
from service.clock import SystemClock
from service.commands.add_person import FIRST_ADMIN, first_admin
from service.commands.opened import opened
from service.home import prepare_home
from service.settings import Settings, environment
from service.usecases.people.log_in import open_session
from tests.builders.databases import settings_over

ONE_TIME = re.compile(r"^[a-z2-9]{4}(-[a-z2-9]{4}){3}$")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("people")


def _run(home, *arguments, **more):
    return CliRunner().invoke(app, ["person", *arguments, "--home", str(home)], **more)


def _account(home, login):
    with opened(settings_over(home)) as work, work() as uow:
        return uow.accounts.by_login(login)


def _add(home, login, *arguments, **more):
    return _run(home, "add", login, "--name", login.title(), "--role", "reviewer", *arguments,
                **more)  # fmt: skip


def test_the_first_start_makes_an_administrator_once_and_keeps_no_password(tmp_path):
    settings = settings_over(tmp_path)
    prepare_home(settings, clock=SystemClock())
    password = first_admin(settings)
    assert ONE_TIME.match(password)
    account = _account(tmp_path, FIRST_ADMIN)
    assert (account.roles, account.must_change_password) == ({Role.ADMIN}, True)
    assert Passwords().verify(account.password_hash, password)
    assert first_admin(settings) is None
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or password.encode() not in file.read_bytes()


def test_whoever_lets_others_in_is_enough_and_cannot_be_made_something_else(home):
    given = ("--name", "Rosa", "--role", "admin", "--one-time")
    assert _run(home, "add", "rosa", *given).exit_code == 0
    assert first_admin(settings_over(home)) is None
    answer = _add(home, "rosa", "--one-time")
    assert answer.exit_code == 1
    assert "last active administrator" in answer.stderr


def test_a_company_log_in_needs_no_first_administrator(tmp_path):
    settings = Settings(home=tmp_path, oidc_issuer="https://id.example.org", oidc_client_id="us")
    assert first_admin(settings) is None
    assert not list(tmp_path.iterdir())


def test_a_person_is_added_with_a_password_that_is_asked_for(home):
    typed = "correct horse battery\n"
    assert _add(home, "ana", input=typed + typed).exit_code == 0
    assert not _account(home, "ana").must_change_password
    weak = _add(home, "bo", "--password", "password2026")
    assert weak.exit_code == 1
    assert "first that anybody tries" in weak.stderr
    assert _account(home, "bo") is None


def test_a_one_time_password_is_printed_alone_for_scripts(home):
    answer = _add(home, "nina", "--one-time")
    assert ONE_TIME.match(answer.stdout.strip())
    assert "can log in as reviewer" in answer.stderr


def test_a_reset_ends_sessions_and_keeps_walls_and_roles(home):
    _add(home, "carl", "--password", "correct horse battery")
    settings, now, carl = settings_over(home), SystemClock().now(), _account(home, "carl")
    with opened(settings) as work, work() as uow:
        open_session(carl, token="t", device="", uow=uow, now=now)
    answer = _run(home, "reset-password", "carl")
    assert ONE_TIME.match(answer.stdout.strip())
    with opened(settings) as work, work() as uow:
        assert uow.accounts.sessions_of("person-carl") == []
    account = _account(home, "carl")
    assert account.must_change_password
    assert account.roles == {Role.REVIEWER}
    unknown = _run(home, "reset-password", "nobody")
    assert unknown.exit_code == 1
    assert "no person 'nobody'" in unknown.stderr


def test_everybody_is_listed(home):
    _add(home, "zoe", "--one-time")
    assert re.search(r"^zoe +Zoe +reviewer$", _run(home, "list").stdout, flags=re.MULTILINE)


def test_our_own_processes_are_told_the_companys_log_in_and_outputs_are_not(tmp_path):
    settings = Settings(
        home=tmp_path,
        oidc_issuer="https://id.example.org",
        oidc_client_secret="the secret",
        oidc_role_map={"finance": Role.REVIEWER},
        import_wait_seconds=2.5,
    )
    told = environment(settings)
    assert told["COUNTERSIGN_OIDC_CLIENT_SECRET"] == "the secret"
    assert told["COUNTERSIGN_OIDC_ROLE_MAP"] == '{"finance": "reviewer"}'
    assert told["COUNTERSIGN_IMPORT_WAIT_SECONDS"] == "2.5"
    assert "the secret" not in settings.model_dump_json()
    assert "the secret" not in repr(settings)


def test_settings_are_read_back_from_the_environment_they_were_written_to(tmp_path, monkeypatch):
    written = Settings(home=tmp_path, oidc_role_map={"a, b=c": Role.ADMIN}, retrain_every="P7D")
    for name, value in environment(written).items():
        if name.startswith("COUNTERSIGN_"):
            monkeypatch.setenv(name, value)
    assert Settings() == written
