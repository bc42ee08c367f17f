"""`countersign import` of a CSV file, from the command line to the last durable answer."""

from __future__ import annotations

import csv
import json
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psutil

from benchmarks import installation, predict_alone
from benchmarks.figures import Figure, Say, Section
from benchmarks.firm import firm_of
from benchmarks.scale import Scale
from data.schemas.items import Timesheet
from service.settings import environment

COLUMNS = ("Id", "Person", "Project", "Task", "Date", "Minutes", "Role", "Rate", "Comment")
MAPPING = """\
source: bench
fields:
  row_id: {column: Id}
  person_id: {column: Person}
  project_id: {column: Project}
  task_id: {column: Task}
  work_date: {column: Date}
  minutes_worked: {column: Minutes, unit: minutes}
  labor_category: {column: Role}
  hourly_rate_minor: {column: Rate, unit: minor}
  narrative: {column: Comment, default: ""}
period: week
terms:
  zone: Europe/Vienna
  currency: EUR
  country: AT
  clauses:
    - terms: {kind: rate_schedule}
      text: Hours are billed at the agreed rates.
    - terms: {kind: working_time, max_daily_minutes: 600}
      text: No person bills more than ten hours a day.
    - terms: {kind: double_billing}
      text: The same work is billed once.
"""
HOW = (
    "The time entries of the generated firm as a CSV file, imported by a mapping into an empty "
    "home with a trained champion: the whole command, start to end, in one process. Peers: the "
    "same rows into a bare SQLite table, 500 rows to a durable commit, and `Booster.predict` "
    "alone for both heads on the same items."
)
PEER_COMMIT_ROWS = 500
Row = tuple[str, ...]


def measure(scale: Scale, *, folder: Path, say: Say) -> Section:
    """Import a generated file with the command itself."""
    trained = installation.trained_home(scale, folder=folder, say=say)
    settings = installation.prepared(folder / "imported", trained=trained)
    rows = _rows(scale)
    file, mapping = folder / "hours.csv", folder / "hours.yaml"
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([COLUMNS, *rows])
    mapping.write_text(MAPPING)
    say(f"importing {len(rows)} rows")
    before = _children_seconds()
    started = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-m", "service.cli", "import", str(file), f"--mapping={mapping}",
         f"--home={settings.home}", "--json"],
        capture_output=True, text=True, env=environment(settings), check=False,
    )  # fmt: skip
    wall = time.monotonic() - started
    cpu = _children_seconds() - before
    if run.returncode != 0:
        raise RuntimeError(f"the import failed:\n{run.stderr[-2_000:]}")
    result = json.loads(run.stdout.strip().splitlines()[-1])
    if result["rows_accepted"] != len(rows) or result["assessed"] != result["items"]:
        raise RuntimeError(f"not every row was taken: {result}")
    bundle = predict_alone.champion_of(settings)
    vectors = predict_alone.served_rows(settings, at_most=2_000)
    alone = predict_alone.predict_us(bundle, vectors, batch=PEER_COMMIT_ROWS)
    bare = _bare_seconds(folder / "bare-import.db", file)
    items = result["items"]
    return Section(
        name="import",
        title="Bulk import of a file",
        how=f"{HOW} {len(rows)} rows, {items} items.",
        figures=[
            Figure(what="CPU per row", ours=cpu / len(rows) * 1e6, unit="us",
                   peer="bare SQLite, same file", peers=bare / len(rows) * 1e6,
                   ratio_reads="times the cost"),
            Figure(what="CPU per item", ours=cpu / items * 1e6, unit="us",
                   peer="Booster.predict alone, both heads", peers=alone,
                   ratio_reads="times the cost of predict alone"),
            Figure(what="rows a second, start of the process included", ours=len(rows) / wall,
                   unit="1/s"),
            Figure(what="items a second, start of the process included", ours=items / wall,
                   unit="1/s"),
        ],
    )  # fmt: skip


def _rows(scale: Scale) -> list[Row]:
    """Give time entries as an export would list them; whole timesheets, in order."""
    rows: list[Row] = []
    for one in firm_of(scale.served).submissions:
        sheet = one.item
        if len(rows) >= scale.import_rows:
            break
        if isinstance(sheet, Timesheet):
            rows += [
                (f"{sheet.external_id}-{place}", sheet.person_id, entry.project_id, entry.task_id,
                 entry.work_date.isoformat(), str(entry.minutes_worked), entry.labor_category,
                 str(entry.hourly_rate_minor), entry.narrative)
                for place, entry in enumerate(sheet.entries)
            ]  # fmt: skip
    return rows


def _children_seconds() -> float:
    used = psutil.Process().cpu_times()
    return float(used.children_user + used.children_system)


def _bare_seconds(path: Path, file: Path) -> float:
    started = time.process_time()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    connection.execute(f"create table hours ({', '.join(f'{name} text' for name in COLUMNS)})")
    marks = ", ".join("?" * len(COLUMNS))
    with file.open(newline="", encoding="utf-8") as rows:
        table = list(csv.reader(rows))[1:]
    for start in range(0, len(table), PEER_COMMIT_ROWS):
        connection.execute("begin immediate")
        some = table[start : start + PEER_COMMIT_ROWS]
        connection.executemany(f"insert into hours values ({marks})", some)
        connection.execute("commit")
    connection.close()
    return time.process_time() - started
