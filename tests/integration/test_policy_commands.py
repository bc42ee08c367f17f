"""The review policy at the shell: shown to anybody, drafted and published by people with a name."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from data.schemas.vocabulary import Role
from service import cli
from service.commands.add_person import add_person
from service.commands.opened import opened
from service.commands.shell import prepared

PASSWORD = "quarry lantern oxbow"


@pytest.fixture
def home(tmp_path):
    """A home in which two people may change the policy, and one may not."""
    settings = prepared(tmp_path / "home")
    people = {"carla": Role.APPROVER, "rosa": Role.ADMIN, "ana": Role.REVIEWER}
    for login, role in people.items():
        add_person(settings, login=login, name=login.title(), password=PASSWORD, roles=[role])
    return settings.home


@pytest.fixture
def limits(tmp_path):
    file = tmp_path / "limits.yaml"
    file.write_text("four_eyes_major: 40000\nlanes: {gold: 0.06}\n", encoding="utf-8")
    return file


def countersign(home, *arguments, typed=""):
    return CliRunner().invoke(cli.app, ["policy", *arguments, f"--home={home}"], input=typed)


def said(answer):
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout.strip().splitlines()[-1])


def draft(home, limits, *, login="carla", password=PASSWORD):
    return countersign(
        home, "draft", str(limits), f"--login={login}", "--note=Too high", "--json",
        typed=f"{password}\n",
    )  # fmt: skip


def publish(home, draft_id, *, login="rosa", password=PASSWORD):
    return countersign(
        home, "publish", draft_id, f"--login={login}", "--json", typed=f"{password}\n"
    )


def test_a_file_of_limits_becomes_a_draft_that_somebody_else_publishes(home, limits):
    made = said(draft(home, limits))
    assert made["four_eyes_major"] == "50,000 -> 40,000"
    assert made["lanes.gold"] == "4 % -> 6 %"

    assert said(publish(home, made["draft"]))["version"] == 1
    shown = said(countersign(home, "show", "--json"))
    assert (shown["version"], shown["four_eyes_major"]) == (1, "40,000")
    assert shown["lanes.audit"] == "5 %", "what the file leaves out stays"


def test_the_author_is_refused_with_a_remedy(home, limits):
    made = said(draft(home, limits))
    refused = publish(home, made["draft"], login="carla")
    assert refused.exit_code == 1
    assert "another approver or administrator" in refused.output
    assert said(countersign(home, "show", "--json"))["version"] == 0


def test_a_wrong_password_and_a_reviewer_are_refused(home, limits):
    assert "do not fit" in draft(home, limits, password="guessed").output
    assert "approver or admin" in draft(home, limits, login="ana").output


def test_a_wrong_password_at_the_shell_counts_towards_the_lock(home, limits):
    for _ in range(10):
        draft(home, limits, password="guessed")
    assert "Too many attempts" in draft(home, limits).output


def test_nobody_stays_logged_in_after_a_command(home, limits):
    draft(home, limits)
    with opened(prepared(home)) as work, work.engine.connect() as connection:
        revoked = connection.exec_driver_sql("SELECT is_revoked FROM session").scalars().all()
    assert revoked == [1]


def test_a_file_that_makes_no_policy_names_the_field(home, limits):
    limits.write_text("lanes: {audit: 0.4, double: 0.4}\nfour_eyes: 1\n", encoding="utf-8")
    refused = draft(home, limits)
    assert refused.exit_code == 1
    assert "four_eyes" in refused.output
    assert "more than half of the minutes" in refused.output
