"""The command `countersign`, run as a person runs it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

SUMMARY = {
    "assessed",
    "auto_cleared",
    "cases",
    "decisions",
    "postings_done",
    "audit_entries",
    "audit_verified",
    "champion",
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """A small demo, run once for all tests of this file."""
    home = tmp_path_factory.mktemp("demo")
    run = countersign(
        home, "demo", "--once", "--people", "30", "--months", "18", "--decisions", "12"
    )
    assert run.returncode == 0, run.stderr[-3_000:]
    return home, json.loads(run.stdout.strip().splitlines()[-1])


@pytest.mark.slow
def test_the_demo_runs_the_whole_line_and_says_what_came_of_it(
    demo: tuple[Path, dict[str, object]],
) -> None:
    _, summary = demo
    assert set(summary) >= SUMMARY
    assert summary["assessed"] > 100  # type: ignore[operator]
    assert summary["decisions"] == 12
    assert summary["audit_verified"] is True
    assert summary["postings_refused"] == 0
    assert len(str(summary["champion"])) == 16


@pytest.mark.slow
def test_verify_proves_an_untouched_trail_offline(demo: tuple[Path, dict[str, object]]) -> None:
    home, summary = demo
    run = countersign(home, "audit", "verify", "--json")
    found = json.loads(run.stdout)
    assert run.returncode == 0
    assert found["audit_verified"] is True
    assert found["entries"] >= summary["audit_entries"]  # type: ignore[operator]


@pytest.mark.slow
@pytest.mark.parametrize(
    "attack",
    [
        "update audit set body = replace(body, 'approve', 'reject') where event = 'case_decided'",
        "delete from audit_leaf where idx = (select max(idx) from audit_leaf)",
        "delete from audit_leaf where idx = 40",
    ],
    ids=["edited", "cut off", "removed"],
)
def test_verify_finds_what_a_database_administrator_did(
    demo: tuple[Path, dict[str, object]], attack: str, tmp_path: Path
) -> None:
    home, _ = demo
    copy = _copied(home, tmp_path / "home")
    with closing(sqlite3.connect(copy / "countersign.db")) as database:
        for (name,) in database.execute("select name from sqlite_master where type = 'trigger'"):
            database.execute(f"drop trigger {name}")
        database.execute(attack)
        database.commit()
    run = countersign(copy, "audit", "verify", "--json")
    assert run.returncode == 1
    assert json.loads(run.stdout)["audit_verified"] is False
    assert "do:" in run.stderr


@pytest.mark.slow
def test_a_wrong_call_says_what_to_do(tmp_path: Path) -> None:
    run = countersign(tmp_path / "home", "sync", "tryton")
    assert run.returncode == 1
    assert "COUNTERSIGN_TERMS_FILE" in run.stderr
    assert "Traceback" not in run.stderr


def countersign(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "service.cli", *arguments],
        env={**os.environ, "COUNTERSIGN_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


def _copied(home: Path, target: Path) -> Path:
    """Copy what an auditor is given: the database, the checkpoints and the public key."""
    for name in ("countersign.db", "audit/checkpoints.txt", "audit/checkpoint.latest",
                 "secrets/audit_key.pub"):  # fmt: skip
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes((home / name).read_bytes())
    return target
