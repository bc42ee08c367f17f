"""The review app as its own process beside the API in memory, both on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from fastapi import FastAPI

from review_app.launch import APP, secrets_toml, streamlit_arguments
from service.supervisor import free_port
from tests.fakes.api import CLIENT_ID, CLIENT_SECRET, build_app, served
from tests.fakes.case_desk import FakeApi

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90.0
"""Far more than it takes: the machine may have much else to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewStack:
    """Where the review app and its API listen."""

    app_url: str
    api_url: str
    api_port: int
    api: FastAPI


@contextmanager
def review_stack(fake: FakeApi, *, folder: Path) -> Iterator[ReviewStack]:
    """Start both, wait until they answer, stop both."""
    api_port, app_port = free_port(), free_port()
    stack = ReviewStack(
        app_url=f"http://127.0.0.1:{app_port}",
        api_url=f"http://127.0.0.1:{api_port}",
        api_port=api_port,
        api=FastAPI(),
    )
    redirect_uri = f"{stack.app_url}/oauth2callback"
    api = build_app(fake, base_url=stack.api_url, redirect_uris=frozenset({redirect_uri}))
    stack = ReviewStack(app_url=stack.app_url, api_url=stack.api_url, api_port=api_port, api=api)
    secrets_file = folder / "secrets.toml"
    secrets_file.write_text(
        secrets_toml(
            redirect_uri=redirect_uri,
            cookie_secret="a-secret-for-tests-of-at-least-32-bytes",
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            server_metadata_url=f"{stack.api_url}/oidc/.well-known/openid-configuration",
        ),
        encoding="utf-8",
    )
    with (
        served(api, port=api_port),
        running_review_app(api_url=stack.api_url, port=app_port, secrets_file=secrets_file),
    ):
        yield stack


@contextmanager
def running_review_app(
    *, api_url: str, port: int, secrets_file: Path, script: Path = APP
) -> Iterator[None]:
    """Run the review app, or what `script` makes of it, as a process of its own."""
    run, _, *options = streamlit_arguments(port=port, secrets_file=secrets_file)
    arguments = [run, str(script), *options]
    environment = os.environ | {
        "COUNTERSIGN_API_URL": api_url,
        "PYTHONPATH": str(ROOT),
        "NO_PROXY": "127.0.0.1",
    }
    log = secrets_file.with_name("review_app.log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", *arguments],
            cwd=secrets_file.parent,
            env=environment,
            stdout=output,
            stderr=output,
        )
    try:
        _wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health", process, log)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=5)


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx2.get(url, timeout=1.0).is_success:
                return
        except httpx2.RequestError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"the review app did not start:\n{log.read_text(encoding='utf-8')}")
