"""Whoever keeps an installation can examine, back up, restore and migrate it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from service.cli import app
from service.clock import SystemClock
from service.commands.upkeep.backup import BackupRefusedError, back_up
from service.commands.upkeep.backup_folder import DamagedBackupError
from service.commands.upkeep.doctor import examine
from service.commands.upkeep.findings import State
from service.commands.upkeep.restore import RestoreFailedError, RestoreRefusedError, restore
from service.home import prepare_home
from service.store.database import open_for_writing
from service.store.migrate import NewerSchemaError
from tests.builders.api import running_api, tell
from tests.builders.contracts import reference
from tests.builders.databases import (
    DATABASES,
    POSTGRES,
    settings_over,
    without_triggers,
)
from tests.builders.items import timesheet
from tests.fakes.scorer import CLEAR


def silent(_name: str, _done: int, _total: int) -> None:
    """Nobody looks at a bar."""


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory):
    """A home with a decided case, a cleared item, attachments and a signed trail."""
    home = tmp_path_factory.mktemp("lived") / "home"
    with running_api(home, reference=reference()) as api:
        scorer = tell(api)
        api.decide(api.claimed(timesheet(external_id="asked")))
        scorer.says("test:cleared", **CLEAR)
        api.assess(timesheet(external_id="cleared"))
        api.assess_raw([{"kind": "nothing"}])
    kept = home / "attachments" / "ab" / "abcd"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"a receipt")
    return settings_over(home)


@pytest.fixture
def copy_of(lived_in, tmp_path):
    """A backup of it with keys, put back into a home of its own."""
    back_up(lived_in, tmp_path / "backup", with_keys=True, progress=silent)
    return emptied(tmp_path / "copy", from_=tmp_path / "backup")


def emptied(home: Path, *, from_: Path):
    settings = settings_over(home, **empty_database(home))
    restore(settings, from_, progress=silent)
    return settings


def empty_database(home: Path) -> dict[str, object]:
    """A database without a table, where the home does not bring one of its own."""
    return {"database_url": DATABASES.make_empty(home)} if DATABASES.kind == POSTGRES else {}


def red(settings) -> dict[str, str]:
    return {one.what: one.said for one in examine(settings) if one.state is State.RED}


@pytest.mark.parametrize("name", ["backup", "backup.tar.gz"])
def test_a_backup_put_back_is_the_installation_as_it_was(lived_in, tmp_path, name):
    made = back_up(lived_in, tmp_path / name, with_keys=True, progress=silent)
    settings = settings_over(tmp_path / "home", **empty_database(tmp_path / "home"))
    found = restore(settings, tmp_path / name, progress=silent)
    assert found.rows == made.rows > 0
    assert found.entries > 0
    assert found.has_keys
    assert (settings.attachments_folder / "ab" / "abcd").read_bytes() == b"a receipt"
    assert red(settings) == {}
    # It goes on: what is written next gets the next numbers.
    with running_api(settings.home, reference=reference(), **own_database(settings)) as api:
        tell(api)
        assert api.assess(timesheet(external_id="next")).json()["results"][0]["case_id"]


def own_database(settings) -> dict[str, object]:
    return {"database_url": settings.database_url} if settings.database_url else {}


def test_a_backup_holds_no_secret_unless_it_is_asked_to(lived_in, tmp_path):
    back_up(lived_in, tmp_path / "backup", with_keys=False, progress=silent)
    kept = [one.name for one in (tmp_path / "backup" / "home" / "secrets").iterdir()]
    assert kept == ["audit_key.pub"]
    settings = settings_over(tmp_path / "home", **empty_database(tmp_path / "home"))
    assert not restore(settings, tmp_path / "backup", progress=silent).has_keys


@pytest.mark.parametrize("harm", ["changed", "removed", "added"])
def test_a_backup_that_was_touched_is_not_put_back(lived_in, tmp_path, harm):
    folder = tmp_path / "backup"
    back_up(lived_in, folder, with_keys=True, progress=silent)
    victim = folder / "home" / "attachments" / "ab" / "abcd"
    if harm == "changed":
        victim.write_bytes(b"a receipt!")
    elif harm == "removed":
        victim.unlink()
    else:
        victim.with_name("more").write_bytes(b"x")
    home = tmp_path / "home"
    with pytest.raises(DamagedBackupError, match=r"abcd|more"):
        restore(settings_over(home), folder, progress=silent)
    assert not home.exists()


def test_nothing_is_put_over_an_installation(lived_in, tmp_path):
    back_up(lived_in, tmp_path / "backup", with_keys=False, progress=silent)
    with pytest.raises(RestoreRefusedError, match=r"holds .* already"):
        restore(lived_in, tmp_path / "backup", progress=silent)
    with pytest.raises(BackupRefusedError, match="exists already"):
        back_up(lived_in, tmp_path / "backup", with_keys=False, progress=silent)


def test_a_backup_of_what_was_forged_is_not_called_restored(copy_of, tmp_path):
    forge(copy_of, "UPDATE audit SET body = replace(body, 'person-rita', 'person-carl')")
    back_up(copy_of, tmp_path / "forged", with_keys=True, progress=silent)
    with pytest.raises(RestoreFailedError, match="audit trail"):
        emptied(tmp_path / "again", from_=tmp_path / "forged")


def test_the_doctor_finds_a_well_installation_well(copy_of):
    assert red(copy_of) == {}


def test_the_doctor_finds_a_vanished_bill(copy_of):
    forge(copy_of, "DELETE FROM posting WHERE item_id = 'test:cleared'")
    assert "difference +1" in " ".join(
        one.said for one in examine(copy_of) if one.what == "control totals"
    )


def test_the_doctor_finds_a_forged_trail_and_an_open_key(copy_of):
    forge(copy_of, "UPDATE audit SET body = replace(body, 'person-rita', 'person-carl')")
    (copy_of.secrets_folder / "audit_key.pem").chmod(0o644)
    found = red(copy_of)
    assert "audit trail" in found
    assert "audit_key.pem" in found["folders"]


def test_the_doctor_looks_at_nothing_that_is_not_there_and_makes_nothing(tmp_path):
    run = CliRunner().invoke(app, ["doctor", "--home", str(tmp_path / "none"), "--json"], env={})
    assert run.exit_code == 1
    assert json.loads(run.stdout)["is_well"] is False
    assert not (tmp_path / "none").exists()


def test_migrate_says_what_is_missing_applies_it_and_then_nothing(tmp_path):
    home = tmp_path / "home"
    settings = settings_over(home, **empty_database(home))
    env = {"COUNTERSIGN_DATABASE_URL": settings.database_url} if settings.database_url else {}

    def migrate(*more):
        run = CliRunner().invoke(app, ["migrate", "--home", str(home), "--json", *more], env=env)
        return run.exit_code, json.loads(run.stdout.splitlines()[-1])

    code, missing = migrate("--check")
    assert code == 1
    assert missing["missing"][0] == "0001"
    assert migrate() == (0, {"applied": missing["missing"]})
    assert migrate("--check") == (0, {"missing": []})


def test_a_database_of_a_newer_version_is_left_alone(copy_of):
    engine = open_for_writing(copy_of.database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(NewerSchemaError, match="9999"):
        prepare_home(copy_of, clock=SystemClock())
    assert "9999" in red(copy_of)["database"]


def forge(settings, statement: str) -> None:
    """Change rows as an administrator of the database could."""
    engine = open_for_writing(settings.database)
    with engine.begin() as connection:
        for table in ("audit", "posting"):
            for one in without_triggers(table, connection):
                connection.execute(text(one))
        connection.execute(text(statement))
    engine.dispose()
