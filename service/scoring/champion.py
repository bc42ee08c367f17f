"""A released bundle: follows its release record, and lets no bad bundle near the service."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from models.bundle import Bundle, BundleError
from models.bundle_files import load_bundle

RECORD, CHALLENGER_RECORD = "champion.json", "challenger.json"
"""The release records: which bundle decides, and which one is asked beside it without effect."""
ROLLBACK = "rollback"
"""What the release record names as gate when an earlier version was put back by hand."""
POLL_SECONDS = 1.0
CHECK_SECONDS = 60
"""A damaged model file can make LightGBM loop for ever; the child that tries it is ended then."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One bundle took the place of another, by a gate's leave or by a rollback."""

    bundle: str | None
    """None where the record is gone, and with it the bundle."""
    before: str | None
    version: int | None = None
    is_rollback: bool = False


class ReleasedBundle:
    """Holds the bundle of one release record and swaps it while the service runs.

    A candidate is read in a child process first: LightGBM aborts the whole process on a damaged
    file. What fails there is refused, and the bundle in force stays. Where the record is taken
    away, the bundle is let go.
    """

    def __init__(self, bundles: Path, *, record: str, on_change: Callable[[Change], None]) -> None:
        self._bundles, self._record = bundles, record
        self._on_change = on_change
        self._bundle: Bundle | None = None
        self._seen: tuple[int, int] | None = None
        self._refused: str | None = None
        self._release: dict[str, object] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name=record, daemon=True)

    def current(self) -> Bundle | None:
        """Give the bundle in force; without one a champion leaves rules alone."""
        return self._bundle

    @property
    def refused(self) -> str | None:
        """Why the newest release was not taken, if so."""
        return self._refused

    @property
    def version(self) -> int | None:
        """The version of the bundle in force in the registry."""
        version = self._release.get("version")
        return version if isinstance(version, int) else None

    @property
    def gate(self) -> str | None:
        """By whose leave it was released."""
        gate = self._release.get("gate")
        return gate if isinstance(gate, str) else None

    def start(self) -> None:
        """Take the release in force now, then follow."""
        self.look()
        self._thread.start()

    def stop(self) -> None:
        """Stop following."""
        self._stop.set()
        self._thread.join()

    def look(self) -> None:
        """Take a new release if there is one."""
        record = self._bundles / self._record
        try:
            stat = record.stat()
        except FileNotFoundError:
            self._let_go()
            return
        seen = (stat.st_mtime_ns, stat.st_size)
        if seen == self._seen:
            return
        self._seen = seen
        try:
            self._take(json.loads(record.read_text()))
        except (BundleError, ValueError, KeyError, TypeError, AttributeError, OSError) as error:
            self._refused = f"{type(error).__name__}: {error}"
            _log.error("The bundle of %s was refused: %s", self._record, self._refused)

    def _take(self, release: dict[str, object]) -> None:
        bundle_id = str(release["bundle"])
        if self._bundle is None or self._bundle.id != bundle_id:
            folder = self._bundles / bundle_id
            if folder.name != bundle_id or not folder.is_dir():
                raise ValueError(f"there is no bundle {bundle_id!r} in {self._bundles.name}/")
            _check_in_child(folder, bundle_id)
            self._swap(load_bundle(folder, expected_id=bundle_id), release)
        self._release, self._refused = release, None

    def _swap(self, bundle: Bundle | None, release: dict[str, object]) -> None:
        before = self._bundle.id if self._bundle else None
        self._bundle, self._release = bundle, release
        self._on_change(
            Change(
                bundle=bundle.id if bundle else None,
                before=before,
                version=self.version,
                is_rollback=self.gate == ROLLBACK,
            )
        )

    def _let_go(self) -> None:
        self._seen = self._refused = None
        if self._bundle is not None:
            self._swap(None, {})

    def _follow(self) -> None:
        while not self._stop.wait(POLL_SECONDS):
            self.look()


def _check_in_child(folder: Path, bundle_id: str) -> None:
    try:
        checked = subprocess.run(  # noqa: S603 - our own module, arguments as a list
            [sys.executable, "-m", "models.check_bundle", str(folder), bundle_id],
            capture_output=True,
            text=True,
            timeout=CHECK_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ValueError(f"reading bundle {bundle_id} took over {CHECK_SECONDS} s") from error
    if checked.returncode != 0:
        said = (checked.stdout or checked.stderr).strip()[-300:]
        raise ValueError(f"bundle {bundle_id} failed its check ({checked.returncode}): {said}")
