"""The commands an integration owner types, on a system that answers and on one that misbehaves."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from service.cli import app
from service.connectors.rest_auth import SecretFiles
from tests.connectors.declared import written
from tests.fakes.rest_system import TOKEN, rest_system


@pytest.fixture
def system():
    with rest_system() as running:
        for number in (1, 2):
            running.book(f"H-{number}", day=f"2026-03-0{number}", spent="7.5",
                         modified=f"2026-03-0{number}T17:00:00Z")  # fmt: skip
        yield running


def run(*arguments, home):
    return CliRunner().invoke(app, [*map(str, arguments), "--home", str(home)])


def checked(system, tmp_path, *, change=None):
    file = written(tmp_path, address=system.address, change=change)
    SecretFiles(tmp_path / "secrets").keep("worklog_token", TOKEN)
    done = run("connection", "check", file, "--live", home=tmp_path)
    lines = done.stdout.splitlines()
    return done.exit_code, [line for line in lines if line.startswith("BAD")], lines


def test_a_live_check_reads_and_maps_a_page_and_writes_nothing(system, tmp_path):
    code, bad, lines = checked(system, tmp_path)
    assert (code, bad) == (0, [])
    assert "2 rows on the first page: 2 mapped" in lines[1]
    assert {one.split()[0] for one in system.asked} == {"GET"}


@pytest.mark.parametrize(
    ("change", "fault", "told"),
    [
        ({"column: spent": "column: spend"}, "", "did you mean 'spent'?"),
        ({"column: spent, unit: hours": "column: note, unit: hours"}, "", "is no number"),
        ({}, "blind_filter", "so the filter is ignored"),
        ({"rows: found": "rows: lost"}, "", "ledger.find.rows: lost"),
    ],
)
def test_a_live_check_finds_what_would_go_wrong_later(system, tmp_path, change, fault, told):
    system.faults.add(fault)
    code, bad, _ = checked(system, tmp_path, change=change)
    assert code == 1
    assert told in bad[0]


def test_a_secret_is_asked_for_and_kept_for_the_service_alone(tmp_path):
    done = CliRunner().invoke(
        app, ["connection", "secret", "psa_token", "--home", str(tmp_path)], input="s3cret\n"
    )
    assert done.exit_code == 0
    assert "s3cret" not in done.stdout
    files = SecretFiles(tmp_path / "secrets")
    assert files.read("psa_token") == "s3cret"
    assert files.path("psa_token").stat().st_mode & 0o077 == 0


def test_sync_takes_a_file_or_a_name_and_accounts_for_every_row(system, tmp_path):
    file = written(tmp_path, address=system.address)
    first = run("sync", file, "--json", home=tmp_path)
    assert first.exit_code == 1
    assert "countersign connection secret worklog_token" in first.stderr

    SecretFiles(tmp_path / "secrets").keep("worklog_token", TOKEN)
    (tmp_path / "connections").mkdir(exist_ok=True)
    file.rename(tmp_path / "connections" / "worklog.yaml")
    done = run("sync", "worklog", "--json", home=tmp_path)
    counts = json.loads(done.stdout.splitlines()[-1])
    assert counts["rows_mapped"] == counts["rows_accepted"] == 2
    assert counts["handed_on"] == counts["assessed"] == counts["cases"] > 0

    unknown = run("sync", "workload", home=tmp_path)
    assert unknown.exit_code == 1
    assert "it knows worklog" in unknown.stderr
