"""A worker that dies at any numbered point of the posting path neither loses nor doubles a bill."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from service.clock import SystemIds
from service.ports.faults import Point
from tests.builders.databases import POSTGRES, Databases, sqlite_database
from tests.faults.killing import NOT_REACHED
from tests.faults.scene import TRYTON, Books, compare, submit

pytestmark = pytest.mark.enable_socket
Kill = tuple[str | None, int, str | None]
"""At which pass of which point a worker dies, and which defect it has."""
UNDISTURBED: Kill = (None, 1, None)
AT_EACH_POINT: list[Kill] = [(one.value, 1, None) for one in Point]
PLANTED: dict[Kill, str] = {
    (Point.DRAFT_WRITTEN.value, 1, "no key"): "doubled",
    (Point.TRY_COMMITTED.value, 1, "marked before posted"): "lost",
    (Point.DRAFT_WRITTEN.value, 1, "key not kept"): "doubled",
}
"""Defects, and the harm that has to be seen."""


def _played(rounds: list[dict[str, Any]]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.killing"],
        input=json.dumps(rounds), capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    # How often bills wait together for their ledger is a matter of chance.
    failed = [
        one for one in told
        if one["code"] != 0 and (one["code"] != NOT_REACHED or one["round"]["occurrence"] == 1)
    ]  # fmt: skip
    assert not failed, f"{failed}\n{done.stderr[-4000:]}"
    assert len(told) == len(rounds)
    return [one["round"] for one in told]


def _books(
    kills: Iterable[Kill], *, database: Callable[[Path], str], folder: Path
) -> dict[Kill, Books]:
    """Play a round for each kill, and give the books after it."""
    rounds = []
    for number, (point, occurrence, defect) in enumerate(kills):
        place = folder / f"round-{number}"
        place.mkdir(parents=True)
        rounds.append({
            "url": database(place), "folder": str(place), "point": point,
            "occurrence": occurrence, "defect": defect,
        })  # fmt: skip
    return {
        (one["point"], one["occurrence"], one["defect"]): compare(one["url"], Path(one["folder"]))
        for one in _played(rounds)
    }


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory):
    """Gives a database with the submitted bills, once per folder."""
    origin = tmp_path_factory.mktemp("submitted")
    submit(sqlite_database(origin))

    def copied(folder: Path) -> str:
        for one in origin.iterdir():
            shutil.copy(one, folder)
        return f"sqlite:///{folder / 'countersign.db'}"

    return copied


@pytest.fixture(scope="module")
def on_postgres(tmp_path_factory):
    """The same on PostgreSQL."""
    databases = Databases()
    databases.kind = POSTGRES
    submit(databases.make(tmp_path_factory.mktemp("submitted")))

    def copied(folder: Path) -> str:
        return databases.server.create(
            f"kill_{folder.parent.name}_{folder.name}".replace("-", "_"), template="test_1"
        )

    yield copied
    databases.stop()


@pytest.fixture(scope="module")
def played(on_sqlite, tmp_path_factory):
    """One worker for each point, those with planted defects, and one that nobody kills."""
    folder = tmp_path_factory.mktemp("played")
    return folder, _books(
        [UNDISTURBED, *AT_EACH_POINT, *PLANTED], database=on_sqlite, folder=folder
    )


def _passed(folder: Path) -> list[Kill]:
    """Every point that the undisturbed first round in a folder passed, numbered."""
    trace = (folder / "round-0" / "passed.jsonl").read_text()
    return [(point, number, None) for point, number in map(json.loads, trace.splitlines())]


def _assert_none_lost_or_doubled(found: dict[Kill, Books]) -> None:
    assert {kill: books for kill, books in found.items() if not books.are_right} == {}


def test_every_point_is_on_the_way_of_some_bill(played):
    folder, found = played
    assert found[UNDISTURBED].are_right
    assert {point for point, _, _ in _passed(folder)} == {one.value for one in Point}


def test_a_kill_at_any_point_loses_and_doubles_nothing(played):
    _, found = played
    _assert_none_lost_or_doubled({kill: found[kill] for kill in AT_EACH_POINT})


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted[2])
def test_the_harness_finds_a_planted_defect(played, planted):
    _, found = played
    harmed = set(getattr(found[planted], PLANTED[planted]))
    # The ledger itself fails the others; a defect may harm those without any kill.
    assert harmed & {"plain", "last", "decided"}


@pytest.mark.long
@pytest.mark.parametrize("kind", ["on_sqlite", "on_postgres"])
def test_a_kill_at_every_single_pass_of_a_point_loses_and_doubles_nothing(kind, tmp_path, request):
    database = request.getfixturevalue(kind)
    (books,) = _books([UNDISTURBED], database=database, folder=tmp_path / "dry").values()
    assert books.are_right
    _assert_none_lost_or_doubled(
        _books(_passed(tmp_path / "dry"), database=database, folder=tmp_path / "kills")
    )


@pytest.mark.live
@pytest.mark.long
def test_the_same_in_a_live_tryton(tryton_server, tmp_path):
    named = {
        "base_url": tryton_server.base_url,
        "database": tryton_server.database,
        "api_key": tryton_server.api_key,
    }

    def submitted(folder: Path) -> str:
        (folder / TRYTON).write_text(json.dumps(named))
        url = sqlite_database(folder)
        submit(url, ids=SystemIds())
        return url

    _assert_none_lost_or_doubled(_books(AT_EACH_POINT, database=submitted, folder=tmp_path))
