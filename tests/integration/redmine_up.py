"""Brings up a Redmine for the live tests, on Debian as root: unpacked, seeded once, own database.

`python -m tests.integration.redmine_up` starts one by hand, until its input ends or an interrupt.

Debian's package is unpacked and not installed: since a security update of its Ruby, the step after
its installation looks for gems under names that Debian does not ship, and fails. Its gem packages
install as they should, and with them Redmine starts.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from service.supervisor import free_port
from tests.integration.peer import built_once, ended_after, prepared_by_one

HERE = Path(__file__).parent
PEER = HERE.parents[1] / ".peers" / "redmine"
APP = PEER / "app"
SEED = HERE / "redmine_seed.rb"
DATABASE = "redmine.sqlite3"
GEMS = (
    "ruby", "puma", "ruby-webrick", "ruby-bundler", "ruby-sqlite3",
    "ruby-actionpack-action-caching", "ruby-actionpack-xml-parser", "ruby-addressable",
    "ruby-coderay", "ruby-commonmarker",
    "ruby-html-pipeline", "ruby-i18n", "ruby-jquery-rails", "ruby-mail", "ruby-marcel",
    "ruby-mini-magick", "ruby-mini-mime", "ruby-mocha", "ruby-net-ldap", "ruby-nokogiri",
    "ruby-rack", "ruby-rack-test", "ruby-rails", "ruby-rails-dom-testing", "ruby-rails-observers",
    "ruby-rbpdf", "ruby-redcarpet", "ruby-request-store", "ruby-rmagick", "ruby-roadie",
    "ruby-roadie-rails", "ruby-rotp", "ruby-rouge", "ruby-rqrcode", "ruby-sanitize",
    "ruby-task-list", "ruby-zip", "libjs-chart.js", "libjs-jquery", "libjs-jquery-ui",
    "libjs-raphael",
)  # fmt: skip
INSTALL_SECONDS, BUILD_SECONDS, START_SECONDS = 300, 240, 90


class RedmineNotInstallableError(Exception):
    """The packages of the server cannot be had here; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedmineServer:
    """A running server with its seeded projects."""

    base_url: str
    api_key: str
    activity_id: int
    users: Mapping[str, int]
    """Users by their whole name."""
    issues: Mapping[str, int]
    """Issues by their subject."""
    versions: Mapping[str, int]
    """Versions by their name."""


@contextmanager
def running_redmine() -> Iterator[RedmineServer]:
    """Start a server on a fresh copy of the seeded database; stop it and drop the copy after."""
    template = prepared_template()
    with tempfile.TemporaryDirectory(prefix="run-", dir=PEER) as folder:
        run = Path(folder)
        shutil.copy(template / DATABASE, run)
        seed = json.loads((template / "seed.json").read_text())
        port = free_port()
        with serving(run, port=port, api_key=seed["api_key"]):
            yield RedmineServer(base_url=f"http://127.0.0.1:{port}", **seed)


def prepared_template() -> Path:
    """Install and build what is not there yet; test processes side by side wait for the first."""
    with prepared_by_one(PEER):
        if not APP.exists():
            refuse_other_machines()
            install_gems()
            unpack()
        return built_once(PEER, SEED.read_bytes(), build)


def refuse_other_machines() -> None:
    """Only a Debian where we are root can install packages."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise RedmineNotInstallableError("its packages are Debian's, and only root installs those")


def install_gems() -> None:
    """Have the gems it needs, as packages."""
    if subprocess.run(["dpkg", "-s", *GEMS], capture_output=True, check=False).returncode == 0:
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    install([*apt, "update"], environment=environment, folder=PEER)
    install(
        [*apt, "install", "-y", "--no-install-recommends", *GEMS],
        environment=environment,
        folder=PEER,
    )


def unpack() -> None:
    """Put the files of the package beside our own instance of it."""
    with tempfile.TemporaryDirectory(dir=PEER) as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)
        install(["apt-get", "-q", "download", "redmine"], environment=os.environ, folder=folder)
        (package,) = folder.glob("redmine_*.deb")
        install(
            ["dpkg-deb", "-x", str(package), "files"], environment=os.environ, folder=folder
        )  # fmt: skip
        app = folder / "files" / "usr" / "share" / "redmine"
        for stale in ("Gemfile.lock", "config/database.yml"):
            (app / stale).unlink(missing_ok=True)
        lay_out_instance(app)
        gemfile = (app / "Gemfile").read_text().replace("/usr/share/redmine/", f"{APP}/")
        (app / "Gemfile").write_text(gemfile)
        (app / "Gemfile.local").write_text("gem 'puma'\n")  # the package names no web server
        app.rename(APP)


def lay_out_instance(app: Path) -> None:
    """Make the folders and the settings of one instance; the database comes by the environment."""
    instances = app / "instances"
    if instances.is_symlink():
        instances.unlink()
    shutil.rmtree(instances, ignore_errors=True)
    for folder in ("config", "log", "tmp/pids", "tmp/cache", "files", "public/plugin_assets"):
        (instances / "default" / folder).mkdir(parents=True)
    for folder in ("log", "tmp"):
        (app / folder).mkdir(exist_ok=True)
    (instances / "default" / "config" / "secret_key.txt").write_text(secrets.token_hex(32))
    settings = "production:\n  adapter: sqlite3\n  database: unused.sqlite3\n  timeout: 10000\n"
    for place in (instances / "default" / "config", app / "config"):
        (place / "database.yml").write_text(settings)


def build(folder: Path) -> None:
    """Lay out the tables, then load Redmine's default data and seed the projects."""
    key = secrets.token_hex(20)
    environment = {
        **environment_of(folder),
        "SEED_API_KEY": key,
        "SEED_FILE": str(folder / "seed.json"),
    }
    bundle(["check"], environment=environment)
    bundle(["exec", "rake", "db:migrate"], environment=environment)
    bundle(["exec", "rails", "runner", str(SEED)], environment=environment)


def environment_of(folder: Path) -> dict[str, str]:
    """Tell Redmine where its database is, and that it must not write a schema file."""
    return {
        **os.environ,
        "RAILS_ENV": "production",
        "REDMINE_LANG": "en",
        "REDMINE_INSTANCE": "default",
        "SCHEMA": "/dev/null",
        "DATABASE_URL": f"sqlite3:{folder / DATABASE}?timeout=10000",
    }


def bundle(arguments: list[str], *, environment: Mapping[str, str]) -> None:
    """Run one step of the build."""
    done = subprocess.run(
        ["bundle", *arguments],
        cwd=APP,
        env=environment,
        capture_output=True,
        text=True,
        timeout=BUILD_SECONDS,
        check=False,
    )
    if done.returncode:
        told = (done.stderr + done.stdout)[-2000:]
        raise RuntimeError(f"bundle {' '.join(arguments)} failed while building Redmine: {told}")


def install(command: list[str], *, environment: Mapping[str, str], folder: Path) -> None:
    """Run one step of the installation."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=INSTALL_SECONDS,
        check=False,
    )
    if done.returncode:
        raise RedmineNotInstallableError(f"{command[0]}: {done.stderr.strip()[-400:]}")


@contextmanager
def serving(folder: Path, *, port: int, api_key: str) -> Iterator[None]:
    """Run the server process on `port` of the loopback address while the block runs."""
    command = [
        "bundle", "exec", "puma", "-e", "production", "-b", f"tcp://127.0.0.1:{port}", "-t", "1:5",
        "config.ru",
    ]  # fmt: skip
    with (folder / "puma.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=APP, env=environment_of(folder), stdout=log, stderr=log
        )
        with ended_after(process):
            wait_until_ready(process, port=port, api_key=api_key, log=folder / "puma.log")
            yield


def wait_until_ready(
    process: subprocess.Popen[bytes], *, port: int, api_key: str, log: Path
) -> None:
    """Ask who we are until it answers."""
    question = urllib.request.Request(
        f"http://127.0.0.1:{port}/users/current.json", headers={"X-Redmine-API-Key": api_key}
    )
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"Redmine ended while starting: {log.read_text()[-2000:]}")
        with suppress(OSError), urllib.request.urlopen(question, timeout=5):
            return
        time.sleep(0.2)
    raise RuntimeError(f"Redmine did not answer in {START_SECONDS} s: {log.read_text()[-2000:]}")


if __name__ == "__main__":
    with running_redmine() as running:
        sys.stdout.write(f"{running.base_url} key {running.api_key}\n")
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):
            sys.stdin.read()
