"""Brings up a Tryton server for the live tests: own environment, own database copy, free port.

`python -m tests.integration.tryton_up` starts one by hand, until its input ends or an interrupt.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from service.supervisor import free_port
from tests.integration.peer import built_once, ended_after, prepared_by_one

HERE = Path(__file__).parent
PEER = HERE.parents[1] / ".peers" / "tryton"
ENVIRONMENT = PEER / "venv"
REQUIREMENTS = HERE / "tryton_requirements.txt"
SEED = HERE / "tryton_seed.py"
DATABASE = "countersign"
MODULES = (
    "account_invoice", "account_product", "project_invoice", "project_plan", "sale_opportunity",
    "timesheet",
)  # fmt: skip
INSTALL_SECONDS, BUILD_SECONDS, START_SECONDS = 200, 200, 60


class TrytonNotInstallableError(Exception):
    """The packages of the server cannot be had here, with the installer's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrytonServer:
    """A running server with its seeded company."""

    base_url: str
    database: str
    api_key: str
    company_id: int
    config: Path
    """The configuration of the running server, for what only its own tools can do."""


@contextmanager
def running_tryton() -> Iterator[TrytonServer]:
    """Start a server on a fresh copy of the seeded database; stop it and drop the copy after."""
    template = prepared_template()
    with tempfile.TemporaryDirectory(prefix="run-", dir=PEER) as folder:
        run = Path(folder)
        shutil.copy(template / f"{DATABASE}.sqlite", run)
        seed = json.loads((template / "seed.json").read_text())
        port = free_port()
        with serving(run, port=port):
            yield TrytonServer(
                base_url=f"http://127.0.0.1:{port}",
                database=DATABASE,
                config=run / "trytond.conf",
                **seed,
            )


def prepared_template() -> Path:
    """Install and build what is not there yet; test processes side by side wait for the first."""
    with prepared_by_one(PEER):
        install()
        made_of = SEED.read_bytes() + REQUIREMENTS.read_bytes() + " ".join(MODULES).encode()
        return built_once(PEER, made_of, build)


def install() -> None:
    """Make the server's environment, once for each version of its requirements."""
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    marker = ENVIRONMENT / "countersign-requirements.sha256"
    if marker.exists() and marker.read_text() == wanted:
        return
    if not (ENVIRONMENT / "bin" / "python").exists():
        venv.create(ENVIRONMENT, with_pip=True)
    pip = [ENVIRONMENT / "bin" / "python", "-m", "pip", "install", "--quiet", "-r", REQUIREMENTS]
    done = subprocess.run(pip, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
    if done.returncode:
        raise TrytonNotInstallableError(done.stderr.strip()[-400:])
    marker.write_text(wanted)


def build(folder: Path) -> None:
    """Lay out the tables, activate the modules and seed the company."""
    config = write_config(folder, port=0)
    (folder / f"{DATABASE}.sqlite").touch()
    (folder / "password").write_text(secrets.token_urlsafe(24))
    admin = [ENVIRONMENT / "bin" / "trytond-admin", "-c", config, "-d", DATABASE]
    call([*admin, "--all", "--login", "admin", "--email", "admin@example.com"], folder=folder)
    call([*admin, "--activate-dependencies", "-u", *MODULES], folder=folder)
    printed = call([ENVIRONMENT / "bin" / "python", SEED, config, DATABASE], folder=folder)
    (folder / "seed.json").write_text(printed.splitlines()[-1])


def call(command: list[str | Path], *, folder: Path) -> str:
    """Run one step of the build and give what it printed."""
    environment = {**os.environ, "TRYTONPASSFILE": str(folder / "password")}
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env=environment,
        timeout=BUILD_SECONDS,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed while seeding Tryton: {done.stderr[-2000:]}")
    return done.stdout


def write_config(folder: Path, *, port: int) -> Path:
    """Write the server's configuration: SQLite in `folder`, the loopback address only."""
    path = folder / "trytond.conf"
    path.write_text(
        f"[database]\nuri = sqlite://\npath = {folder}\n"
        f"[web]\nlisten = 127.0.0.1:{port}\n"
        "[session]\nauthentications = password\n"
    )
    return path


@contextmanager
def serving(folder: Path, *, port: int) -> Iterator[None]:
    """Run the server process on `port` while the block runs."""
    config = write_config(folder, port=port)
    command = [ENVIRONMENT / "bin" / "trytond", "-c", config, "-d", DATABASE]
    with (folder / "trytond.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        with ended_after(process):
            wait_until_ready(process, port=port, log=folder / "trytond.log")
            yield


def wait_until_ready(process: subprocess.Popen[bytes], *, port: int, log: Path) -> None:
    """Ask for the server's version until it answers."""
    question = urllib.request.Request(
        f"http://127.0.0.1:{port}/rpc/",
        data=b'{"id": 1, "method": "common.server.version", "params": []}',
        headers={"Content-Type": "application/json"},
    )
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with direct.open(question, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"Tryton did not come up: {log.read_text()[-2000:]}")


if __name__ == "__main__":
    started = time.monotonic()
    with running_tryton() as server:
        sys.stdout.write(f"{server}, up after {time.monotonic() - started:.1f} s\n")
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):
            sys.stdin.read()
